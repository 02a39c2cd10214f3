/* Listed later: a device was in contact with what a list has named since. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_contact_before;
