/* A program that asks the internet for its own public address. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_address_lookup;
