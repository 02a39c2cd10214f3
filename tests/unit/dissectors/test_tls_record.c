/* How a hello lies in the records of its stream (RFC 8446 5.1). */
#include "dissectors/tls_hello.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	FRAGMENT_MAX = 16384,
	STREAM_MAX = 40000,
};

struct record_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum dissect want_client;
	enum dissect want_server;
};

#define BYTES(s)    (s), sizeof(s) - 1
#define RANDOM      "0123456789abcdef0123456789abcdef"
#define CLIENT_BODY "\x03\x03" RANDOM "\0\0\x02\x13\x01\x01\0"
#define SERVER_BODY "\x03\x03" RANDOM "\0\x13\x01\0"

static struct record_case cases[] = {
	{ "nothing", BYTES(""), DISSECT_TRUNCATED, DISSECT_TRUNCATED },
	{ "a whole client hello", BYTES("\x16\x03\x01\0\x2d\x01\0\0\x29" CLIENT_BODY), DISSECT_OK,
	  DISSECT_OTHER },
	{ "a whole server hello", BYTES("\x16\x03\x03\0\x2a\x02\0\0\x26" SERVER_BODY),
	  DISSECT_OTHER, DISSECT_OK },
	{ "another message in the same record",
	  BYTES("\x16\x03\x03\0\x2e\x02\0\0\x26" SERVER_BODY "\x0b\0\0\0"), DISSECT_OTHER,
	  DISSECT_OK },
	{ "a record whose end is not there yet",
	  BYTES("\x16\x03\x03\x10\0\x02\0\0\x26" SERVER_BODY "\x0b"), DISSECT_OTHER, DISSECT_OK },
	{ "the type in a record of its own",
	  BYTES("\x16\x03\x01\0\x01\x01\x16\x03\x01\0\x2c\0\0\x29" CLIENT_BODY), DISSECT_OK,
	  DISSECT_OTHER },
	{ "another message behind a hello in two records",
	  BYTES("\x16\x03\x03\0\x02\x02\0\x16\x03\x03\0\x2c\0\x26" SERVER_BODY "\x0b\0\0\0"),
	  DISSECT_OTHER, DISSECT_OK },
	{ "one byte of a handshake", BYTES("\x16"), DISSECT_TRUNCATED, DISSECT_TRUNCATED },
	{ "one byte of HTTP", BYTES("G"), DISSECT_OTHER, DISSECT_OTHER },
	{ "a client hello's first byte", BYTES("\x16\x03\x01\x02\0\x01"), DISSECT_TRUNCATED,
	  DISSECT_OTHER },
	{ "an alert", BYTES("\x15\x03\x03\0\x02\x02\x28"), DISSECT_OTHER, DISSECT_OTHER },
	{ "application data", BYTES("\x17\x03\x03\0\x02\x40\x41"), DISSECT_OTHER, DISSECT_OTHER },
	{ "SSLv2", BYTES("\x80\x2e\x01\x03\x01"), DISSECT_OTHER, DISSECT_OTHER },
	{ "a major version of 2", BYTES("\x16\x02"), DISSECT_OTHER, DISSECT_OTHER },
	{ "a minor version of 5", BYTES("\x16\x03\x05"), DISSECT_OTHER, DISSECT_OTHER },
	{ "an empty record", BYTES("\x16\x03\x01\0\0"), DISSECT_OTHER, DISSECT_OTHER },
	{ "a record that is too long", BYTES("\x16\x03\x01\x40\x01\x01"), DISSECT_OTHER,
	  DISSECT_OTHER },
	{ "an alert in the middle of a hello",
	  BYTES("\x16\x03\x01\0\x01\x01\x15\x03\x01\0\x02\x02\x28"), DISSECT_MALFORMED,
	  DISSECT_OTHER },
	{ "an empty record in the middle of a hello",
	  BYTES("\x16\x03\x01\0\x01\x01\x16\x03\x01\0\0"), DISSECT_MALFORMED, DISSECT_OTHER },
	{ "a hello of 16 megabytes", BYTES("\x16\x03\x01\x40\0\x01\xff\xff\xff"), DISSECT_MALFORMED,
	  DISSECT_OTHER },
	{ "a hello just over the limit", BYTES("\x16\x03\x01\x40\0\x01\0\x3f\xfd"),
	  DISSECT_MALFORMED, DISSECT_OTHER },
	{ "a hello just at the limit", BYTES("\x16\x03\x01\x40\0\x01\0\x3f\xfc"), DISSECT_TRUNCATED,
	  DISSECT_OTHER },
};

static void run_case(void **state)
{
	const struct record_case *c = *state;
	uint8_t *exact = malloc(c->len > 0 ? c->len : 1);
	struct tls_scratch *scratch = malloc(sizeof(*scratch));
	struct tls_client_hello client;
	struct tls_server_hello server;

	assert_non_null(exact);
	assert_non_null(scratch);
	memcpy(exact, c->bytes, c->len);
	struct cursor in = cursor_over(exact, c->len);

	assert_int_equal(dissect_tls_client_hello(in, scratch, &client), c->want_client);
	assert_int_equal(dissect_tls_server_hello(in, scratch, &server), c->want_server);
	free(exact);
	free(scratch);
}

/* A client hello of TLS_HELLO_MAX bytes, by one large extension, in records of `size`. */
static size_t build_largest(uint8_t *stream, size_t size)
{
	static const char head[] = "\x01\0\x3f\xfc" CLIENT_BODY;
	const size_t extensions = TLS_HELLO_MAX - (sizeof(head) - 1) - 2;
	const size_t value = extensions - 4;
	const uint8_t lengths[] = {
		(uint8_t)(extensions >> 8), (uint8_t)extensions, 0, 0x15,
		(uint8_t)(value >> 8),      (uint8_t)value,
	};
	uint8_t message[TLS_HELLO_MAX] = { 0 };
	size_t len = 0;

	memcpy(message, head, sizeof(head) - 1);
	memcpy(&message[sizeof(head) - 1], lengths, sizeof(lengths));
	for (size_t at = 0; at < sizeof(message); at += size) {
		size_t left = sizeof(message) - at;
		size_t part = left < size ? left : size;
		const uint8_t header[] = { 0x16, 3, 1, (uint8_t)(part >> 8), (uint8_t)part };

		memcpy(&stream[len], header, sizeof(header));
		memcpy(&stream[len + sizeof(header)], &message[at], part);
		len += sizeof(header) + part;
	}
	return len;
}

static void the_largest_hello_is_read(void **state)
{
	static const size_t sizes[] = { FRAGMENT_MAX, FRAGMENT_MAX - 1, 1000, 10 };
	struct tls_scratch *scratch = malloc(sizeof(*scratch));
	uint8_t *stream = malloc(STREAM_MAX);

	(void)state;
	assert_non_null(scratch);
	assert_non_null(stream);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t len = build_largest(stream, sizes[i]);
		struct tls_client_hello hello;

		assert_int_equal(
			dissect_tls_client_hello(cursor_over(stream, len), scratch, &hello),
			DISSECT_OK);
		assert_int_equal(hello.extension_count, 1);
		assert_int_equal(
			dissect_tls_client_hello(cursor_over(stream, len - 1), scratch, &hello),
			DISSECT_TRUNCATED);
	}
	free(stream);
	free(scratch);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = {
		cmocka_unit_test(the_largest_hello_is_read),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("tls record", tests, NULL, NULL);
}
