/* Passwords that are tried one after the other, found, and services that let the internet try. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_logins;
