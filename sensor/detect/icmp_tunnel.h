/* ICMP tunnel: pings that carry data, or whose answers are not what was asked. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_icmp_tunnel;
