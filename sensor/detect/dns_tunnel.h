/* DNS tunnel: data carried out in the names that are asked for, or in by the answers. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_dns_tunnel;
