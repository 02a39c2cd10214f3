/* A machine asks a domain controller for what only controllers tell each other, or copies the
 * secrets of another machine. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_directory_theft;
