/* Scans: one device that tries many addresses or many ports, and mostly fails. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_scan;
