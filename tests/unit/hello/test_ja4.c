#include "sensor/hello/ja4.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

/* Lists as they stand in a hello: 16 bits each. */
struct ja4_case {
	const char *name;
	enum ja4_transport transport;
	uint16_t legacy_version;
	uint16_t highest_version;
	const char *ciphers;
	size_t ciphers_len;
	const char *extensions;
	size_t extensions_len;
	const char *signature_algorithms;
	size_t signature_algorithms_len;
	const char *alpn;
	const char *want;
	const char *want_raw;
};

#define BYTES(s) (s), sizeof(s) - 1

/* The example of the definition, with the GREASE that a browser puts before its lists. */
#define BROWSER_CIPHERS                                                                    \
	"\xaa\xaa\x13\x01\x13\x02\x13\x03\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30\xcc\xa9\xcc\xa8" \
	"\xc0\x13\xc0\x14\x00\x9c\x00\x9d\x00\x2f\x00\x35"
#define BROWSER_EXTENSIONS                                                                 \
	"\x3a\x3a\x00\x1b\x00\x00\x00\x33\x00\x10\x44\x69\x00\x17\x00\x2d\x00\x0d\x00\x05" \
	"\x00\x23\x00\x12\x00\x2b\xff\x01\x00\x0b\x00\x0a\x00\x15"
#define BROWSER_SIGNATURES "\x04\x03\x08\x04\x04\x01\x05\x03\x08\x05\x05\x01\x08\x06\x06\x01"
#define RAW_CIPHERS        "002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9"
#define RAW_EXTENSIONS     "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01"
#define RAW_SIGNATURES     "0403,0804,0401,0503,0805,0501,0806,0601"
#define TEN(s)             s s s s s s s s s s

static struct ja4_case cases[] = {
	{ "the definition's example", JA4_TCP, 0x0303, 0x0304, BYTES(BROWSER_CIPHERS),
	  BYTES(BROWSER_EXTENSIONS), BYTES(BROWSER_SIGNATURES), "h2",
	  "t13d1516h2_8daaf6152771_e5627efa2ab1",
	  "t13d1516h2_" RAW_CIPHERS "_" RAW_EXTENSIONS "_" RAW_SIGNATURES },
	{ "GREASE among the signature algorithms", JA4_TCP, 0x0303, 0x0304, BYTES(BROWSER_CIPHERS),
	  BYTES(BROWSER_EXTENSIONS), BYTES("\x0a\x0a" BROWSER_SIGNATURES), "h2",
	  "t13d1516h2_8daaf6152771_e5627efa2ab1",
	  "t13d1516h2_" RAW_CIPHERS "_" RAW_EXTENSIONS "_" RAW_SIGNATURES },
	{ "QUIC, with no signature algorithms, as the definition digests it", JA4_QUIC, 0x0303,
	  0x0304, BYTES(BROWSER_CIPHERS), BYTES(BROWSER_EXTENSIONS), NULL, 0, "h3",
	  "q13d1516h3_8daaf6152771_6d807ffa2a79", "q13d1516h3_" RAW_CIPHERS "_" RAW_EXTENSIONS },
	{ "no extensions at all, as of SSL 3.0", JA4_TCP, 0x0300, 0, BYTES("\x00\x35"), NULL, 0,
	  NULL, 0, "", "ts3i010000_692296a295db_000000000000", "ts3i010000_0035_" },
	{ "server_name alone is no extension to digest", JA4_TCP, 0x0301, 0, BYTES("\x00\x35"),
	  BYTES("\x00\x00"), NULL, 0, "", "t10d010100_692296a295db_000000000000",
	  "t10d010100_0035_" },
	{ "no ciphers but GREASE", JA4_TCP, 0x0302, 0, BYTES("\x1a\x1a"), NULL, 0, NULL, 0, "",
	  "t11i000000_000000000000_000000000000", "t11i000000__" },
	{ "a version that nobody has", JA4_TCP, 0x0303, 0x7f1c, NULL, 0, NULL, 0, NULL, 0, "",
	  "t00i000000_000000000000_000000000000", "t00i000000__" },
	{ "DTLS 1.0", JA4_DTLS, 0xfeff, 0, NULL, 0, NULL, 0, NULL, 0, "",
	  "dd1i000000_000000000000_000000000000", "dd1i000000__" },
	{ "DTLS 1.2", JA4_DTLS, 0xfefd, 0, NULL, 0, NULL, 0, NULL, 0, "",
	  "dd2i000000_000000000000_000000000000", "dd2i000000__" },
	{ "DTLS 1.3", JA4_DTLS, 0xfefd, 0xfefc, NULL, 0, NULL, 0, NULL, 0, "",
	  "dd3i000000_000000000000_000000000000", "dd3i000000__" },
	{ "SSL 2.0", JA4_TCP, 0x0002, 0, NULL, 0, NULL, 0, NULL, 0, "",
	  "ts2i000000_000000000000_000000000000", "ts2i000000__" },
	{ "a hundred ciphers are 99", JA4_TCP, 0x0303, 0, BYTES(TEN(TEN("\x00\x35"))), NULL, 0,
	  NULL, 0, "", "t12i990000_52e657bf4e2c_000000000000", NULL },
	{ "an ALPN of one byte is its first and last", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL,
	  0, "x", "t12i0000xx_000000000000_000000000000", NULL },
	{ "an ALPN of many bytes", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "http/1.1",
	  "t12i0000h1_000000000000_000000000000", NULL },
	{ "capital letters", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "AlpZ",
	  "t12i0000AZ_000000000000_000000000000", NULL },
	{ "bytes beyond ASCII are nines", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "\xba\xad",
	  "t12i000099_000000000000_000000000000", NULL },
	{ "one of them alone", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "a\xad",
	  "t12i0000a9_000000000000_000000000000", NULL },
	{ "the other alone", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0,
	  "\xad"
	  "a",
	  "t12i00009a_000000000000_000000000000", NULL },
	{ "a first byte that is no letter: digits of the bytes", JA4_TCP, 0x0303, 0, NULL, 0, NULL,
	  0, NULL, 0, "\x0a\x1b", "t12i00000b_000000000000_000000000000", NULL },
	{ "one of each", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "\x0a\xad",
	  "t12i00000d_000000000000_000000000000", NULL },
	{ "a last byte that is no letter", JA4_TCP, 0x0303, 0, NULL, 0, NULL, 0, NULL, 0, "h2/",
	  "t12i00006f_000000000000_000000000000", NULL },
};

static void run_case(void **state)
{
	const struct ja4_case *c = *state;
	struct fingerprint_scratch *scratch = calloc(1, sizeof(*scratch));
	struct cursor types = cursor_over(c->extensions, c->extensions_len);
	struct cursor ciphers = cursor_over(c->ciphers, c->ciphers_len);
	struct tls_client_hello hello = {
		.legacy_version = c->legacy_version,
		.highest_version = c->highest_version,
		.ciphers = ciphers.rest,
		.signature_algorithms = { (const uint8_t *)c->signature_algorithms,
					  c->signature_algorithms_len },
		.alpn = { (const uint8_t *)c->alpn, strlen(c->alpn) },
	};
	struct ja4 got;

	while (cursor_left(&ciphers) > 0)
		if (!tls_is_grease(cursor_be16(&ciphers)))
			hello.cipher_count++;
	while (cursor_left(&types) > 0) {
		uint16_t type = cursor_be16(&types);

		hello.has_sni |= type == TLS_EXTENSION_SERVER_NAME;
		if (!tls_is_grease(type))
			hello.extension_count++;
		hello.extensions[hello.extensions_kept++] = type;
	}
	assert_non_null(scratch);
	memset(scratch->text, 0xa5, sizeof(scratch->text));
	memset(scratch->values, 0xa5, sizeof(scratch->values));
	for (int i = 0; i < 2; i++) { /* digested, and remembered */
		ja4_of(&hello, c->transport, scratch, &got);
		assert_string_equal(got.text, c->want);
	}
	if (c->want_raw) {
		assert_int_equal(got.raw.len, strlen(c->want_raw));
		assert_memory_equal(got.raw.data, c->want_raw, got.raw.len);
	}
	free(scratch);
}

/* Of both lists, and half a value at the end of a damaged one. */
static void lists_beyond_their_limit(void **state)
{
	static uint8_t list[UINT16_MAX];
	static struct fingerprint_scratch scratch;
	const struct tls_client_hello hello = { .ciphers = { list, sizeof(list) },
						.cipher_count = UINT16_MAX,
						.signature_algorithms = { list, sizeof(list) } };
	struct ja4 got;

	(void)state;
	ja4_of(&hello, JA4_TCP, &scratch, &got);
	assert_memory_equal(got.text, "t00i990000_", 11);
	assert_int_equal(got.raw.len, 10 + 2 + 1 + 2 * (FINGERPRINT_VALUES_MAX * 5 - 1));
}

/* Whatever the order, the digest is the same: a heap is easy to get wrong at its edges. */
static void any_order_gives_the_same(void **state)
{
	enum { VALUES_MAX = 40 };
	static struct fingerprint_scratch scratch;
	struct ja4 got;

	(void)state;
	for (size_t count = 1; count <= VALUES_MAX; count++) {
		for (size_t step = 1; step < count; step++) {
			uint8_t list[2 * VALUES_MAX];
			const struct tls_client_hello hello = { .ciphers = { list, 2 * count } };

			for (size_t i = 0; i < count; i++) {
				list[2 * i] = 0x13;
				list[2 * i + 1] = (uint8_t)(i * step * 37 % count);
			}
			ja4_of(&hello, JA4_TCP, &scratch, &got);
			for (size_t at = 16; at + 5 < got.raw.len; at += 5)
				assert_true(memcmp(got.raw.data + at - 5, got.raw.data + at, 4) <=
					    0);
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(lists_beyond_their_limit),
		cmocka_unit_test(any_order_gives_the_same),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("ja4", tests, NULL, NULL);
}
