#include "dissectors/ssh.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { STREAM_MAX = 2048 };

#define BYTES(s) (s), sizeof(s) - 1

struct line_case {
	const char *name;
	const char *stream;
	size_t len;
	enum dissect want;
	const char *want_line;
	const char *want_version;
	const char *want_software;
	const char *want_comment;
	size_t want_left;
};

#define L64              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LONGEST_SOFTWARE L64 L64 L64 "0123456789abcdef0123456789abcdef0123456789abcdef01234"
#define LONGEST          "SSH-2.0-" LONGEST_SOFTWARE
#define LINES4           "a\r\nb\nc\r\n\n"

static struct line_case lines[] = {
	{ "OpenSSH", BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n\0\0"), DISSECT_OK,
	  "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", "2.0", "OpenSSH_9.2p1", "Debian-2+deb12u10",
	  2 },
	{ "without a comment", BYTES("SSH-2.0-dropbear_2022.83\r\n"), DISSECT_OK,
	  "SSH-2.0-dropbear_2022.83", "2.0", "dropbear_2022.83", "", 0 },
	{ "a line feed alone ends it too", BYTES("SSH-1.99-Cisco-1.25\n"), DISSECT_OK,
	  "SSH-1.99-Cisco-1.25", "1.99", "Cisco-1.25", "", 0 },
	{ "only the last carriage return goes", BYTES("SSH-2.0-a\rb\r\n"), DISSECT_OK,
	  "SSH-2.0-a\rb", "2.0", "a\rb", "", 0 },
	{ "software may be missing", BYTES("SSH-2.0\r\n"), DISSECT_OK, "SSH-2.0", "2.0", "", "",
	  0 },
	{ "lines before it", BYTES("Welcome\r\nto SSH-2.0\r\n\r\nSSH-2.0-x y z\r\n"), DISSECT_OK,
	  "SSH-2.0-x y z", "2.0", "x", "y z", 0 },
	{ "as many lines before it as there may be",
	  BYTES(LINES4 LINES4 LINES4 LINES4 "SSH-2.0-x\n"), DISSECT_OK, "SSH-2.0-x", "2.0", "x", "",
	  0 },
	{ "one line more", BYTES(LINES4 LINES4 LINES4 LINES4 "\nSSH-2.0-x\n"),
	  .want = DISSECT_OTHER },
	{ "its beginning behind a line", BYTES("Welcome\r\nSS"), .want = DISSECT_TRUNCATED },
	{ "the longest line", BYTES(LONGEST "\r\n"), DISSECT_OK, LONGEST, "2.0", LONGEST_SOFTWARE,
	  "", 0 },
	{ "one byte longer", BYTES(LONGEST "x\r\n"), .want = DISSECT_MALFORMED },
	{ "too long already, without an end", BYTES("SSH-2.0-" L64 L64 L64 L64),
	  .want = DISSECT_MALFORMED },
	{ "no version", BYTES("SSH--x\r\n"), .want = DISSECT_MALFORMED },
	{ "a version that is no number", BYTES("SSH-x-y\r\n"), .want = DISSECT_MALFORMED },
	{ "nothing behind the prefix", BYTES("SSH-\r\n"), .want = DISSECT_MALFORMED },
	{ "another protocol that greets", BYTES("220 mail ESMTP\r\n"), .want = DISSECT_OTHER },
	{ "no text at all", BYTES("\x16\x03\x01"), .want = DISSECT_OTHER },
	{ "nothing", BYTES(""), .want = DISSECT_TRUNCATED },
};

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static uint8_t *exact_copy(const void *bytes, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	return exact;
}

static enum dissect identify(const struct line_case *c, size_t len, bool is_whole)
{
	uint8_t *exact = exact_copy(c->stream, len);
	struct cursor stream = cursor_over(exact, len);
	uint8_t untouched[sizeof(struct ssh_identification)];
	struct ssh_identification id;

	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&id, untouched, sizeof(id));
	enum dissect got = dissect_ssh_identification(&stream, &id);

	if (got != DISSECT_OK) {
		assert_memory_equal(&id, untouched, sizeof(id));
		assert_int_equal(cursor_left(&stream), len);
	} else if (is_whole) {
		assert_text(id.line, c->want_line);
		assert_text(id.version, c->want_version);
		assert_text(id.software, c->want_software);
		assert_text(id.comment, c->want_comment);
		assert_int_equal(cursor_left(&stream), c->want_left);
	}
	free(exact);
	return got;
}

static void run_line(void **state)
{
	const struct line_case *c = *state;
	bool is_first = c->len > 0 && c->stream[0] == 'S';

	assert_int_equal(identify(c, c->len, true), c->want);
	for (size_t cut = 0; cut < c->len - c->want_left; cut++) {
		enum dissect got = identify(c, cut, false);

		if (c->want == DISSECT_OK)
			assert_true(got == DISSECT_TRUNCATED ||
				    (got == DISSECT_OTHER && !is_first));
	}
}

/* RFC 4253 7.1 with lists as short as they go. */
#define KEXINIT            \
	"\x14"             \
	"cookiecookiecook" \
	"\0\0\0\x03"       \
	"a,b"              \
	"\0\0\0\x01"       \
	"c"                \
	"\0\0\0\x02"       \
	"d1"               \
	"\0\0\0\x02"       \
	"d2"               \
	"\0\0\0\x02"       \
	"e1"               \
	"\0\0\0\x02"       \
	"e2"               \
	"\0\0\0\x04"       \
	"none"             \
	"\0\0\0\x04"       \
	"zlib"             \
	"\0\0\0\0"         \
	"\0\0\0\x02"       \
	"en"               \
	"\x01"             \
	"\0\0\0\0"

static void a_kexinit_is_read(void **state)
{
	uint8_t *exact = exact_copy(BYTES(KEXINIT));
	struct ssh_kexinit kexinit;

	(void)state;
	assert_int_equal(dissect_ssh_kexinit((struct span){ exact, sizeof(KEXINIT) - 1 }, &kexinit),
			 DISSECT_OK);
	assert_text(kexinit.cookie, "cookiecookiecook");
	assert_text(kexinit.kex, "a,b");
	assert_text(kexinit.host_key, "c");
	assert_text(kexinit.encryption_to_server, "d1");
	assert_text(kexinit.encryption_to_client, "d2");
	assert_text(kexinit.mac_to_server, "e1");
	assert_text(kexinit.mac_to_client, "e2");
	assert_text(kexinit.compression_to_server, "none");
	assert_text(kexinit.compression_to_client, "zlib");
	assert_text(kexinit.languages_to_server, "");
	assert_text(kexinit.languages_to_client, "en");
	assert_true(kexinit.first_kex_follows);
	free(exact);
}

static enum dissect read_kexinit(const void *bytes, size_t len)
{
	uint8_t *exact = exact_copy(bytes, len);
	uint8_t untouched[sizeof(struct ssh_kexinit)];
	struct ssh_kexinit kexinit;

	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&kexinit, untouched, sizeof(kexinit));
	enum dissect got = dissect_ssh_kexinit((struct span){ exact, len }, &kexinit);

	if (got != DISSECT_OK)
		assert_memory_equal(&kexinit, untouched, sizeof(kexinit));
	free(exact);
	return got;
}

static void a_kexinit_that_ends_early(void **state)
{
	enum { RESERVED_LEN = 4 };
	(void)state;
	assert_int_equal(read_kexinit("", 0), DISSECT_OTHER);
	assert_int_equal(read_kexinit("\x15", 1), DISSECT_OTHER);
	for (size_t cut = 1; cut < sizeof(KEXINIT) - 1; cut++)
		assert_int_equal(read_kexinit(KEXINIT, cut),
				 cut < sizeof(KEXINIT) - 1 - RESERVED_LEN ? DISSECT_MALFORMED
									  : DISSECT_OK);
}

static void any_byte_of_a_kexinit_may_change(void **state)
{
	char bytes[] = KEXINIT;

	(void)state;
	for (size_t at = 0; at < sizeof(bytes) - 1; at++) {
		char held = bytes[at];

		for (int value = 0; value <= UINT8_MAX; value++) {
			bytes[at] = (char)value;
			(void)read_kexinit(bytes, sizeof(bytes) - 1);
		}
		bytes[at] = held;
	}
}

struct packet_case {
	const char *name;
	const char *stream;
	size_t len;
	enum dissect want;
	uint8_t want_message;
	const char *want_payload;
	size_t want_left;
};

static struct packet_case packets[] = {
	{ "NEWKEYS", BYTES("\0\0\0\x0c\x0a\x15ppppppppppmore"), DISSECT_OK, SSH_NEWKEYS, "\x15",
	  4 },
	{ "a payload of several bytes",
	  BYTES("\0\0\0\x0c\x04\x01"
		"abcdefpppp"),
	  DISSECT_OK, SSH_DISCONNECT,
	  "\x01"
	  "abcdef",
	  0 },
	{ "no padding", BYTES("\0\0\0\x02\x00\x15"), DISSECT_OK, SSH_NEWKEYS, "\x15", 0 },
	{ "no room for a message", BYTES("\0\0\0\x0c\x0bppppppppppp"), .want = DISSECT_MALFORMED },
	{ "more padding than there is", BYTES("\0\0\0\x0c\xffppppppppppp"),
	  .want = DISSECT_MALFORMED },
	{ "too short", BYTES("\0\0\0\x01\x00"), .want = DISSECT_MALFORMED },
	{ "too long", BYTES("\0\0\x88\xb9\x00"), .want = DISSECT_MALFORMED },
	{ "as long as may be", BYTES("\0\0\x88\xb8\x00"), .want = DISSECT_TRUNCATED },
};

static enum dissect read_packet(const struct packet_case *c, size_t len, bool is_whole)
{
	uint8_t *exact = exact_copy(c->stream, len);
	struct cursor stream = cursor_over(exact, len);
	uint8_t untouched[sizeof(struct ssh_packet)];
	struct ssh_packet packet;

	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&packet, untouched, sizeof(packet));
	enum dissect got = dissect_ssh_packet(&stream, &packet);

	if (got != DISSECT_OK) {
		assert_memory_equal(&packet, untouched, sizeof(packet));
		assert_int_equal(cursor_left(&stream), len);
	} else if (is_whole) {
		assert_int_equal(packet.message, c->want_message);
		assert_text(packet.payload, c->want_payload);
		assert_int_equal(cursor_left(&stream), c->want_left);
	}
	free(exact);
	return got;
}

static void run_packet(void **state)
{
	const struct packet_case *c = *state;

	assert_int_equal(read_packet(c, c->len, true), c->want);
	for (size_t cut = 0; cut < c->len - c->want_left; cut++) {
		enum dissect got = read_packet(c, cut, false);

		if (c->want == DISSECT_OK)
			assert_int_equal(got, DISSECT_TRUNCATED);
	}
}

/* A client's stream as far as it is clear, in any two pieces. */
static void a_stream_up_to_newkeys(void **state)
{
	static const char stream[] = "SSH-2.0-x\r\n"
				     "\0\0\0\x59\x04" KEXINIT "pppp"
				     "\0\0\0\x0c\x0a\x15pppppppppp"
				     "\xde\xad\xbe\xef";
	size_t end = sizeof(stream) - 1;

	(void)state;
	for (size_t cut = 0; cut <= end; cut++) {
		uint8_t *exact = exact_copy(stream, cut);
		struct cursor in = cursor_over(exact, cut);
		struct ssh_identification id;
		struct ssh_packet packet = { 0 };
		enum dissect got = dissect_ssh_identification(&in, &id);

		while (got == DISSECT_OK && packet.message != SSH_NEWKEYS)
			got = dissect_ssh_packet(&in, &packet);
		assert_int_equal(got, cut < end - 4 ? DISSECT_TRUNCATED : DISSECT_OK);
		if (got == DISSECT_OK)
			assert_int_equal(cursor_left(&in), cut - (end - 4));
		free(exact);
	}
}

int main(void)
{
	enum { ALONE = 4 };
	struct CMUnitTest tests[ALONE + ARRAY_LEN(lines) + ARRAY_LEN(packets)] = {
		cmocka_unit_test(a_kexinit_is_read),
		cmocka_unit_test(a_kexinit_that_ends_early),
		cmocka_unit_test(any_byte_of_a_kexinit_may_change),
		cmocka_unit_test(a_stream_up_to_newkeys),
	};
	struct CMUnitTest *next = tests + ALONE;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		*next++ = (struct CMUnitTest){ .name = lines[i].name,
					       .test_func = run_line,
					       .initial_state = &lines[i] };
	for (size_t i = 0; i < ARRAY_LEN(packets); i++)
		*next++ = (struct CMUnitTest){ .name = packets[i].name,
					       .test_func = run_packet,
					       .initial_state = &packets[i] };
	return cmocka_run_group_tests_name("ssh", tests, NULL, NULL);
}
