/* A device does to many others what was just done to it. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_worm;
