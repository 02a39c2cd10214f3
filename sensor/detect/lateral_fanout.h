/* A device reaches the doors of administrators on many others. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_lateral_fanout;
