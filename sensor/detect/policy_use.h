/*
 * What an office may want or not: programs for remote support, private tunnels and proxies outside,
 * name lookups that nobody can see. Weak, for the report or for other evidence to stand on.
 */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_policy_use;
