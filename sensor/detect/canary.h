/*
 * The canary: a harmless lookup that hinomi-courier makes now and then, "TOKEN.hinomi-canary.HOST".
 * When it comes back through mirror, lanes, judge and store, all of that works. It is no signal:
 * nobody is called for it.
 */
#pragma once

#include "sensor/fact/fact.h"

#include <stdbool.h>

#define CANARY_LABEL "hinomi-canary"

enum { CANARY_TOKEN_LEN = 13 }; /* 12 hexadecimal digits and the NUL */

/* The token of a name that is a canary's; false for any other. */
bool canary_token(const char *name, char token[static CANARY_TOKEN_LEN]);

/* Whether a DNS question in `payload`, as it is on the wire, may be a canary's. */
bool canary_may_be(struct span payload);
