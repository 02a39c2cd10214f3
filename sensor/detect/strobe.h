#pragma once

#include "sensor/detect/detector.h"

/* Very many short connections to one server, each like the other. */
extern const struct detector detector_strobe;
