/*
 * Raw channel: a connection to a stranger's server in a protocol that nobody knows, and everyday
 * protocols on another's port.
 */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_raw_channel;
