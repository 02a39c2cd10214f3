/* Where a session may be taken up: a reader that would take a message is asked for it. */
#include "sensor/dialogue/session_readers.h"
#include "tests/support/cmocka.h"

#include <string.h>

enum { MESSAGE_MAX = 64 };

struct message_case {
	const char *name;
	const char *bytes;
	size_t len;
};

#define MESSAGE(bytes) (bytes), sizeof(bytes) - 1

static struct message_case cases[] = {
	{ "an HTTP request", MESSAGE("GET / HTTP/1.1\r\n\r\n") },
	{ "an HTTP request behind a blank line", MESSAGE("\r\nGET / HTTP/1.1\r\n\r\n") },
	{ "an HTTP response", MESSAGE("HTTP/1.1 200 OK\r\n\r\n") },
	{ "a record of TLS", MESSAGE("\x16\x03\x01\x00\x41\x01\x00\x00\x3d") },
	{ "a reply with a code", MESSAGE("220 ready\r\n") },
	{ "a command", MESSAGE("QUIT\r\n") },
	{ "a command behind Telnet's", MESSAGE("\xff\xf2QUIT\r\n") },
	{ "an IMAP command", MESSAGE("a1 NOOP\r\n") },
	{ "an IMAP reply", MESSAGE("a1 OK done\r\n") },
	{ "an IMAP reply without a tag", MESSAGE("* OK ready\r\n") },
	{ "a POP3 reply", MESSAGE("+OK ready\r\n") },
	{ "an SSH banner", MESSAGE("SSH-2.0-x\r\n") },
	{ "a Telnet option", MESSAGE("\xff\xfd\x18") },
	{ "a bind of DCE/RPC", MESSAGE("\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00\x00\x00") },
	{ "an LDAP bind", MESSAGE("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00") },
	{ "an SMB negotiation",
	  MESSAGE("\x00\x00\x00\x24\xfeSMB\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
};

/* How many readers take it; each of them must be asked. */
static size_t takers(bool from_client, struct span bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < session_readers_count; i++) {
		const struct session_reader *reader = session_readers[i];

		if (!reader->begins ||
		    !reader->begins(from_client, cursor_over(bytes.data, bytes.len)))
			continue;
		assert_true(session_reader_begins(reader, from_client, bytes));
		count++;
	}
	return count;
}

static void run_case(void **state)
{
	const struct message_case *c = *state;
	uint8_t bytes[MESSAGE_MAX];
	const struct span message = { .data = bytes, .len = c->len };

	memcpy(bytes, c->bytes, c->len);
	assert_true(takers(true, message) + takers(false, message) > 0);
	for (unsigned first = 0; first <= UINT8_MAX; first++) {
		bytes[0] = (uint8_t)first;
		(void)takers(true, message);
		(void)takers(false, message);
	}
}

static void nothing_begins_in_no_bytes(void **state)
{
	const struct span none = { 0 };

	(void)state;
	for (size_t i = 0; i < session_readers_count; i++) {
		assert_false(session_reader_begins(session_readers[i], true, none));
		assert_false(session_reader_begins(session_readers[i], false, none));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = { 0 };
	size_t n = 0;

	for (; n < ARRAY_LEN(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
						.test_func = run_case,
						.initial_state = &cases[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nothing_begins_in_no_bytes);
	return cmocka_run_group_tests_name("session reader", tests, NULL, NULL);
}
