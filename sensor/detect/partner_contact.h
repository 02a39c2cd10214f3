/* Dealings with the office's trading partners, which a case about the same place then names. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_partner_contact;
