/* One machine of the office starts programs on another by Windows' own means, or rules it. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_remote_execution;
