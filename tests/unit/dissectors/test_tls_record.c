/* How hellos and other messages lie in the records of their stream (RFC 8446 5.1). */
#include "dissectors/tls_hello.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
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

/* What a walk should give: "m2" a message of type 2, "a2.40" an alert, "enc", and how it ends. */
struct walk_case {
	const char *name;
	const char *bytes;
	size_t len;
	const char *want;
};

#define HELLO_RECORD  "\x16\x03\x03\0\x2a\x02\0\0\x26" SERVER_BODY
#define CLIENT_RECORD "\x16\x03\x01\0\x2d\x01\0\0\x29" CLIENT_BODY
#define CHANGE_CIPHER "\x14\x03\x03\0\x01\x01"
#define DONE_RECORD   "\x16\x03\x03\0\x04\x0e\0\0\0"
#define DATA_RECORD   "\x17\x03\x03\0\x02xy"
#define FINISHED      "\x16\x03\x03\0\x08\x02zzzzzzz"
#define CERTIFICATE_12 \
	"\x0b\0\0\x08" \
	"12345678"

static struct walk_case walks[] = {
	{ "nothing", BYTES(""), "more" },
	{ "a server's side of TLS 1.2",
	  BYTES(HELLO_RECORD
		"\x16\x03\x03\0\x0c" CERTIFICATE_12 DONE_RECORD CHANGE_CIPHER FINISHED),
	  "m2 m11 m14 enc" },
	{ "all of it in one record",
	  BYTES("\x16\x03\x03\0\x3a\x02\0\0\x26" SERVER_BODY CERTIFICATE_12 "\x0e\0\0\0"),
	  "m2 m11 m14 more" },
	{ "a message over three records, and another in the last",
	  BYTES("\x16\x03\x03\0\x02\x0b\0\x16\x03\x03\0\x05\0\x08"
		"123\x16\x03\x03\0\x09"
		"45678\x0e\0\0\0"),
	  "m11 m14 more" },
	{ "from the middle on", BYTES(DONE_RECORD CHANGE_CIPHER), "m14 enc" },
	{ "a server's side of TLS 1.3", BYTES(HELLO_RECORD CHANGE_CIPHER DATA_RECORD), "m2 enc" },
	{ "without a change of cipher", BYTES(HELLO_RECORD DATA_RECORD), "m2 enc" },
	{ "asked to say hello again", BYTES(HELLO_RECORD CHANGE_CIPHER HELLO_RECORD DATA_RECORD),
	  "m2 m2 enc" },
	{ "says hello again",
	  BYTES(CLIENT_RECORD CHANGE_CIPHER CLIENT_RECORD CHANGE_CIPHER DATA_RECORD), "m1 m1 enc" },
	{ "a session resumed", BYTES(HELLO_RECORD CHANGE_CIPHER FINISHED), "m2 enc" },
	{ "another message behind the change", BYTES(HELLO_RECORD CHANGE_CIPHER DONE_RECORD),
	  "m2 enc" },
	{ "a change that nothing follows yet", BYTES(HELLO_RECORD CHANGE_CIPHER), "m2 more" },
	{ "a change whose follower has begun",
	  BYTES(HELLO_RECORD CHANGE_CIPHER "\x16\x03\x03\0\x2a\x02\0"), "m2 more" },
	{ "a change and a short record",
	  BYTES(HELLO_RECORD CHANGE_CIPHER "\x16\x03\x03\0\x02\x02\0"), "m2 enc" },
	{ "two changes", BYTES(HELLO_RECORD CHANGE_CIPHER CHANGE_CIPHER), "m2 enc" },
	{ "an alert behind the change",
	  BYTES(HELLO_RECORD CHANGE_CIPHER "\x15\x03\x03\0\x02\x02\x28"), "m2 enc" },
	{ "a change of cipher first of all", BYTES(CHANGE_CIPHER), "enc" },
	{ "encrypted for ever", BYTES(DATA_RECORD DATA_RECORD), "enc" },
	{ "data of no length", BYTES("\x17\x03\x03\0\0"), "enc" },
	{ "a fatal alert", BYTES("\x15\x03\x03\0\x02\x02\x28"), "a2.40 more" },
	{ "a warning, then a hello", BYTES("\x15\x03\x03\0\x02\x01\x70" HELLO_RECORD),
	  "a1.112 m2 more" },
	{ "an alert of no known level", BYTES("\x15\x03\x03\0\x02\x07\x28"), "enc" },
	{ "an alert as long as encrypted ones",
	  BYTES("\x15\x03\x03\0\x1a\x02"
		"2345678901234567890123456"),
	  "enc" },
	{ "an alert that is not whole yet", BYTES("\x15\x03\x03\0\x02\x02"), "more" },
	{ "an alert of no length", BYTES("\x15\x03\x03\0\0"), "other" },
	{ "a heartbeat in clear", BYTES(HELLO_RECORD "\x18\x03\x03\0\x03\x01\x40\0" DONE_RECORD),
	  "m2 m14 more" },
	{ "another content", BYTES("\x19"), "other" },
	{ "another protocol behind a record", BYTES(DONE_RECORD "HTTP"), "m14 broken" },
	{ "a hole in a message",
	  BYTES("\x16\x03\x03\0\x02\x0b\0"
		"HTTP"),
	  "broken" },
	{ "a change of cipher in a message", BYTES("\x16\x03\x03\0\x02\x0b\0" CHANGE_CIPHER),
	  "broken" },
	{ "a message that is too long, in one record", BYTES("\x16\x03\x03\0\x04\x0b\0\x3f\xfd"),
	  "broken" },
	{ "a message that is too long, in two",
	  BYTES("\x16\x03\x03\0\x01\x0b\x16\x03\x03\0\x03\0\x3f\xfd"), "broken" },
	{ "a change of cipher of two bytes", BYTES("\x14\x03\x03\0\x02\x01\x01"), "other" },
	{ "data that is too long", BYTES("\x17\x03\x03\x48\x01"), "other" },
	{ "data as long as can be", BYTES("\x17\x03\x03\x48\0"), "enc" },
};

enum { TEXT_MAX = 256, ITEMS_MAX = 16 };

/* The walk in words; each body is read to its end, so that ASan sees one that reaches too far. */
static void walk(struct cursor stream, struct tls_scratch *scratch, char *text)
{
	struct tls_records records;
	size_t len = 0;

	tls_records_start(&records, stream);
	for (int i = 0; i < ITEMS_MAX; i++) {
		static const char *const ends[] = { "", "other", "more", "broken" };
		struct tls_item item;
		enum dissect got = tls_records_next(&records, scratch, &item);
		char word[TEXT_MAX];

		if (got != DISSECT_OK)
			(void)snprintf(word, sizeof(word), "%s", ends[got]);
		else if (item.kind == TLS_ITEM_MESSAGE)
			(void)snprintf(word, sizeof(word), "m%u", item.message_type);
		else if (item.kind == TLS_ITEM_ALERT)
			(void)snprintf(word, sizeof(word), "a%u.%u", item.alert_level,
				       item.alert_description);
		else
			(void)snprintf(word, sizeof(word), "enc");
		len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s%s", i > 0 ? " " : "", word);
		if (got != DISSECT_OK || item.kind == TLS_ITEM_ENCRYPTED)
			return;
		while (cursor_left(&item.body) > 0)
			(void)cursor_u8(&item.body);
	}
	fail();
}

static void walk_copy(const uint8_t *bytes, size_t len, char *text)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct tls_scratch *scratch = malloc(sizeof(*scratch));

	assert_non_null(exact);
	assert_non_null(scratch);
	memcpy(exact, bytes, len);
	walk(cursor_over(exact, len), scratch, text);
	free(exact);
	free(scratch);
}

/* A shorter stream gives a part of what the whole one gives, and asks for more. */
static void run_walk(void **state)
{
	const struct walk_case *c = *state;
	char text[TEXT_MAX];

	walk_copy((const uint8_t *)c->bytes, c->len, text);
	assert_string_equal(text, c->want);
	for (size_t cut = 0; cut < c->len; cut++) {
		walk_copy((const uint8_t *)c->bytes, cut, text);
		size_t len = strlen(text);

		if (len >= 4 && strcmp(&text[len - 4], "more") == 0)
			len -= 4;
		assert_memory_equal(text, c->want, len);
	}
}

static void any_byte_may_be_wrong(void **state)
{
	uint8_t bytes[TEXT_MAX];
	char text[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		assert_true(walks[i].len <= sizeof(bytes));
		memcpy(bytes, walks[i].bytes, walks[i].len);
		for (size_t at = 0; at < walks[i].len; at++)
			for (int bit = 0; bit < 8; bit++) {
				bytes[at] ^= (uint8_t)(1 << bit);
				walk_copy(bytes, walks[i].len, text);
				bytes[at] ^= (uint8_t)(1 << bit);
			}
	}
}

static void the_walk_goes_on_saying_encrypted(void **state)
{
	static const char bytes[] = DONE_RECORD CHANGE_CIPHER;
	struct tls_scratch *scratch = malloc(sizeof(*scratch));
	struct tls_records records;
	struct tls_item item;

	(void)state;
	assert_non_null(scratch);
	tls_records_start(&records, cursor_over(BYTES(bytes)));
	for (int i = 0; i < 3; i++)
		assert_int_equal(tls_records_next(&records, scratch, &item), DISSECT_OK);
	assert_int_equal(item.kind, TLS_ITEM_ENCRYPTED);
	free(scratch);
}

static const struct {
	const char *bytes;
	size_t len;
	enum dissect want_client;
	enum dissect want_server;
} bare_messages[] = {
	{ BYTES("\x01\0\0\x29" CLIENT_BODY), DISSECT_OK, DISSECT_OTHER },
	{ BYTES("\x01\0\0\x29" CLIENT_BODY "\x0b\0"), DISSECT_OK, DISSECT_OTHER },
	{ BYTES("\x02\0\0\x26" SERVER_BODY), DISSECT_OTHER, DISSECT_OK },
	{ BYTES("\x01\0\0\x28\x03\x03"), DISSECT_TRUNCATED, DISSECT_OTHER },
	{ BYTES("\x02\0\0"), DISSECT_OTHER, DISSECT_TRUNCATED },
	{ BYTES("\x02\0\0\x01\x03"), DISSECT_OTHER, DISSECT_MALFORMED },
	{ BYTES("\x01\x01\0\0"), DISSECT_MALFORMED, DISSECT_OTHER },
	{ BYTES("\x0b\0\0\0"), DISSECT_OTHER, DISSECT_OTHER },
	{ BYTES(""), DISSECT_TRUNCATED, DISSECT_TRUNCATED },
};

static void a_message_may_come_without_records(void **state)
{
	struct tls_client_hello client;
	struct tls_server_hello server;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bare_messages); i++) {
		struct cursor in = cursor_over(bare_messages[i].bytes, bare_messages[i].len);

		assert_int_equal(dissect_tls_client_hello_message(in, &client),
				 bare_messages[i].want_client);
		assert_int_equal(dissect_tls_server_hello_message(in, &server),
				 bare_messages[i].want_server);
	}
}

static void a_hello_retry_request_is_told_by_its_random(void **state)
{
	static const char message[] =
		"\x02\0\0\x34\x03\x03\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8"
		"\x91"
		"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c\0\x13\x01\0"
		"\0\x0c\0\x2b\0\x02\x03\x04\0\x33\0\x02\0\x17";
	struct tls_server_hello hello;

	(void)state;
	assert_int_equal(dissect_tls_server_hello_message(cursor_over(BYTES(message)), &hello),
			 DISSECT_OK);
	assert_true(hello.is_hello_retry_request);
	assert_int_equal(hello.version, 0x0304);
	assert_int_equal(hello.legacy_version, 0x0303);
	assert_int_equal(hello.key_share_group, 0x0017);
	assert_int_equal(hello.extensions_kept, 2);
	assert_false(hello.is_damaged);
}

static void a_server_may_send_more_extensions_than_are_kept(void **state)
{
	uint8_t message[1024] = { 2, 0, 0, 0, 3, 3 };
	const size_t extensions = (TLS_EXTENSIONS_MAX + 1) * 4;
	const size_t head = 4 + 2 + 32 + 1 + 2 + 1;
	const size_t body = head - 4 + 2 + extensions;
	struct tls_server_hello hello;

	(void)state;
	message[2] = (uint8_t)(body >> 8);
	message[3] = (uint8_t)body;
	message[head] = (uint8_t)(extensions >> 8);
	message[head + 1] = (uint8_t)extensions;
	assert_int_equal(dissect_tls_server_hello_message(
				 cursor_over(message, head + 2 + extensions), &hello),
			 DISSECT_OK);
	assert_int_equal(hello.extensions_kept, TLS_EXTENSIONS_MAX);
	assert_true(hello.is_extensions_cut);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(walks) + 6] = {
		cmocka_unit_test(the_largest_hello_is_read),
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(the_walk_goes_on_saying_encrypted),
		cmocka_unit_test(a_message_may_come_without_records),
		cmocka_unit_test(a_hello_retry_request_is_told_by_its_random),
		cmocka_unit_test(a_server_may_send_more_extensions_than_are_kept),
	};
	size_t count = 6;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = cases[i].name,
						      .test_func = run_case,
						      .initial_state = &cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(walks); i++)
		tests[count++] = (struct CMUnitTest){ .name = walks[i].name,
						      .test_func = run_walk,
						      .initial_state = &walks[i] };
	return cmocka_run_group_tests_name("tls record", tests, NULL, NULL);
}
