/* Bytes as base64 (RFC 4648, section 4), for what of them stands in JSON. Any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Of the text, without its NUL. */
size_t base64_len(size_t len);

/* The caller's to free; NULL: no memory. */
char *base64_text(const uint8_t *bytes, size_t len);
