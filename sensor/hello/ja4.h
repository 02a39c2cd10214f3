/*
 * JA4 (FoxIO, 2023, BSD licence): what a TLS client offers, sorted, so that shuffling changes
 * nothing. None of the other JA4+ fingerprints, whose licence is not free.
 */
#pragma once

#include "sensor/hello/fingerprint.h"

enum { JA4_SIZE = 37 };

enum ja4_transport {
	JA4_TCP = 't',
	JA4_QUIC = 'q',
	JA4_DTLS = 'd',
};

struct ja4 {
	char text[JA4_SIZE];
	struct span raw; /* JA4_r: the lists instead of their digests; borrowed from the scratch */
};

void ja4_of(const struct tls_client_hello *hello, enum ja4_transport transport,
	    struct fingerprint_scratch *scratch, struct ja4 *out);
