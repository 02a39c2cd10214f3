/* How much leaves the office, of whom, and where to: uploads that are new, large or patient. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_volume;
