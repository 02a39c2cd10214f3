/* What a ClientHello's body gives to fingerprints; how it is found is in test_tls_hello.c. */
#include "dissectors/tls_client_hello.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { BODY_MAX = 4096 };

#define BYTES(s) (s), sizeof(s) - 1
#define RANDOM   "0123456789abcdef0123456789abcdef"
#define CIPHERS  "\x0a\x0a\x13\x01\xc0\x2f"
#define HEAD     "\x03\x03" RANDOM "\x04sess\0\x06" CIPHERS "\x01\0"
#define DTLS_HEAD                  \
	"\xfe\xfd" RANDOM "\0\x03" \
	"coo"                      \
	"\0\x02\xc0\x2b\x01\0"
#define GROUPS     "\0\x0a\0\x06\0\x04\x1a\x1a\0\x1d"
#define FORMATS    "\0\x0b\0\x03\x02\0\x01"
#define SIGNATURES "\0\x0d\0\x06\0\x04\x04\x03\x08\x04"
#define ALPN       "\0\x10\0\x08\0\x06\x02h2\x02h3"
#define TICKET     "\0\x23\0\x03tic"
#define VERSIONS   "\0\x2b\0\x05\x04\x03\x04\x03\x03"
#define SHARES     "\0\x33\0\x0c\0\x0a\x1a\x1a\0\x01\0\0\x1d\0\x01k"
#define ECH_OUTER  "\xfe\x0d\0\x08\0\0\x01\0\x01\x2a\0\0"
#define PSK        "\0\x29\0\x01x"
#define EVERYTHING \
	"\x2a\x2a\0\0" GROUPS FORMATS SIGNATURES ALPN TICKET VERSIONS SHARES ECH_OUTER PSK

struct body {
	uint8_t bytes[BODY_MAX];
	size_t len;
};

static void add(struct body *body, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(body->bytes) - body->len);
	memcpy(&body->bytes[body->len], bytes, len);
	body->len += len;
}

static void build(struct body *body, const char *head, size_t head_len, const char *extensions,
		  size_t len)
{
	const uint8_t be16[] = { (uint8_t)(len >> 8), (uint8_t)len };

	body->len = 0;
	add(body, head, head_len);
	add(body, be16, sizeof(be16));
	add(body, extensions, len);
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect read_copy(const uint8_t *bytes, size_t len, bool is_dtls)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct tls_client_hello)];
	struct tls_client_hello hello;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&hello, untouched, sizeof(hello));
	memcpy(exact, bytes, len);
	enum dissect got = tls_read_client_hello(cursor_over(exact, len), is_dtls, &hello);

	if (got != DISSECT_OK)
		assert_memory_equal(&hello, untouched, sizeof(hello));
	free(exact);
	return got;
}

/* Once the compression methods are there any end will do: what is missing is damage. */
static void try_prefixes(const struct body *body, size_t head_len, bool is_dtls)
{
	for (size_t cut = 0; cut <= body->len; cut++)
		assert_int_equal(read_copy(body->bytes, cut, is_dtls),
				 cut < head_len ? DISSECT_MALFORMED : DISSECT_OK);
}

static void try_mutations(struct body *body)
{
	for (size_t at = 0; at < body->len; at++) {
		uint8_t was = body->bytes[at];

		for (int value = 0; value <= UINT8_MAX; value++) {
			body->bytes[at] = (uint8_t)value;
			(void)read_copy(body->bytes, body->len, false);
		}
		body->bytes[at] = was;
	}
}

static void read_it(const struct body *body, bool is_dtls, struct tls_client_hello *hello)
{
	assert_int_equal(tls_read_client_hello(cursor_over(body->bytes, body->len), is_dtls, hello),
			 DISSECT_OK);
}

static void assert_bytes(struct span got, const char *want, size_t len)
{
	assert_int_equal(got.len, len);
	if (len > 0)
		assert_memory_equal(got.data, want, len);
}

static void all_that_fingerprints_need(void **state)
{
	static const uint16_t types[] = { 0x2a2a, 10, 11, 13, 16, 35, 43, 51, 0xfe0d, 41 };
	static struct body body;
	struct tls_client_hello hello;

	(void)state;
	build(&body, BYTES(HEAD), BYTES(EVERYTHING));
	read_it(&body, false, &hello);
	assert_int_equal(hello.legacy_version, 0x0303);
	assert_int_equal(hello.highest_version, 0x0304);
	assert_bytes(hello.random, BYTES(RANDOM));
	assert_bytes(hello.session_id, BYTES("sess"));
	assert_bytes(hello.cookie, BYTES(""));
	assert_bytes(hello.ciphers, BYTES(CIPHERS));
	assert_int_equal(hello.cipher_count, 2);
	assert_bytes(hello.groups, BYTES("\x1a\x1a\0\x1d"));
	assert_bytes(hello.point_formats, BYTES("\0\x01"));
	assert_bytes(hello.signature_algorithms, BYTES("\x04\x03\x08\x04"));
	assert_bytes(hello.versions, BYTES("\x03\x04\x03\x03"));
	assert_bytes(hello.alpn_protocols, BYTES("\x02h2\x02h3"));
	assert_bytes(hello.alpn, BYTES("h2"));
	assert_int_equal(hello.extension_count, ARRAY_LEN(types) - 1);
	assert_int_equal(hello.extensions_kept, ARRAY_LEN(types));
	assert_memory_equal(hello.extensions, types, sizeof(types));
	assert_int_equal(hello.key_share_count, 2);
	assert_int_equal(hello.key_share_groups[0], 0x1a1a);
	assert_int_equal(hello.key_share_groups[1], 0x001d);
	assert_int_equal(hello.ech_config_id, 0x2a);
	assert_true(hello.has_ech && !hello.is_ech_inner);
	assert_true(hello.has_session_ticket && hello.has_psk && hello.has_alpn);
	assert_false(hello.has_sni || hello.is_extensions_cut || hello.is_damaged);
	try_prefixes(&body, sizeof(HEAD) - 1, false);
	try_mutations(&body);
}

static void dtls_has_a_cookie_and_counts_downwards(void **state)
{
	static struct body body;
	struct tls_client_hello hello;

	(void)state;
	build(&body, BYTES(DTLS_HEAD), BYTES("\0\x2b\0\x07\x06\xfe\xfd\xfe\xfc\xfe\xfd"));
	read_it(&body, true, &hello);
	assert_bytes(hello.cookie, BYTES("coo"));
	assert_int_equal(hello.legacy_version, 0xfefd);
	assert_int_equal(hello.highest_version, 0xfefc);
	assert_int_equal(hello.cipher_count, 1);
	assert_false(hello.is_damaged);
	try_prefixes(&body, sizeof(DTLS_HEAD) - 1, true);
}

struct flag_case {
	const char *name;
	const char *extensions;
	size_t len;
	bool want_ticket;
	bool want_inner;
	uint8_t want_shares;
	bool want_damaged;
};

static struct flag_case flags[] = {
	{ "the wish for a ticket", BYTES("\0\x23\0\0"), false, false, 0, false },
	{ "inner ECH", BYTES("\xfe\x0d\0\x01\x01"), false, true, 0, false },
	{ "ECH without a type", BYTES("\xfe\x0d\0\0"), false, false, 0, true },
	{ "no key to share", BYTES("\0\x33\0\x02\0\0"), false, false, 0, false },
	{ "a key share beyond its list", BYTES("\0\x33\0\x0b\0\x09\0\x17\0\x01k\0\x1d\0\x01"),
	  false, false, 1, true },
	{ "more key shares than are kept",
	  BYTES("\0\x33\0\x26\0\x24\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0"
		"\0\0\1\0\0"),
	  false, false, TLS_KEY_SHARES_MAX, false },
	{ "groups that reach beyond", BYTES("\0\x0a\0\x04\0\x04\0\x1d"), false, false, 0, true },
	{ "groups and more", BYTES("\0\x0a\0\x05\0\x02\0\x1d\0"), false, false, 0, true },
	{ "half a group", BYTES("\0\x0a\0\x05\0\x03\0\x1d\0"), false, false, 0, true },
	{ "point formats without a length", BYTES("\0\x0b\0\0"), false, false, 0, true },
	{ "a ticket again", BYTES(TICKET "\0\x23\0\0"), true, false, 0, true },
	{ "ECH again", BYTES("\xfe\x0d\0\x01\x01" ECH_OUTER), false, true, 0, true },
	{ "an unknown one again", BYTES("\0\x17\0\0\x12\x34\0\0\x12\x34\0\0"), false, false, 0,
	  false },
};

static void run_flags(void **state)
{
	const struct flag_case *c = *state;
	static struct body body;
	struct tls_client_hello hello;

	build(&body, BYTES(HEAD), c->extensions, c->len);
	read_it(&body, false, &hello);
	assert_int_equal(hello.has_session_ticket, c->want_ticket);
	assert_int_equal(hello.is_ech_inner, c->want_inner);
	assert_int_equal(hello.key_share_count, c->want_shares);
	assert_int_equal(hello.is_damaged, c->want_damaged);
	try_prefixes(&body, sizeof(HEAD) - 1, false);
}

static void what_stands_before_damage_is_kept(void **state)
{
	static struct body body;
	struct tls_client_hello hello;

	(void)state;
	build(&body, BYTES(HEAD), BYTES(GROUPS FORMATS "\0\x10\0\xff\0\x06\x02h2\x02h3"));
	read_it(&body, false, &hello);
	assert_true(hello.is_damaged);
	assert_int_equal(hello.groups.len, 4);
	assert_int_equal(hello.point_formats.len, 2);
	assert_int_equal(hello.extensions_kept, 3);
	assert_int_equal(hello.alpn.len, 0);
}

static void extensions_with_a_wrong_length(void **state)
{
	static const char shorter[] = HEAD "\0\x07" FORMATS GROUPS;
	static const char longer[] = HEAD "\0\x99" FORMATS GROUPS;
	struct tls_client_hello hello;

	(void)state;
	assert_int_equal(tls_read_client_hello(cursor_over(BYTES(shorter)), false, &hello),
			 DISSECT_OK);
	assert_int_equal(hello.extensions_kept, 1);
	assert_true(hello.is_damaged);
	assert_int_equal(tls_read_client_hello(cursor_over(BYTES(longer)), false, &hello),
			 DISSECT_OK);
	assert_int_equal(hello.extensions_kept, 2);
	assert_true(hello.is_damaged);
}

static void more_extensions_than_are_kept(void **state)
{
	uint8_t extensions[(TLS_EXTENSIONS_MAX + 1) * 4] = { 0 };
	static struct body body;
	struct tls_client_hello hello;

	(void)state;
	for (size_t i = 0; i <= TLS_EXTENSIONS_MAX; i++) {
		extensions[i * 4] = 0x40;
		extensions[i * 4 + 1] = (uint8_t)i;
	}
	build(&body, BYTES(HEAD), (const char *)extensions, sizeof(extensions));
	read_it(&body, false, &hello);
	assert_int_equal(hello.extension_count, TLS_EXTENSIONS_MAX + 1);
	assert_int_equal(hello.extensions_kept, TLS_EXTENSIONS_MAX);
	assert_int_equal(hello.extensions[TLS_EXTENSIONS_MAX - 1], 0x4000 + TLS_EXTENSIONS_MAX - 1);
	assert_true(hello.is_extensions_cut);
	assert_false(hello.is_damaged);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(flags) + 5] = {
		cmocka_unit_test(all_that_fingerprints_need),
		cmocka_unit_test(dtls_has_a_cookie_and_counts_downwards),
		cmocka_unit_test(what_stands_before_damage_is_kept),
		cmocka_unit_test(extensions_with_a_wrong_length),
		cmocka_unit_test(more_extensions_than_are_kept),
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		tests[i + 5] = (struct CMUnitTest){ .name = flags[i].name,
						    .test_func = run_flags,
						    .initial_state = &flags[i] };
	return cmocka_run_group_tests_name("tls client hello", tests, NULL, NULL);
}
