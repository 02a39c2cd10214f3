/* What a parcel of evidence says: a capsule of cases.db, as base64. */
#pragma once

#include "sensor/store/store_rows.h"

/*
 * "hinomi.capsule/1"; the caller's to free(). NULL without memory, or with `*is_too_large` where a
 * parcel cannot hold it.
 */
char *capsule_body(const struct store_capsule *row, size_t *len, bool *is_too_large);
