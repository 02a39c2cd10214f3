/* Which messages describe the device that sent them, and how. */
#pragma once

#include "sensor/inventory/devices.h"

/* Keeps what `fact`, a FACT_MESSAGE, says of its sender's make; false when that is nothing. */
bool described_learn(struct devices *devices, const struct fact *fact);
