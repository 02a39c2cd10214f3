/* Collects the tickets of many accounts, to guess their passwords at leisure. See detector.h. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_ticket_theft;
