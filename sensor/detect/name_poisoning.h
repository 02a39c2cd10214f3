/* A device answers for names that are not its own. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_name_poisoning;
