/* Bytes as hexadecimal digits in lower case, and back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * len digits and a NUL. */
void hex_text(const uint8_t *bytes, size_t len, char *out);

/* True when `text` is exactly 2 * len digits, in lower case. */
bool hex_bytes(const char *text, uint8_t *out, size_t len);
