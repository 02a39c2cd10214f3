/* A device as the store keeps it for readers: key, name, address, and all of it as JSON. */
#pragma once

#include "sensor/inventory/devices.h"
#include "sensor/store/store.h"

/* False when the store has no room now. A device that is gone (NULL) needs none. */
bool device_row_put(struct store *store, const struct device *device);
