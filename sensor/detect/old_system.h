/* A device whose system its maker does not mend any more. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_old_system;
