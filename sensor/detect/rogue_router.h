/* A device of the office that makes itself everybody's way out, or name server, by IPv6. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_rogue_router;
