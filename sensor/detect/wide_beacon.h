#pragma once

#include "sensor/detect/detector.h"

/* Calls to one place at times drawn at random, under changing names, or by several devices. */
extern const struct detector detector_wide_beacon;
