#pragma once

#include "sensor/detect/detector.h"

/* Mining whose words cannot be read: an encrypted line in the rhythm of jobs and shares. */
extern const struct detector detector_hidden_mining;
