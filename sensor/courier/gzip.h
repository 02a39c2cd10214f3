/* Bytes as gzip (RFC 1952), for what leaves the office over a thin line. Any thread. */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>

/* `*out` is the caller's to free. The same bytes give the same ones. ERR_MEMORY. */
MUST_USE enum err gzip_pack(const void *bytes, size_t len, void **out, size_t *out_len);
