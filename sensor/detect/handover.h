/* Mail and files that a program hands to a server outside by itself, as stealing programs do. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_handover;
