/* UTCTime and GeneralizedTime (X.680 46 and 47, RFC 5280 4.1.2.5). */
#pragma once

#include "dissectors/cursor.h"

/*
 * Seconds since 1970 of the time in `value`, the value of an element with `tag`. Beside RFC 5280's
 * forms: seconds left out, fractions (dropped), an offset from UTC. False for anything else, among
 * it days that no month has; then `out` is not set.
 */
bool x509_time(uint8_t tag, struct cursor value, int64_t *out);
