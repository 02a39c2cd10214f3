/*
 * Reverse shell: a device that carries out what the other side types. By a command interpreter's
 * words, or by who opens the turns and who answers with more.
 */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_reverse_shell;
