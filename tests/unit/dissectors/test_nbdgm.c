#include "dissectors/nbdgm.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_nbdgm(in, out);
}

static const struct message_kind datagram = { run, sizeof(struct nbdgm), false };

#define HEAD "\x11\x0a\x12\x34\xc0\0\2\7\0\x8a\0\xc9\0\0"
/* PC, suffix 0x00; WORK, suffix 0x1d. */
#define PC     \
	"\x20" \
	"FAEDCACACACACACACACACACACACACAAA\0"
#define WORK   \
	"\x20" \
	"FHEPFCELCACACACACACACACACACACABN\0"
#define NAMES PC WORK
#define HEADER \
	"\xff" \
	"SMB\x25\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* The words of a transaction whose data stand 86 bytes behind the beginning of SMB. */
#define WORDS(data_len)                                                       \
	"\x11\0\0" data_len "\0\0\0\0\0\0\0\0\xe8\3\0\0\0\0\0\0\0\0" data_len \
	"\x56\0\3\0\1\0\1\0\2\0\x32\0"
#define BROWSE "\\MAILSLOT\\BROWSE\0"
#define HOST   "DRUCKER-3\0xxxxxx"
#define SERVER "\5\1\3\x10\1\0"
#define ANNOUNCEMENT(command)                                   \
	command "\0\x80\xfc\x0a\0" HOST SERVER "\x0f\1\x55\xaa" \
		"Zweiter Stock\0"
#define LEN "\x2e\0"
#define SMB HEADER WORDS(LEN)

static void check_names(const void *out)
{
	const struct nbdgm *msg = out;

	assert_int_equal(msg->type, NBDGM_DIRECT_GROUP);
	assert_memory_equal(msg->source_address, "\xc0\0\2\7", NBDGM_IP_LEN);
	assert_int_equal(msg->source_port, 138);
	assert_string_equal(msg->source.text, "PC");
	assert_int_equal(msg->source.suffix, 0);
	assert_string_equal(msg->destination.text, "WORK");
	assert_int_equal(msg->destination.suffix, 0x1d);
}

static void check_no_announcement(const void *out)
{
	check_names(out);
	assert_false(((const struct nbdgm *)out)->has_announcement);
}

static void check_announcement(const void *out)
{
	const struct nbdgm *msg = out;

	check_names(out);
	assert_true(msg->has_announcement);
	assert_int_equal(msg->command, NBDGM_HOST_ANNOUNCEMENT);
	assert_string_equal(msg->host, "DRUCKER-3");
	assert_int_equal(msg->os_major, 5);
	assert_int_equal(msg->os_minor, 1);
	assert_int_equal(msg->server_type, 0x00011003);
	assert_text(msg->comment, "Zweiter Stock");
}

static void check_domain(const void *out)
{
	const struct nbdgm *msg = out;

	assert_true(msg->has_announcement);
	assert_int_equal(msg->command, NBDGM_DOMAIN_ANNOUNCEMENT);
}

static void check_master(const void *out)
{
	assert_int_equal(((const struct nbdgm *)out)->command, NBDGM_LOCAL_MASTER_ANNOUNCEMENT);
}

static void check_long_host(const void *out)
{
	const struct nbdgm *msg = out;

	assert_true(msg->has_announcement);
	assert_string_equal(msg->host, "ABCDEFGHIJKLMNOP");
	assert_text(msg->comment, "");
}

static void check_scope(const void *out)
{
	const struct nbdgm *msg = out;

	assert_string_equal(msg->source.text, "PC");
	assert_string_equal(msg->destination.text, "WORK");
}

#define PC_LETTERS "FAEDCACACACACACACACACACACACACAAA"

static struct message_case cases[] = {
	{ "names alone", &datagram, BYTES(HEAD NAMES), DISSECT_OK, check_no_announcement },
	{ "a host's announcement", &datagram, BYTES(HEAD NAMES SMB BROWSE ANNOUNCEMENT("\1")),
	  DISSECT_OK, check_announcement },
	{ "the slot in lower case", &datagram,
	  BYTES(HEAD NAMES SMB "\\mailslot\\browse\0" ANNOUNCEMENT("\1")), DISSECT_OK,
	  check_announcement },
	{ "a domain's announcement", &datagram, BYTES(HEAD NAMES SMB BROWSE ANNOUNCEMENT("\x0c")),
	  DISSECT_OK, check_domain },
	{ "a master browser's", &datagram, BYTES(HEAD NAMES SMB BROWSE ANNOUNCEMENT("\x0f")),
	  DISSECT_OK, check_master },
	{ "sixteen characters, and no comment", &datagram,
	  BYTES(HEAD NAMES HEADER WORDS("\x20\0") BROWSE "\1\0\x80\xfc\x0a\0"
							 "ABCDEFGHIJKLMNOP" SERVER
							 "\x0f\1\x55\xaa"),
	  DISSECT_OK, check_long_host },
	{ "an election", &datagram, BYTES(HEAD NAMES SMB BROWSE ANNOUNCEMENT("\x08")), DISSECT_OK,
	  check_no_announcement },
	{ "an announcement that is cut", &datagram,
	  BYTES(HEAD NAMES SMB BROWSE "\1\0\x80\xfc\x0a\0" HOST), DISSECT_OK,
	  check_no_announcement },
	{ "a logon's mailslot", &datagram,
	  BYTES(HEAD NAMES SMB "\\MAILSLOT\\NETLOGON\0" ANNOUNCEMENT("\1")), DISSECT_OK,
	  check_no_announcement },
	{ "a mailslot of the same length", &datagram,
	  BYTES(HEAD NAMES SMB "\\MAILSLOT\\BROWSX\0" ANNOUNCEMENT("\1")), DISSECT_OK,
	  check_no_announcement },
	{ "a transaction of another kind", &datagram,
	  BYTES(HEAD NAMES HEADER "\x10" WORDS(LEN) BROWSE ANNOUNCEMENT("\1")), DISSECT_OK,
	  check_no_announcement },
	{ "data far outside", &datagram,
	  BYTES(HEAD NAMES HEADER "\x11\0\0\x2e\0\0\0\0\0\0\0\0\0\xe8\3\0\0\0\0\0\0\0\0\x2e\0\xff"
				  "\xff\3\0\1\0\1\0\2\0\x32\0" BROWSE ANNOUNCEMENT("\1")),
	  DISSECT_OK, check_no_announcement },
	{ "SMB of another command", &datagram,
	  BYTES(HEAD NAMES "\xff"
			   "SMB\x72\0\0\0"),
	  DISSECT_OK, check_no_announcement },
	{ "a later fragment", &datagram,
	  BYTES("\x11\x0a\x12\x34\xc0\0\2\7\0\x8a\0\xc9\0\1" NAMES SMB BROWSE ANNOUNCEMENT("\1")),
	  DISSECT_OK, check_no_announcement },
	{ "names with a scope and with a pointer", &datagram,
	  BYTES(HEAD "\x20" PC_LETTERS "\5scope\0"
		     "\x20"
		     "FHEPFCELCACACACACACACACACACACABN\xc0\x0c"),
	  DISSECT_OK, check_scope },
	{ "a unique name", &datagram, BYTES("\x10\x0a\x12\x34\xc0\0\2\7\0\x8a\0\xc9\0\0" NAMES),
	  DISSECT_OK, NULL },
	{ "an error", &datagram, BYTES("\x13\x0a\x12\x34\xc0\0\2\7\0\x8a\x82"), DISSECT_OTHER,
	  NULL },
	{ "another protocol", &datagram, BYTES("\1\x0a"), DISSECT_OTHER, NULL },
	{ "a name of another length", &datagram, BYTES(HEAD "\x1f" PC_LETTERS "\0" WORK),
	  DISSECT_MALFORMED, NULL },
	{ "a name of other letters", &datagram,
	  BYTES(HEAD "\x20"
		     "FZEDCACACACACACACACACACACACACAAA\0" WORK),
	  DISSECT_MALFORMED, NULL },
	{ "a suffix of other letters", &datagram,
	  BYTES(HEAD "\x20"
		     "FAEDCACACACACACACACACACACACACA00\0" WORK),
	  DISSECT_MALFORMED, NULL },
	{ "a second name that is none", &datagram,
	  BYTES(HEAD PC "\x20"
			"faedcacacacacacacacacacacacacaaa\0"),
	  DISSECT_MALFORMED, NULL },
	{ "a label that is neither", &datagram, BYTES(HEAD "\x20" PC_LETTERS "\x80"),
	  DISSECT_MALFORMED, NULL },
	{ "nothing", &datagram, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("nbdgm", cases, ARRAY_LEN(cases));
}
