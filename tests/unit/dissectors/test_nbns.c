#include "dissectors/nbns.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

struct nbns_case {
	const char *name;
	const char *message;
	size_t len;
	enum dissect want;
	void (*check)(const struct nbns *msg); /* of what the whole message gave */
};

#define BYTES(s) (s), sizeof(s) - 1

/* "OFFICE-PC" and the suffix 00, then "WORKGROUP" and 00, "*" and fourteen NULs. */
#define OFFICE_PC           "\040EPEGEGEJEDEFCNFAEDCACACACACACAAA\0"
#define WORKGROUP           "\040FHEPFCELEHFCEPFFFACACACACACACAAA\0"
#define ASTERISK            "\040CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0"
#define TYPE_NB             "\0\040"
#define CLASS_IN            "\0\001"
#define TTL                 "\0\004\223\340"
#define ONE_QUESTION        "\0\1\0\0\0\0\0\0"
#define ONE_ANSWER          "\0\0\0\1\0\0\0\0"
#define QUESTION_AND_RECORD "\0\1\0\0\0\0\0\1"
#define RECORD(flags)       "\xc0\014" TYPE_NB CLASS_IN TTL "\0\6" flags "\0\xc0\0\2\007"

static void check_query(const struct nbns *msg)
{
	assert_int_equal(msg->id, 0x8001);
	assert_false(msg->is_response);
	assert_int_equal(msg->opcode, NBNS_QUERY);
	assert_int_equal(msg->type, NBNS_TYPE_NAME);
	assert_string_equal(msg->name, "OFFICE-PC");
	assert_int_equal(msg->suffix, 0);
	assert_false(msg->has_address);
}

static void check_status_query(const struct nbns *msg)
{
	assert_int_equal(msg->type, NBNS_TYPE_STATUS);
	assert_string_equal(msg->name, "*");
}

static void check_suffix(const struct nbns *msg)
{
	assert_string_equal(msg->name, "ABCDEFGHIJKLMNO");
	assert_int_equal(msg->suffix, 0x20);
}

static void check_blank(const struct nbns *msg)
{
	assert_string_equal(msg->name, "A B");
	assert_int_equal(msg->suffix, 0x1c);
}

static void check_filled(const struct nbns *msg)
{
	assert_string_equal(msg->name, "A");
	assert_int_equal(msg->suffix, 0x1c);
}

static void check_registration(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_REGISTRATION);
	assert_string_equal(msg->name, "OFFICE-PC");
	assert_true(msg->has_address);
	assert_false(msg->is_group);
	assert_memory_equal(msg->address, "\xc0\0\2\7", NBNS_IP_LEN);
}

static void check_group(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_REFRESH);
	assert_string_equal(msg->name, "WORKGROUP");
	assert_true(msg->has_address);
	assert_true(msg->is_group);
}

static void check_positive(const struct nbns *msg)
{
	assert_true(msg->is_response);
	assert_int_equal(msg->rcode, 0);
	assert_string_equal(msg->name, "OFFICE-PC");
	assert_true(msg->has_address);
	assert_memory_equal(msg->address, "\xc0\0\2\7", NBNS_IP_LEN);
}

static void check_negative(const struct nbns *msg)
{
	assert_true(msg->is_response);
	assert_int_equal(msg->rcode, 3);
	assert_string_equal(msg->name, "OFFICE-PC");
	assert_false(msg->has_address);
}

static void check_short_address(const struct nbns *msg)
{
	assert_false(msg->has_address);
	assert_false(msg->is_group);
	assert_memory_equal(msg->address, "\0\0\0\0", NBNS_IP_LEN);
}

static void check_release(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_RELEASE);
	assert_true(msg->has_address);
}

static void check_wait(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_WAIT);
	assert_true(msg->is_response);
}

static void check_refresh_also(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_REFRESH_ALSO);
}

static void check_multihomed(const struct nbns *msg)
{
	assert_int_equal(msg->opcode, NBNS_MULTIHOMED_REGISTRATION);
}

#define QUESTION_AND_ANSWER    "\0\1\0\1\0\0\0\0"
#define QUESTION_AND_AUTHORITY "\0\1\0\0\0\1\0\0"

static struct nbns_case cases[] = {
	{ "a query", BYTES("\x80\1\1\x10" ONE_QUESTION OFFICE_PC TYPE_NB CLASS_IN), DISSECT_OK,
	  check_query },
	{ "a status query", BYTES("\x80\1\0\x10" ONE_QUESTION ASTERISK "\0\041" CLASS_IN),
	  DISSECT_OK, check_status_query },
	{ "fifteen characters and a suffix",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EBECEDEEEFEGEHEIEJEKELEMENEOEPCA\0" TYPE_NB CLASS_IN),
	  DISSECT_OK, check_suffix },
	{ "a space inside a name stays",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EBCAECCACACACACACACACACACACACABM\0" TYPE_NB CLASS_IN),
	  DISSECT_OK, check_blank },
	{ "spaces and then NULs are both filling",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EBCAAAAAAAAAAAAAAAAAAAAAAAAAAABM\0" TYPE_NB CLASS_IN),
	  DISSECT_OK, check_filled },
	{ "a scope is skipped",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EPEGEGEJEDEFCNFAEDCACACACACACAAA\003lan\0" TYPE_NB CLASS_IN),
	  DISSECT_OK, check_query },
	{ "a registration",
	  BYTES("\x80\1\x29\x10" QUESTION_AND_RECORD OFFICE_PC TYPE_NB CLASS_IN RECORD("\0")),
	  DISSECT_OK, check_registration },
	{ "a registration whose record repeats the name",
	  BYTES("\x80\1\x29\x10" QUESTION_AND_RECORD OFFICE_PC TYPE_NB CLASS_IN OFFICE_PC TYPE_NB
			CLASS_IN TTL "\0\6\0\0\xc0\0\2\007"),
	  DISSECT_OK, check_registration },
	{ "a refresh of a group",
	  BYTES("\x80\1\x41\x10" QUESTION_AND_RECORD WORKGROUP TYPE_NB CLASS_IN RECORD("\x80")),
	  DISSECT_OK, check_group },
	{ "a release, its record an answer",
	  BYTES("\x80\1\x30\x10" QUESTION_AND_ANSWER OFFICE_PC TYPE_NB CLASS_IN RECORD("\0")),
	  DISSECT_OK, check_release },
	{ "a release, its record an authority's",
	  BYTES("\x80\1\x30\x10" QUESTION_AND_AUTHORITY OFFICE_PC TYPE_NB CLASS_IN RECORD("\0")),
	  DISSECT_OK, check_release },
	{ "one is to wait",
	  BYTES("\x80\1\xbc\0" ONE_ANSWER OFFICE_PC TYPE_NB CLASS_IN TTL "\0\2\x29\x10"),
	  DISSECT_OK, check_wait },
	{ "a refresh by its other number",
	  BYTES("\x80\1\x49\x10" QUESTION_AND_RECORD WORKGROUP TYPE_NB CLASS_IN RECORD("\x80")),
	  DISSECT_OK, check_refresh_also },
	{ "a registration of several addresses",
	  BYTES("\x80\1\x79\x10" QUESTION_AND_RECORD OFFICE_PC TYPE_NB CLASS_IN RECORD("\0")),
	  DISSECT_OK, check_multihomed },
	{ "a positive response",
	  BYTES("\x80\1\x85\0" ONE_ANSWER OFFICE_PC TYPE_NB CLASS_IN TTL "\0\6\0\0\xc0\0\2\007"),
	  DISSECT_OK, check_positive },
	{ "a negative response",
	  BYTES("\x80\1\x85\x83" ONE_ANSWER OFFICE_PC "\0\012" CLASS_IN TTL "\0\0"), DISSECT_OK,
	  check_negative },
	{ "a negative response that counts nothing (RFC 1002 4.2.14)",
	  BYTES("\x80\1\x85\x83\0\0\0\0\0\0\0\0" OFFICE_PC "\0\012" CLASS_IN TTL "\0\0"),
	  DISSECT_OK, check_negative },
	{ "an address record too short for one",
	  BYTES("\x80\1\x85\0" ONE_ANSWER OFFICE_PC TYPE_NB CLASS_IN TTL "\0\4\x80\0\xc0\0"),
	  DISSECT_OK, check_short_address },
	{ "a record that ends early",
	  BYTES("\x80\1\x85\0" ONE_ANSWER OFFICE_PC TYPE_NB CLASS_IN TTL "\0\6\0\0\xc0\0"),
	  DISSECT_TRUNCATED, NULL },
	{ "a letter beyond P",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EPEGEGEJEDEFCNFAEDCACACACACACAAQ\0" TYPE_NB CLASS_IN),
	  DISSECT_MALFORMED, NULL },
	{ "a letter before A",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040@PEGEGEJEDEFCNFAEDCACACACACACAAA\0" TYPE_NB CLASS_IN),
	  DISSECT_MALFORMED, NULL },
	{ "a DNS name", BYTES("\x80\1\1\x10" ONE_QUESTION "\003www\0" TYPE_NB CLASS_IN),
	  DISSECT_MALFORMED, NULL },
	{ "a scope of a forbidden kind",
	  BYTES("\x80\1\1\x10" ONE_QUESTION
		"\040EPEGEGEJEDEFCNFAEDCACACACACACAAA\x40" TYPE_NB CLASS_IN),
	  DISSECT_MALFORMED, NULL },
	{ "opcode 1 is another protocol",
	  BYTES("\x80\1\x09\x10" ONE_QUESTION OFFICE_PC TYPE_NB CLASS_IN), DISSECT_OTHER, NULL },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const char *message, size_t len, struct nbns *msg)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(*msg)];

	assert_non_null(exact);
	memcpy(exact, message, len);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(msg, untouched, sizeof(*msg));
	enum dissect got = dissect_nbns(cursor_over(exact, len), msg);

	if (got != DISSECT_OK)
		assert_memory_equal(msg, untouched, sizeof(*msg));
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct nbns_case *c = *state;
	struct nbns msg;

	assert_int_equal(dissect_copy(c->message, c->len, &msg), c->want);
	if (c->check)
		c->check(&msg);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = dissect_copy(c->message, cut, &msg);

		assert_true(got == DISSECT_TRUNCATED || got == c->want);
		assert_int_not_equal(got, DISSECT_OK);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("nbns", tests, NULL, NULL);
}
