/* Who gives out addresses, and who is the gateway: somebody else suddenly is. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_lan_integrity;
