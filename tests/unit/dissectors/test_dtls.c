#include "dissectors/dtls.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { DATAGRAM_MAX = 2048 };

#define BYTES(s) (s), sizeof(s) - 1
#define RANDOM   "0123456789abcdef0123456789abcdef"
#define SNI                              \
	"\0\x0b\0\0\0\x07\0\x05\0\0\x02" \
	"ab"
#define CLIENT                     \
	"\xfe\xfd" RANDOM "\0\x02" \
	"ck"                       \
	"\0\x02\xc0\x2b\x01\0" SNI                                               /* 0x39 bytes */
#define SERVER                                  "\xfe\xfd" RANDOM "\0\xc0\x2b\0" /* 0x26 bytes */
#define RECORD(len)                             "\x16\xfe\xff\0\0\0\0\0\0\0\x01\0" len
#define FRAGMENT(type, len, sequence, at, part) type "\0\0" len "\0" sequence "\0\0" at "\0\0" part
#define WHOLE(type, len)                        FRAGMENT(type, len, "\0", "\0", len)
#define CHANGE_CIPHER                           "\x14\xfe\xfd\0\0\0\0\0\0\0\x02\0\x01\x01"
#define ENCRYPTED                               "\x16\xfe\xfd\0\x01\0\0\0\0\0\0\0\x02zz"

struct dtls_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum dissect want_client;
	enum dissect want_server;
	enum dissect want_verify;
};

static struct dtls_case cases[] = {
	{ "a client's hello", BYTES(RECORD("\x45") WHOLE("\x01", "\x39") CLIENT), DISSECT_OK,
	  DISSECT_OTHER, DISSECT_OTHER },
	{ "a server's hello among others",
	  BYTES(RECORD("\x32") WHOLE("\x02", "\x26") SERVER RECORD("\x0c") WHOLE("\x0e", "\0")
			CHANGE_CIPHER ENCRYPTED),
	  DISSECT_OTHER, DISSECT_OK, DISSECT_OTHER },
	{ "a hello in the same record as another message",
	  BYTES(RECORD("\x3e") WHOLE("\x0e", "\0") WHOLE("\x02", "\x26") SERVER), DISSECT_OTHER,
	  DISSECT_OK, DISSECT_OTHER },
	{ "a request to verify",
	  BYTES(RECORD("\x11") WHOLE("\x03", "\x05") "\xfe\xff\x02"
						     "ck"),
	  DISSECT_OTHER, DISSECT_OTHER, DISSECT_OK },
	{ "a request whose cookie reaches beyond",
	  BYTES(RECORD("\x11") WHOLE("\x03", "\x05") "\xfe\xff\x03"
						     "ck"),
	  DISSECT_OTHER, DISSECT_OTHER, DISSECT_MALFORMED },
	{ "a hello in two fragments, with others between",
	  BYTES(RECORD("\x0d") FRAGMENT("\x02", "\x26", "\x01", "\0", "\x01") "\xfe" RECORD(
		  "\x0d") FRAGMENT("\x02", "\x26", "\x01", "\0", "\x01") "\xfe" RECORD("\x0d")
			FRAGMENT("\x02", "\x26", "\x02", "\x01", "\x01") "\xff" RECORD("\x31")
				FRAGMENT("\x02", "\x26", "\x01", "\x01", "\x25") "\xfd" RANDOM
										 "\0\xc0\x2b\0"),
	  DISSECT_OTHER, DISSECT_OK, DISSECT_OTHER },
	{ "the rest is in another datagram",
	  BYTES(RECORD("\x0d") FRAGMENT("\x02", "\x26", "\x01", "\0", "\x01") "\xfe"),
	  DISSECT_OTHER, DISSECT_TRUNCATED, DISSECT_OTHER },
	{ "the beginning is in another datagram",
	  BYTES(RECORD("\x0d") FRAGMENT("\x02", "\x26", "\x01", "\x25", "\x01") "\xfe"),
	  DISSECT_OTHER, DISSECT_TRUNCATED, DISSECT_OTHER },
	{ "fragments that differ in their message's length",
	  BYTES(RECORD("\x1a") FRAGMENT("\x02", "\x26", "\x01", "\0", "\x01") "\xfe" FRAGMENT(
		  "\x02", "\x27", "\x01", "\x01", "\x01") "\xfd"),
	  DISSECT_OTHER, DISSECT_MALFORMED, DISSECT_OTHER },
	{ "a fragment that reaches beyond its message",
	  BYTES(RECORD("\x0d") FRAGMENT("\x02", "\x26", "\x01", "\x26", "\x01") "\xfe"),
	  DISSECT_MALFORMED, DISSECT_MALFORMED, DISSECT_MALFORMED },
	{ "a fragment that reaches beyond its record",
	  BYTES(RECORD("\x0d") FRAGMENT("\x02", "\x26", "\x01", "\0", "\x02") "\xfe"),
	  DISSECT_MALFORMED, DISSECT_MALFORMED, DISSECT_MALFORMED },
	{ "a hello that is too long", BYTES(RECORD("\x0c") "\x02\0\x3f\xfd\0\0\0\0\0\0\0\0"),
	  DISSECT_OTHER, DISSECT_MALFORMED, DISSECT_OTHER },
	{ "a hello without its contents", BYTES(RECORD("\x0c") WHOLE("\x02", "\0")), DISSECT_OTHER,
	  DISSECT_MALFORMED, DISSECT_OTHER },
	{ "encrypted", BYTES(ENCRYPTED), DISSECT_OTHER, DISSECT_OTHER, DISSECT_OTHER },
	{ "something else behind a record", BYTES(CHANGE_CIPHER "x"), DISSECT_OTHER, DISSECT_OTHER,
	  DISSECT_OTHER },
	{ "OpenSSL's own version", BYTES("\x14\x01\0\0\0\0\0\0\0\0\x02\0\x01\x01"), DISSECT_OTHER,
	  DISSECT_OTHER, DISSECT_OTHER },
	{ "nothing", BYTES(""), DISSECT_TRUNCATED, DISSECT_TRUNCATED, DISSECT_TRUNCATED },
};

static const struct {
	const char *bytes;
	size_t len;
} others[] = {
	{ BYTES("\x13") },
	{ BYTES("\x1b") },
	{ BYTES("\x16\x03\x01") },
	{ BYTES("\x16\xfe\xfe") },
	{ BYTES("\x16\xfe\xff\0\0\0\0\0\0\0\0\x48\x01") },
};

struct answers {
	enum dissect client, server, verify;
};

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.data, want, got.len);
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static struct answers dissect_copy(const uint8_t *bytes, size_t len, bool is_sound)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct tls_scratch *scratch = malloc(sizeof(*scratch));
	struct tls_client_hello client = { 0 };
	struct tls_server_hello server = { 0 };
	struct dtls_hello_verify_request request = { 0 };

	assert_non_null(exact);
	assert_non_null(scratch);
	memcpy(exact, bytes, len);
	struct cursor in = cursor_over(exact, len);
	struct answers got = { dissect_dtls_client_hello(in, scratch, &client), DISSECT_OK,
			       DISSECT_OK };

	if (is_sound && got.client == DISSECT_OK) {
		assert_text(client.sni, "ab");
		assert_text(client.cookie, "ck");
		assert_false(client.is_damaged);
	}
	got.server = dissect_dtls_server_hello(in, scratch, &server);
	if (is_sound && got.server == DISSECT_OK) {
		assert_int_equal(server.version, 0xfefd);
		assert_int_equal(server.cipher, 0xc02b);
	}
	got.verify = dissect_dtls_hello_verify_request(in, scratch, &request);
	if (is_sound && got.verify == DISSECT_OK) {
		assert_int_equal(request.version, 0xfeff);
		assert_text(request.cookie, "ck");
	}
	assert_true((client.legacy_version == 0 && client.random.len == 0) ||
		    got.client == DISSECT_OK);
	assert_true(server.random.len == 0 || got.server == DISSECT_OK);
	assert_true(request.cookie.data == NULL || got.verify == DISSECT_OK);
	free(exact);
	free(scratch);
	return got;
}

/* Where a datagram is cut the records before the cut may have held the message already. */
static void try_prefixes(const struct dtls_case *c)
{
	for (size_t cut = 0; cut < c->len; cut++) {
		struct answers got = dissect_copy((const uint8_t *)c->bytes, cut, true);

		assert_true(got.client != DISSECT_OK || c->want_client == DISSECT_OK);
		assert_true(got.server != DISSECT_OK || c->want_server == DISSECT_OK);
		assert_true(got.verify != DISSECT_OK || c->want_verify == DISSECT_OK);
	}
}

static void try_mutations(const struct dtls_case *c)
{
	uint8_t bytes[DATAGRAM_MAX];

	assert_true(c->len <= sizeof(bytes));
	memcpy(bytes, c->bytes, c->len);
	for (size_t at = 0; at < c->len; at++)
		for (int bit = 0; bit < 8; bit++) {
			bytes[at] ^= (uint8_t)(1 << bit);
			(void)dissect_copy(bytes, c->len, false);
			bytes[at] ^= (uint8_t)(1 << bit);
		}
}

static void run_case(void **state)
{
	const struct dtls_case *c = *state;
	struct answers got = dissect_copy((const uint8_t *)c->bytes, c->len, true);

	assert_int_equal(got.client, c->want_client);
	assert_int_equal(got.server, c->want_server);
	assert_int_equal(got.verify, c->want_verify);
	try_prefixes(c);
	try_mutations(c);
}

static void what_is_no_dtls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct answers got =
			dissect_copy((const uint8_t *)others[i].bytes, others[i].len, true);

		assert_int_equal(got.client, DISSECT_OTHER);
		assert_int_equal(got.server, DISSECT_OTHER);
		assert_int_equal(got.verify, DISSECT_OTHER);
	}
}

static void a_record_and_its_fragments(void **state)
{
	static const char bytes[] = "\x16\xfe\xfd\0\0\x01\x02\x03\x04\x05\x06\0\x0f"
				    "\x0b\0\x12\x34\0\x05\0\x01\x02\0\0\x03xyz";
	struct cursor in = cursor_over(BYTES(bytes));
	struct dtls_record record;
	struct dtls_fragment fragment;

	(void)state;
	assert_int_equal(dtls_record_next(&in, &record), DISSECT_OK);
	assert_int_equal(record.content, DTLS_HANDSHAKE);
	assert_int_equal(record.version, 0xfefd);
	assert_int_equal(record.epoch, 0);
	assert_true(record.sequence == UINT64_C(0x010203040506));
	assert_int_equal(cursor_left(&in), 0);
	assert_int_equal(dtls_fragment_next(&record.fragment, &fragment), DISSECT_OK);
	assert_int_equal(fragment.message_type, TLS_CERTIFICATE);
	assert_int_equal(fragment.message_len, 0x1234);
	assert_int_equal(fragment.message_sequence, 5);
	assert_int_equal(fragment.offset, 0x0102);
	assert_text(fragment.bytes, "xyz");
	assert_int_equal(cursor_left(&record.fragment), 0);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(what_is_no_dtls),
		cmocka_unit_test(a_record_and_its_fragments),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dtls", tests, NULL, NULL);
}
