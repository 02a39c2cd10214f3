/* Requests that carry an attack, and what a server does that fell for one. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_web_attack;
