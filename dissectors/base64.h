/* Base64 (RFC 4648 4), as logins carry it. */
#pragma once

#include "dissectors/cursor.h"

/*
 * Writes at most `max` bytes of what `text` holds to `out`, and how many into `len`. False for a
 * byte that is not of the alphabet, or bytes behind the padding; a padding left out is no matter.
 * What does not fit is left out: it is true then, and `len` is `max`.
 */
bool base64_decode(struct span text, uint8_t *out, size_t max, size_t *len);
