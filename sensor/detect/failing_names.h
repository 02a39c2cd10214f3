/* Failing names: domains that a program invents, names of other roots, servers that are gone. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_failing_names;
