/* Programs fetched over plain HTTP from a place where nobody keeps programs. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_download;
