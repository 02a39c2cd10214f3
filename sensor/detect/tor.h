/* The Tor network: encrypted connections to servers of invented names that were never looked up. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_tor;
