/*
 * Names with letters beyond ASCII become what devices ask for (IDNA2008, RFC 5891; mapped as
 * UTS 46 has it). The only file that knows libidn2.
 */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>

/*
 * Writes `text`, a name or a URL in UTF-8, with its host in ASCII. ERR_SYNTAX: no such name;
 * ERR_RANGE: longer than `size`.
 */
MUST_USE enum err feed_to_ascii(const char *text, char *out, size_t size);
