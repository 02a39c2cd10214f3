/* Encrypted connections to servers that were set up by hand, and quickly. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_odd_tls;
