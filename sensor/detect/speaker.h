/* Which device of the office said what a FACT_MESSAGE tells. Pure. */
#pragma once

#include "sensor/detect/detector.h"

/* Its number; 0 when a stranger said it, or when it is not known who. */
uint32_t speaker_of(const struct observation *seen);
