/* Texts that the desk reads at its start: keys, certificates, its token. Plain; any thread. */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { DESK_TEXT_MAX = 1 << 20 };

/*
 * The whole file as a text, the caller's to free. ERR_MISSING: it is not there; ERR_RANGE: larger
 * than DESK_TEXT_MAX or no text; ERR_IO: errno says more; ERR_MEMORY.
 */
MUST_USE enum err desk_folder_read(const char *path, char **out);
/* Without white space at its end. */
void desk_folder_trim(char *text);
