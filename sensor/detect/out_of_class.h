/* A printer, camera or the like that does what its kind does not. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_out_of_class;
