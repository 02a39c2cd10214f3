/* Names behind which ever other machines of many networks stand. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_fast_flux;
