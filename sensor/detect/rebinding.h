/* A name that comes down to an address outside, and soon after to one inside. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_rebinding;
