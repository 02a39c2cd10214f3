/* The same request to many servers: a program that looks for its own among decoys. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_http_fan;
