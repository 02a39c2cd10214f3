/* --config and --set, which every command takes alike. */
#pragma once

#include "sensor/config/config.h"

#include <stdbool.h>

/* Reads a file of options; false after one line on standard error. */
bool settings_read(struct config *config, const char *path);

/* Sets one option from "name=value"; likewise. */
bool settings_set(struct config *config, const char *assignment);
