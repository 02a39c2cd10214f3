/* Which file says what the office calls its devices, read for every command that needs it. */
#pragma once

#include "sensor/config/config.h"
#include "sensor/inventory/device_labels.h"

#include <stdbool.h>

enum { LABEL_PATH_LEN = CONFIG_PATH_LEN + 16 };

/* devices.labels, else the one that `hinomi devices label` writes in the state folder. */
void label_file_path(const struct config *config, char out[static LABEL_PATH_LEN]);

/*
 * The caller's, NULL where there is no such file. False after a line on standard error when it
 * cannot be read; lines that are left out are told there, too.
 */
MUST_USE bool label_file_read(const char *path, struct device_labels **out);
