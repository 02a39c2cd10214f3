/* Which messages describe or name the device that sent them, and how. */
#pragma once

#include "sensor/inventory/devices.h"

/*
 * Keeps what `fact`, a FACT_MESSAGE, says of its sender's make, or of its name in a login; false
 * when that is nothing.
 */
bool described_learn(struct devices *devices, const struct fact *fact);
