/*
 * What the fingerprints of TLS and SSH share: room for their texts, and their digests as text.
 * Nothing is allocated. Any thread, with a scratch of its own.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/tls_client_hello.h"

enum {
	FINGERPRINT_MD5_SIZE = 33,
	FINGERPRINT_SHA256_CUT = 12, /* digits of SHA-256 that JA4 keeps */

	/* Of one list; a hello of TLS_HELLO_MAX has room for 8,000, and nobody sends 400. */
	FINGERPRINT_VALUES_MAX = 4096,
	FINGERPRINTS_KEPT = 64,     /* a power of two */
	FINGERPRINT_KEPT_MAX = 242, /* forty-eight values; hardly any list is longer */

	/* Two lists of five digits and a comma, the extensions, the point formats, and the rest. */
	FINGERPRINT_TEXT_SIZE =
		2 * FINGERPRINT_VALUES_MAX * 6 + TLS_EXTENSIONS_MAX * 6 + 256 * 4 + 64,
};

/* A list of JA4 and its digest: programs are few, and to digest costs fifty times as much. */
struct fingerprint_kept {
	uint16_t len; /* 0 while it holds nothing */
	char digest[FINGERPRINT_SHA256_CUT];
	uint8_t text[FINGERPRINT_KEPT_MAX];
};

/* The caller's; all zero before its first use. */
struct fingerprint_scratch {
	struct fingerprint_kept kept[FINGERPRINTS_KEPT];
	char text[FINGERPRINT_TEXT_SIZE];
	uint16_t values[FINGERPRINT_VALUES_MAX];
};

/* Hexadecimal digits, lower case, with a NUL, of the parts with `separator` between them. */
void fingerprint_md5(const struct span *parts, size_t count, char separator,
		     char out[static FINGERPRINT_MD5_SIZE]);

/* The first FINGERPRINT_SHA256_CUT digits, without a NUL. */
void fingerprint_sha256(struct span text, char out[static FINGERPRINT_SHA256_CUT]);
/* The same, remembered. */
void fingerprint_sha256_kept(struct fingerprint_scratch *scratch, struct span text,
			     char out[static FINGERPRINT_SHA256_CUT]);
