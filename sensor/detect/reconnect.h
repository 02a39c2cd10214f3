/*
 * Reconnect: a device that tries the same outside server again and again at a machine's pace, and
 * is never given anything: a program whose master is away.
 */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_reconnect;
