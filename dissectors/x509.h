/* X.509 certificate (RFC 5280; keys RFC 3279, 5480 and 8410). */
/*
 * What a certificate says of itself. Nothing is verified here: no signature, no chain, no name.
 * Skipped: the signature itself, unique identifiers, every extension but subjectAltName and
 * basicConstraints, every attribute of a name but the three below.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { X509_NAMES_MAX = 16 };

enum x509_key {
	X509_KEY_OTHER,
	X509_KEY_RSA, /* RSASSA-PSS too */
	X509_KEY_EC,
	X509_KEY_ED25519,
};

enum x509_string {
	X509_NO_STRING = 0,
	X509_UTF8_STRING = 0x0c,
	X509_PRINTABLE_STRING = 0x13,
	X509_T61_STRING = 0x14, /* in practice Latin-1 */
	X509_IA5_STRING = 0x16,
	X509_UNIVERSAL_STRING = 0x1c, /* four bytes a character */
	X509_BMP_STRING = 0x1e,       /* two */
};

/* Text as it stands, unchecked, in the encoding that `tag` names: enum x509_string or another. */
struct x509_text {
	uint8_t tag;
	struct span bytes;
};

/* Of an attribute that stands there several times the last one, which is the most specific. */
struct x509_name {
	struct span der; /* with tag and length, for comparing */
	struct x509_text common_name;
	struct x509_text organisation;
	struct x509_text country;
};

struct x509_alternative {
	bool is_address; /* iPAddress: 4 or 16 bytes, no other; else dNSName: unchecked text */
	struct span bytes;
};

struct x509 {
	uint8_t version; /* 1 to 3 */
	enum x509_key key;
	uint16_t key_bits;         /* of the modulus or of the curve; 0 when not known */
	struct span serial;        /* the INTEGER's bytes; may be negative, or long */
	struct span signature_oid; /* content octets of the OBJECT IDENTIFIER */
	struct span key_oid;       /* likewise */
	struct x509_name issuer;
	struct x509_name subject;
	int64_t not_before; /* seconds since 1970 without leap seconds */
	int64_t not_after;  /* likewise */
	struct x509_alternative names[X509_NAMES_MAX];
	uint8_t names_kept;  /* how many of them are set; more are left out */
	uint32_t name_count; /* of all dNSNames and iPAddresses */
	bool has_validity;   /* both times could be read */
	bool is_ca;
	bool is_self_issued; /* issuer and subject are the same bytes; usually self-signed */
	bool is_damaged;     /* a time, an attribute, the key or an extension could not be read */
};

/*
 * `der` is one certificate; bytes behind it are ignored. DISSECT_OTHER: not a SEQUENCE with two
 * SEQUENCEs in it. DISSECT_TRUNCATED: ends before its own length. DISSECT_MALFORMED: no serial,
 * issuer, validity, subject or key where each must stand; their contents may be anything. `out` is
 * set only on DISSECT_OK; its spans borrow from the bytes under `der`.
 */
MUST_USE enum dissect dissect_x509(struct cursor der, struct x509 *out);
