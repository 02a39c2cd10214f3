/* SubjectPublicKeyInfo (RFC 5280 4.1.2.7; RFC 3279 RSA, RFC 5480 curves, RFC 8410 Ed25519). */
#pragma once

#include "dissectors/x509.h"

struct x509_public_key {
	enum x509_key algorithm;
	uint16_t bits;   /* 0 when not known */
	struct span oid; /* of the algorithm: content octets */
	bool is_damaged;
};

/* `info` is the value of the SEQUENCE. Of a key that is broken its algorithm is still told. */
struct x509_public_key x509_public_key(struct cursor info);
