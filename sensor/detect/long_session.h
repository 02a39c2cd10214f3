/* Long session: a device that stays connected to one outside place for hours of a day. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_long_session;
