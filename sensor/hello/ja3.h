/*
 * JA3 (Salesforce, 2017): what a TLS client offers, in its order. Programs that shuffle their
 * extensions have a new one each time; lists of known ones still exist.
 */
#pragma once

#include "sensor/hello/fingerprint.h"

struct ja3 {
	char md5[FINGERPRINT_MD5_SIZE];
	struct span text; /* "771,4865-4866,0-23,29-23,0"; borrowed from the scratch */
};

/* GREASE is left out, point formats as they are. */
void ja3_of(const struct tls_client_hello *hello, struct fingerprint_scratch *scratch,
	    struct ja3 *out);
