/* Listed destination: a device that looks up or contacts what an indicator list names. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_listed;
