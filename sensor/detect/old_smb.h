/* A machine of the office that shares files by SMB 1. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_old_smb;
