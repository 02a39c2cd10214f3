#include "dissectors/x509.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

/* openssl req -x509 -newkey ec, with names, addresses and an e-mail address for alternatives. */
static const uint8_t real_ec[] = {
	0x30, 0x82, 0x02, 0x29, 0x30, 0x82, 0x01, 0xce, 0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x14,
	0x33, 0xde, 0xfa, 0x10, 0x86, 0x75, 0xbf, 0x29, 0x9e, 0x8e, 0xb6, 0x8f, 0x81, 0x51, 0xe1,
	0xee, 0x3a, 0xf0, 0x3d, 0x3a, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04,
	0x03, 0x02, 0x30, 0x3e, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02,
	0x4a, 0x50, 0x31, 0x13, 0x30, 0x11, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0a, 0x45, 0x78,
	0x61, 0x6d, 0x70, 0x6c, 0x65, 0x20, 0x4b, 0x4b, 0x31, 0x1a, 0x30, 0x18, 0x06, 0x03, 0x55,
	0x04, 0x03, 0x0c, 0x11, 0x77, 0x77, 0x77, 0x2e, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65,
	0x2e, 0x63, 0x6f, 0x2e, 0x6a, 0x70, 0x30, 0x1e, 0x17, 0x0d, 0x32, 0x36, 0x31, 0x31, 0x32,
	0x32, 0x30, 0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x17, 0x0d, 0x32, 0x37, 0x31, 0x32, 0x32,
	0x34, 0x30, 0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x30, 0x3e, 0x31, 0x0b, 0x30, 0x09, 0x06,
	0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 0x4a, 0x50, 0x31, 0x13, 0x30, 0x11, 0x06, 0x03, 0x55,
	0x04, 0x0a, 0x0c, 0x0a, 0x45, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x20, 0x4b, 0x4b, 0x31,
	0x1a, 0x30, 0x18, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x11, 0x77, 0x77, 0x77, 0x2e, 0x65,
	0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x63, 0x6f, 0x2e, 0x6a, 0x70, 0x30, 0x59, 0x30,
	0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x92, 0x08, 0x8f, 0x7c, 0x8e, 0xee,
	0x69, 0x6c, 0x17, 0xd7, 0x27, 0xde, 0xca, 0xfd, 0x5b, 0x4c, 0xeb, 0x56, 0xc9, 0x86, 0xed,
	0x4b, 0xa5, 0x6b, 0xa3, 0xe7, 0x79, 0x52, 0x6a, 0x53, 0x1d, 0xaa, 0xb0, 0xef, 0x89, 0x79,
	0x33, 0xbb, 0x1b, 0x5c, 0x78, 0x7f, 0x8d, 0xb9, 0xf6, 0xb3, 0x11, 0x7f, 0x90, 0xee, 0xb3,
	0xfd, 0x7e, 0x15, 0xfb, 0x48, 0xe9, 0x89, 0x28, 0x5b, 0xf9, 0xc4, 0x81, 0x5d, 0xa3, 0x81,
	0xa9, 0x30, 0x81, 0xa6, 0x30, 0x1d, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04, 0x16, 0x04, 0x14,
	0x86, 0xec, 0xe2, 0xb4, 0xdd, 0x8d, 0x72, 0x29, 0x4a, 0x86, 0xa8, 0x64, 0x5a, 0xfd, 0x1d,
	0x56, 0xea, 0x28, 0x8a, 0x11, 0x30, 0x1f, 0x06, 0x03, 0x55, 0x1d, 0x23, 0x04, 0x18, 0x30,
	0x16, 0x80, 0x14, 0x86, 0xec, 0xe2, 0xb4, 0xdd, 0x8d, 0x72, 0x29, 0x4a, 0x86, 0xa8, 0x64,
	0x5a, 0xfd, 0x1d, 0x56, 0xea, 0x28, 0x8a, 0x11, 0x30, 0x56, 0x06, 0x03, 0x55, 0x1d, 0x11,
	0x04, 0x4f, 0x30, 0x4d, 0x82, 0x11, 0x77, 0x77, 0x77, 0x2e, 0x65, 0x78, 0x61, 0x6d, 0x70,
	0x6c, 0x65, 0x2e, 0x63, 0x6f, 0x2e, 0x6a, 0x70, 0x82, 0x0f, 0x2a, 0x2e, 0x65, 0x78, 0x61,
	0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x63, 0x6f, 0x2e, 0x6a, 0x70, 0x87, 0x04, 0xc0, 0x00, 0x02,
	0x01, 0x81, 0x0f, 0x61, 0x40, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x63, 0x6f,
	0x2e, 0x6a, 0x70, 0x87, 0x10, 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01,
	0xff, 0x04, 0x02, 0x30, 0x00, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04,
	0x03, 0x02, 0x03, 0x49, 0x00, 0x30, 0x46, 0x02, 0x21, 0x00, 0x9c, 0x9f, 0x73, 0x7e, 0x1c,
	0x98, 0xac, 0x2c, 0x0e, 0x59, 0x32, 0x37, 0xb9, 0xd3, 0xc0, 0xd4, 0x60, 0x3e, 0x7e, 0xf3,
	0x1e, 0x58, 0x1a, 0x4b, 0x18, 0x7f, 0xf7, 0x9b, 0x6c, 0x5c, 0xba, 0x5e, 0x02, 0x21, 0x00,
	0xdf, 0x70, 0x61, 0xa5, 0x2e, 0xfe, 0xb7, 0x20, 0x94, 0x4b, 0x4d, 0x58, 0x0d, 0x34, 0xd0,
	0x7e, 0x17, 0x01, 0xe2, 0xb0, 0x68, 0x7f, 0x3a, 0x2a, 0xb6, 0x28, 0x4f, 0x49, 0x1a, 0x23,
	0xe4, 0xa2,
};

/* openssl x509 -req -set_serial -5: version 1, RSA of 512 bits. */
static const uint8_t real_v1[] = {
	0x30, 0x82, 0x01, 0x37, 0x30, 0x81, 0xdd, 0x02, 0x01, 0xfb, 0x30, 0x0a, 0x06, 0x08, 0x2a,
	0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02, 0x30, 0x3e, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03,
	0x55, 0x04, 0x06, 0x13, 0x02, 0x4a, 0x50, 0x31, 0x13, 0x30, 0x11, 0x06, 0x03, 0x55, 0x04,
	0x0a, 0x0c, 0x0a, 0x45, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x20, 0x4b, 0x4b, 0x31, 0x1a,
	0x30, 0x18, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x11, 0x77, 0x77, 0x77, 0x2e, 0x65, 0x78,
	0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x63, 0x6f, 0x2e, 0x6a, 0x70, 0x30, 0x1e, 0x17, 0x0d,
	0x32, 0x36, 0x31, 0x31, 0x32, 0x32, 0x30, 0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x17, 0x0d,
	0x32, 0x36, 0x31, 0x32, 0x30, 0x32, 0x30, 0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x30, 0x0e,
	0x31, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x03, 0x6f, 0x6c, 0x64, 0x30,
	0x5c, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
	0x00, 0x03, 0x4b, 0x00, 0x30, 0x48, 0x02, 0x41, 0x00, 0xb9, 0x76, 0x74, 0xdb, 0xf9, 0xc5,
	0x02, 0x74, 0xcf, 0x2d, 0x54, 0xf3, 0x6b, 0x4c, 0x2b, 0x6d, 0x49, 0x93, 0x9a, 0xa5, 0xdd,
	0x09, 0xf9, 0xdb, 0x18, 0x3e, 0xbd, 0x59, 0xff, 0xb3, 0x26, 0x35, 0x7b, 0x6e, 0x75, 0x2f,
	0xbe, 0xf1, 0x99, 0x69, 0x6f, 0x6d, 0xe3, 0x0a, 0x21, 0xf6, 0x07, 0xbc, 0xda, 0x5d, 0xd8,
	0xe5, 0x7e, 0x1d, 0xc0, 0x1c, 0xee, 0x76, 0x40, 0xdd, 0xd7, 0x2e, 0xd8, 0x17, 0x02, 0x03,
	0x01, 0x00, 0x01, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
	0x03, 0x49, 0x00, 0x30, 0x46, 0x02, 0x21, 0x00, 0xc1, 0x38, 0xce, 0x90, 0x3c, 0x0a, 0x78,
	0xa1, 0x7f, 0x03, 0x2f, 0x09, 0xbd, 0x69, 0x60, 0x49, 0x96, 0x0c, 0x46, 0xc6, 0xe6, 0xdc,
	0x6b, 0xc6, 0x00, 0x2d, 0x6d, 0x12, 0xbf, 0x83, 0x1d, 0x84, 0x02, 0x21, 0x00, 0xb4, 0x11,
	0x1e, 0x54, 0x20, 0x90, 0xa5, 0x0f, 0xd9, 0xdc, 0x4b, 0x35, 0x6d, 0xfe, 0x0f, 0xd0, 0x98,
	0xab, 0xbc, 0x54, 0x1e, 0x6d, 0xef, 0x23, 0x06, 0xc3, 0x24, 0x48, 0x43, 0xfa, 0xca, 0xdf,
};

/* openssl req -x509 -newkey ed25519 -days 36500: ends as GeneralizedTime. */
static const uint8_t real_ed25519[] = {
	0x30, 0x82, 0x01, 0x40, 0x30, 0x81, 0xf3, 0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x14, 0x7d,
	0x18, 0x76, 0xa1, 0x01, 0x7e, 0x4f, 0x9d, 0xb4, 0xcb, 0x16, 0xfa, 0x7a, 0x5c, 0xf9, 0x20,
	0xe9, 0xa5, 0x62, 0xa6, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x30, 0x15, 0x31, 0x13,
	0x30, 0x11, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0a, 0x45, 0x78, 0x61, 0x6d, 0x70, 0x6c,
	0x65, 0x20, 0x43, 0x41, 0x30, 0x20, 0x17, 0x0d, 0x32, 0x36, 0x31, 0x31, 0x32, 0x32, 0x30,
	0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x18, 0x0f, 0x32, 0x31, 0x32, 0x36, 0x31, 0x30, 0x32,
	0x39, 0x30, 0x36, 0x31, 0x36, 0x34, 0x35, 0x5a, 0x30, 0x15, 0x31, 0x13, 0x30, 0x11, 0x06,
	0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0a, 0x45, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x20, 0x43,
	0x41, 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0xc1, 0x0f,
	0x1b, 0x67, 0xfa, 0x5e, 0xbe, 0xdf, 0xd5, 0x4e, 0x97, 0x82, 0xf1, 0x8b, 0x4b, 0xbb, 0x09,
	0x5a, 0xf4, 0x13, 0x8e, 0x2a, 0xff, 0x0e, 0x3f, 0x5f, 0xae, 0x06, 0x4c, 0x95, 0x17, 0xe6,
	0xa3, 0x53, 0x30, 0x51, 0x30, 0x1d, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04, 0x16, 0x04, 0x14,
	0x98, 0x8f, 0x0c, 0xe4, 0xe0, 0x23, 0x13, 0x54, 0x76, 0x98, 0xff, 0xac, 0xd1, 0x1e, 0xb7,
	0xac, 0x2c, 0x83, 0xb3, 0x0e, 0x30, 0x1f, 0x06, 0x03, 0x55, 0x1d, 0x23, 0x04, 0x18, 0x30,
	0x16, 0x80, 0x14, 0x98, 0x8f, 0x0c, 0xe4, 0xe0, 0x23, 0x13, 0x54, 0x76, 0x98, 0xff, 0xac,
	0xd1, 0x1e, 0xb7, 0xac, 0x2c, 0x83, 0xb3, 0x0e, 0x30, 0x0f, 0x06, 0x03, 0x55, 0x1d, 0x13,
	0x01, 0x01, 0xff, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff, 0x30, 0x05, 0x06, 0x03, 0x2b,
	0x65, 0x70, 0x03, 0x41, 0x00, 0x99, 0xdc, 0x95, 0x40, 0x45, 0xa4, 0x50, 0x15, 0x74, 0x9e,
	0x4c, 0x4b, 0xed, 0xd0, 0xc2, 0xd3, 0xe3, 0xb6, 0x31, 0x4d, 0xcc, 0x1a, 0x77, 0xe6, 0xe4,
	0xb7, 0xe5, 0x05, 0x3d, 0x11, 0x3e, 0xf0, 0xec, 0x78, 0xf0, 0xe4, 0x2a, 0x83, 0xff, 0x3c,
	0x7a, 0x01, 0xc9, 0x15, 0xe1, 0x45, 0x1e, 0x06, 0x62, 0xc3, 0xcb, 0x37, 0x98, 0xee, 0xc3,
	0xaf, 0x6d, 0x8a, 0x7f, 0x01, 0xdc, 0x77, 0xa8, 0x0a,
};

enum { DER_MAX = 4096 };

struct der_out {
	uint8_t bytes[DER_MAX];
	size_t len;
};

struct part {
	const char *bytes;
	size_t len;
};

#define PART(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}

static void add(struct der_out *out, struct part part)
{
	assert_true(part.len <= sizeof(out->bytes) - out->len);
	memcpy(&out->bytes[out->len], part.bytes, part.len);
	out->len += part.len;
}

/* An element whose length der_end() writes, in two bytes. */
static size_t der_begin(struct der_out *out, const char *tag)
{
	add(out, (struct part){ tag, 1 });
	add(out, (struct part)PART("\x82\0\0"));
	return out->len;
}

static void der_end(struct der_out *out, size_t begin)
{
	size_t len = out->len - begin;

	out->bytes[begin - 2] = (uint8_t)(len >> 8);
	out->bytes[begin - 1] = (uint8_t)len;
}

/* What a case changes of a plain certificate; the others are as in plain_parts. */
struct x509_case {
	const char *name;
	struct part version; /* each with tag and length */
	struct part serial;
	struct part issuer;
	struct part times;      /* without the SEQUENCE */
	struct part key;        /* likewise */
	struct part extensions; /* likewise; none when empty */
	struct part tail;       /* behind the extensions */
	enum dissect want;
	bool want_damaged;
	void (*check)(const struct x509 *cert);
};

#define NAME_OF(tag, text) "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03" tag "\x01" text
#define UTC_TIMES       \
	"\x17\x0d"      \
	"700101000000Z" \
	"\x17\x0d"      \
	"491231235959Z"
#define EC_OID   "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define P256_OID "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define RSA_OID  "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define SAN_HEAD "\x06\x03\x55\x1d\x11"
#define CA_HEAD  "\x06\x03\x55\x1d\x13"

static const struct x509_case plain = {
	.version = PART("\xa0\x03\x02\x01\x02"),
	.serial = PART("\x02\x01\x07"),
	.issuer = PART(NAME_OF("\x0c", "i")),
	.times = PART(UTC_TIMES),
	.key = PART("\x30\x13" EC_OID P256_OID "\x03\x04\0\x04xy"),
};

static void add_or(struct der_out *out, struct part part, struct part otherwise)
{
	add(out, part.bytes ? part : otherwise);
}

static void build(struct der_out *out, const struct x509_case *c)
{
	out->len = 0;
	size_t whole = der_begin(out, "\x30");
	size_t tbs = der_begin(out, "\x30");

	add_or(out, c->version, plain.version);
	add_or(out, c->serial, plain.serial);
	add(out, (struct part)PART("\x30\x05\x06\x03\x2b\x65\x70"));
	add_or(out, c->issuer, plain.issuer);
	size_t times = der_begin(out, "\x30");

	add_or(out, c->times, plain.times);
	der_end(out, times);
	add(out, (struct part)PART(NAME_OF("\x0c", "s")));
	size_t key = der_begin(out, "\x30");

	add_or(out, c->key, plain.key);
	der_end(out, key);
	if (c->extensions.bytes) {
		size_t wrapped = der_begin(out, "\xa3");
		size_t extensions = der_begin(out, "\x30");

		add(out, c->extensions);
		der_end(out, extensions);
		der_end(out, wrapped);
	}
	if (c->tail.bytes)
		add(out, c->tail);
	der_end(out, tbs);
	add(out, (struct part)PART("\x30\x05\x06\x03\x2b\x65\x70\x03\x02\0\x01"));
	der_end(out, whole);
}

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

static void check_plain(const struct x509 *cert)
{
	assert_int_equal(cert->version, 3);
	assert_text(cert->serial, "\x07");
	assert_text(cert->signature_oid, "\x2b\x65\x70");
	assert_text(cert->issuer.common_name.bytes, "i");
	assert_int_equal(cert->issuer.common_name.tag, X509_UTF8_STRING);
	assert_text(cert->subject.common_name.bytes, "s");
	assert_int_equal(cert->subject.organisation.tag, X509_NO_STRING);
	assert_true(cert->has_validity);
	assert_int_equal(cert->not_before, 0);
	assert_int_equal(cert->not_after, 2524607999);
	assert_int_equal(cert->key, X509_KEY_EC);
	assert_int_equal(cert->key_bits, 8);
	assert_int_equal(cert->name_count, 0);
	assert_false(cert->is_ca);
	assert_false(cert->is_self_issued);
}

static void check_v1(const struct x509 *cert)
{
	assert_int_equal(cert->version, 1);
}

static void check_serial(const struct x509 *cert)
{
	assert_int_equal(cert->serial.len, 0);
}

static void check_self_issued(const struct x509 *cert)
{
	assert_true(cert->is_self_issued);
}

static void check_bmp(const struct x509 *cert)
{
	assert_int_equal(cert->issuer.common_name.tag, X509_BMP_STRING);
	assert_int_equal(cert->issuer.common_name.bytes.len, 2);
}

static void check_last_name(const struct x509 *cert)
{
	assert_text(cert->issuer.common_name.bytes, "b");
	assert_text(cert->issuer.country.bytes, "JP");
	assert_text(cert->issuer.organisation.bytes, "o");
}

static void check_no_issuer(const struct x509 *cert)
{
	assert_int_equal(cert->issuer.common_name.tag, X509_NO_STRING);
	assert_text(cert->subject.common_name.bytes, "s");
}

static void check_no_validity(const struct x509 *cert)
{
	assert_false(cert->has_validity);
	assert_text(cert->subject.common_name.bytes, "s");
}

static void check_rsa_9(const struct x509 *cert)
{
	assert_int_equal(cert->key, X509_KEY_RSA);
	assert_int_equal(cert->key_bits, 9);
}

static void check_rsa_0(const struct x509 *cert)
{
	assert_int_equal(cert->key, X509_KEY_RSA);
	assert_int_equal(cert->key_bits, 0);
}

static void check_p521(const struct x509 *cert)
{
	assert_int_equal(cert->key, X509_KEY_EC);
	assert_int_equal(cert->key_bits, 521);
}

static void check_compressed(const struct x509 *cert)
{
	assert_int_equal(cert->key_bits, 16);
}

static void check_ec_0(const struct x509 *cert)
{
	assert_int_equal(cert->key, X509_KEY_EC);
	assert_int_equal(cert->key_bits, 0);
}

static void check_other_key(const struct x509 *cert)
{
	assert_int_equal(cert->key, X509_KEY_OTHER);
	assert_int_equal(cert->key_bits, 0);
	assert_text(cert->key_oid, "\x2a\x03");
}

static void check_ca(const struct x509 *cert)
{
	assert_true(cert->is_ca);
}

static void check_not_ca(const struct x509 *cert)
{
	assert_false(cert->is_ca);
}

static void check_one_name(const struct x509 *cert)
{
	assert_int_equal(cert->name_count, 1);
	assert_int_equal(cert->names_kept, 1);
	assert_false(cert->names[0].is_address);
	assert_text(cert->names[0].bytes, "a.b");
}

static void check_17_names(const struct x509 *cert)
{
	assert_int_equal(cert->name_count, 17);
	assert_int_equal(cert->names_kept, X509_NAMES_MAX);
	assert_text(cert->names[X509_NAMES_MAX - 1].bytes, "p");
}

#define DNS(letter) "\x82\x01" letter

static struct x509_case cases[] = {
	{ "plain", .check = check_plain },
	{ "no version is the first", .version = PART(""), .check = check_v1 },
	{ "a version of 7", .version = PART("\xa0\x03\x02\x01\x07"), .want_damaged = true,
	  .check = check_v1 },
	{ "a negative version", .version = PART("\xa0\x03\x02\x01\xff"), .want_damaged = true,
	  .check = check_v1 },
	{ "a version that is text", .version = PART("\xa0\x03\x0c\x01\x02"), .want_damaged = true,
	  .check = check_v1 },
	{ "a version longer than all", .version = PART("\xa0\x84\x01\0\0\0"),
	  .want = DISSECT_MALFORMED },
	{ "an empty serial", .serial = PART("\x02\0"), .check = check_serial },
	{ "a serial that is text", .serial = PART("\x0c\x01\x07"), .want = DISSECT_MALFORMED },
	{ "issued by itself", .issuer = PART(NAME_OF("\x0c", "s")), .check = check_self_issued },
	{ "a name of two bytes a character",
	  .issuer = PART("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x1e\x02\0i"),
	  .check = check_bmp },
	{ "names again, and two pairs in a set",
	  .issuer = PART("\x30\x31"
			 "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x13\x01"
			 "a"
			 "\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02"
			 "JP"
			 "\x31\x16\x30\x08\x06\x03\x55\x04\x03\x14\x01"
			 "b"
			 "\x30\x0a\x06\x03\x55\x04\x0a\x1c\x01"
			 "o"
			 "\x05\0"),
	  .check = check_last_name },
	{ "other attributes",
	  .issuer = PART("\x30\x1e"
			 "\x31\x0a\x30\x08\x06\x03\x55\x04\x05\x13\x01"
			 "a"
			 "\x31\x10\x30\x0e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01\x16\x01"
			 "m"),
	  .check = check_no_issuer },
	{ "an attribute's name too short",
	  .issuer = PART("\x30\x0a\x31\x08\x30\x06\x06\x01\x55\x13\x01"
			 "a"),
	  .check = check_no_issuer },
	{ "a name without sets", .issuer = PART("\x30\x02\x05\0"), .want_damaged = true,
	  .check = check_no_issuer },
	{ "an empty name", .issuer = PART("\x30\0"), .check = check_no_issuer },
	{ "a set without pairs", .issuer = PART("\x30\x04\x31\x02\x05\0"), .want_damaged = true,
	  .check = check_no_issuer },
	{ "a pair without a value", .issuer = PART("\x30\x09\x31\x07\x30\x05\x06\x03\x55\x04\x03"),
	  .want_damaged = true, .check = check_no_issuer },
	{ "a name that is text", .issuer = PART("\x0c\x01i"), .want = DISSECT_MALFORMED },
	{ "no times", .times = PART(""), .want_damaged = true, .check = check_no_validity },
	{ "a time that is none",
	  .times = PART("\x17\x0d"
			"700101000000Z"
			"\x17\x01"
			"x"),
	  .want_damaged = true, .check = check_no_validity },
	{ "RSA of nine bits",
	  .key = PART("\x30\x0d" RSA_OID "\x05\0"
		      "\x03\x09\0\x30\x06\x02\x04\0\0\x01\xff"),
	  .check = check_rsa_9 },
	{ "RSA without a modulus",
	  .key = PART("\x30\x0d" RSA_OID "\x05\0"
		      "\x03\x01\0"),
	  .want_damaged = true, .check = check_rsa_0 },
	{ "P-521",
	  .key = PART("\x30\x10" EC_OID "\x06\x05\x2b\x81\x04\0\x23"
		      "\x03\x04\0\x04xy"),
	  .check = check_p521 },
	{ "a compressed point", .key = PART("\x30\x13" EC_OID P256_OID "\x03\x04\0\x03xy"),
	  .check = check_compressed },
	{ "another compressed point", .key = PART("\x30\x13" EC_OID P256_OID "\x03\x04\0\x02xy"),
	  .check = check_compressed },
	{ "a point of no known form", .key = PART("\x30\x13" EC_OID P256_OID "\x03\x04\0\x09xy"),
	  .want_damaged = true, .check = check_ec_0 },
	{ "a key of another kind", .key = PART("\x30\x04\x06\x02\x2a\x03\x03\x02\0x"),
	  .check = check_other_key },
	{ "a key without an algorithm", .key = PART("\x05\0"), .want_damaged = false },
	{ "may sign",
	  .extensions = PART("\x30\x0f" CA_HEAD "\x01\x01\xff"
			     "\x04\x05\x30\x03\x01\x01\xff"),
	  .check = check_ca },
	{ "may not sign", .extensions = PART("\x30\x0c" CA_HEAD "\x04\x05\x30\x03\x01\x01\0"),
	  .check = check_not_ca },
	{ "may not sign by default", .extensions = PART("\x30\x09" CA_HEAD "\x04\x02\x30\0"),
	  .check = check_not_ca },
	{ "constraints that are text", .extensions = PART("\x30\x09" CA_HEAD "\x04\x02\x0c\0"),
	  .want_damaged = true, .check = check_not_ca },
	{ "a name among others",
	  .extensions = PART("\x30\x16" SAN_HEAD "\x04\x0f\x30\x0d\x81\x03"
			     "a@b"
			     "\x82\x03"
			     "a.b"
			     "\x86\x01"
			     "u"),
	  .check = check_one_name },
	{ "an address of five bytes is none",
	  .extensions = PART("\x30\x15" SAN_HEAD "\x04\x0e\x30\x0c\x87\x05"
			     "\x01\x02\x03\x04\x05"
			     "\x82\x03"
			     "a.b"),
	  .want_damaged = true, .check = check_one_name },
	{ "a name before a broken one",
	  .extensions = PART("\x30\x10" SAN_HEAD "\x04\x09\x30\x07\x82\x03"
			     "a.b"
			     "\x82\x7f"),
	  .want_damaged = true, .check = check_one_name },
	{ "an extension that is broken before one that is not",
	  .extensions = PART("\x30\x07" CA_HEAD "\x05\0"
			     "\x30\x0e" SAN_HEAD "\x04\x07\x30\x05\x82\x03"
			     "a.b"),
	  .want_damaged = true, .check = check_one_name },
	{ "more names than are kept",
	  .extensions = PART("\x30\x3c" SAN_HEAD "\x04\x35\x30\x33" DNS("a") DNS("b") DNS("c") DNS(
		  "d") DNS("e") DNS("f") DNS("g") DNS("h") DNS("i") DNS("j") DNS("k") DNS("l")
				     DNS("m") DNS("n") DNS("o") DNS("p") DNS("q")),
	  .check = check_17_names },
	{ "an extension that is none", .extensions = PART("\x05\0"), .want_damaged = true,
	  .check = check_plain },
	{ "extensions of another identifier", .extensions = PART("\x30\x07\x06\x01\x2a\x04\x02zz"),
	  .check = check_plain },
	{ "unique identifiers", .tail = PART("\x81\x02\0\x01\x82\x02\0\x02"),
	  .check = check_plain },
	{ "bytes behind the extensions", .tail = PART("\x05"), .want_damaged = true,
	  .check = check_plain },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const uint8_t *der, size_t len, struct x509 *cert)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(*cert)];

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(cert, untouched, sizeof(*cert));
	memcpy(exact, der, len);
	enum dissect got = dissect_x509(cursor_over(exact, len), cert);

	if (got != DISSECT_OK)
		assert_memory_equal(cert, untouched, sizeof(*cert));
	free(exact);
	return got;
}

static void try_prefixes(const uint8_t *der, size_t len)
{
	struct x509 cert;

	for (size_t cut = 0; cut < len; cut++)
		assert_int_equal(dissect_copy(der, cut, &cert), DISSECT_TRUNCATED);
}

/* Any answer will do; ASan and UBSan watch. */
static void try_mutations(const uint8_t *der, size_t len)
{
	static const uint8_t masks[] = { 0x01, 0x10, 0x80, 0xff };
	uint8_t *changed = malloc(len);

	assert_non_null(changed);
	memcpy(changed, der, len);
	for (size_t at = 0; at < len; at++)
		for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
			struct x509 cert;

			changed[at] ^= masks[i];
			(void)dissect_copy(changed, len, &cert);
			changed[at] ^= masks[i];
		}
	free(changed);
}

static void run_case(void **state)
{
	const struct x509_case *c = *state;
	static struct der_out der;
	struct x509 cert;

	build(&der, c);
	assert_int_equal(dissect_x509(cursor_over(der.bytes, der.len), &cert), c->want);
	if (c->want == DISSECT_OK) {
		assert_int_equal(cert.is_damaged, c->want_damaged);
		if (c->check)
			c->check(&cert);
	}
	try_prefixes(der.bytes, der.len);
	try_mutations(der.bytes, der.len);
}

static void a_real_certificate_of_ec(void **state)
{
	struct x509 cert;

	(void)state;
	assert_int_equal(dissect_x509(cursor_over(real_ec, sizeof(real_ec)), &cert), DISSECT_OK);
	assert_int_equal(cert.version, 3);
	assert_int_equal(cert.serial.len, 20);
	assert_text(cert.subject.common_name.bytes, "www.example.co.jp");
	assert_text(cert.issuer.organisation.bytes, "Example KK");
	assert_text(cert.subject.country.bytes, "JP");
	assert_int_equal(cert.subject.country.tag, X509_PRINTABLE_STRING);
	assert_int_equal(cert.not_before, 1795328205);
	assert_int_equal(cert.not_after, 1829629005);
	assert_int_equal(cert.key, X509_KEY_EC);
	assert_int_equal(cert.key_bits, 256);
	assert_int_equal(cert.name_count, 4);
	assert_text(cert.names[1].bytes, "*.example.co.jp");
	assert_true(cert.names[2].is_address);
	assert_int_equal(cert.names[2].bytes.len, 4);
	assert_int_equal(cert.names[3].bytes.len, 16);
	assert_true(cert.is_self_issued);
	assert_false(cert.is_ca);
	assert_false(cert.is_damaged);
	try_prefixes(real_ec, sizeof(real_ec));
	try_mutations(real_ec, sizeof(real_ec));
}

static void a_real_certificate_of_version_1(void **state)
{
	struct x509 cert;

	(void)state;
	assert_int_equal(dissect_x509(cursor_over(real_v1, sizeof(real_v1)), &cert), DISSECT_OK);
	assert_int_equal(cert.version, 1);
	assert_text(cert.serial, "\xfb");
	assert_text(cert.subject.common_name.bytes, "old");
	assert_int_equal(cert.key, X509_KEY_RSA);
	assert_int_equal(cert.key_bits, 512);
	assert_false(cert.is_self_issued);
	assert_false(cert.is_damaged);
	try_prefixes(real_v1, sizeof(real_v1));
}

static void a_real_certificate_of_ed25519(void **state)
{
	struct x509 cert;

	(void)state;
	assert_int_equal(dissect_x509(cursor_over(real_ed25519, sizeof(real_ed25519)), &cert),
			 DISSECT_OK);
	assert_int_equal(cert.key, X509_KEY_ED25519);
	assert_int_equal(cert.key_bits, 256);
	assert_int_equal(cert.not_before, 1795328205);
	assert_int_equal(cert.not_after, 4948928205);
	assert_true(cert.is_ca);
	assert_true(cert.is_self_issued);
	assert_false(cert.is_damaged);
	try_prefixes(real_ed25519, sizeof(real_ed25519));
}

static const struct {
	struct part bytes;
	enum dissect want;
} starts[] = {
	{ PART("\x31"), DISSECT_OTHER },
	{ PART("\x30\x80\x30"), DISSECT_OTHER },
	{ PART("\x30\x85\0"), DISSECT_OTHER },
	{ PART("\x30\0"), DISSECT_OTHER },
	{ PART("\x30\x04\x30\0\x05\0"), DISSECT_OTHER },
	{ PART("\x30\x04\x30\0\x30\0"), DISSECT_MALFORMED },
	{ PART("\x30\x07\x30\0\x30\x03\x06\x01\x2a"), DISSECT_MALFORMED },
};

static void what_is_no_certificate(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		struct x509 cert;

		assert_int_equal(dissect_copy((const uint8_t *)starts[i].bytes.bytes,
					      starts[i].bytes.len, &cert),
				 starts[i].want);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 4] = {
		cmocka_unit_test(a_real_certificate_of_ec),
		cmocka_unit_test(a_real_certificate_of_version_1),
		cmocka_unit_test(a_real_certificate_of_ed25519),
		cmocka_unit_test(what_is_no_certificate),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 4] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("x509", tests, NULL, NULL);
}
