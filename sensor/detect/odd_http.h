/* Web requests to the outside that no browser and no honest program makes. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_odd_http;
