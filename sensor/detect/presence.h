/* Devices that are new in the office, and devices that were away. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_presence;
