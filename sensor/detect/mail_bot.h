/* A device that hands mail to many servers outside, as only mail servers and mail bots do. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_mail_bot;
