/* Timing beacon: a device that reports to the same place at regular times. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_beacon;
