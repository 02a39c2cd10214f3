/* A password that leaves the office for all to read. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_clear_password;
