/* Contact with a server whose name looks drawn at random. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_machine_names;
