/* Questions to a name server outside that neither the office nor the world uses. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_foreign_resolver;
