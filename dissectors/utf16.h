/* UTF-16, little-endian (RFC 2781), as Windows writes names, to UTF-8 (RFC 3629). */
#pragma once

#include "dissectors/cursor.h"

/*
 * Writes `text` to `out` up to its first U+0000 or as far as it fits, never a part of a character,
 * and a NUL behind it. A surrogate without its other half becomes U+FFFD; an odd last byte is left
 * out. `size` is at least 1. Returns the length without the NUL.
 */
size_t utf16_to_utf8(struct span text, char *out, size_t size);
