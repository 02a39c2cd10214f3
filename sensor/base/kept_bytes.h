/*
 * Kept values in fewer bytes: most of a struct is zero, and every byte wears the card it is written
 * to. Pure.
 *
 * The form: as often as needed one byte with how many bytes follow as they are, these, and a 16-bit
 * number (low byte first) of zeros behind them.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `len` bytes come to at most. */
#define KEPT_PACKED_MOST(len) ((len) + ((len) / 255 + 1) * 3)

/* How many bytes of `out`, which has room for KEPT_PACKED_MOST(len), were written. */
size_t kept_pack(const uint8_t *value, size_t len, uint8_t *out);

/* False when `packed` is not exactly `len` bytes in that form; `out` is then of no use. */
bool kept_unpack(struct span packed, uint8_t *out, size_t len);
