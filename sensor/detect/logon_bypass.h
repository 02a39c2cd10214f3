/* Somebody guesses a controller's machine login again and again, or by a challenge of zeroes. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_logon_bypass;
