/* Computing power spent for somebody's coins: the protocol of mining pools. */
#pragma once

#include "sensor/detect/detector.h"

extern const struct detector detector_mining;
