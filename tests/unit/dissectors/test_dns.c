#include "dissectors/dns.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	HEADER_LEN = 12,
	MESSAGE_MAX = 2048,
};

struct dns_case {
	const char *name;
	const char *message;
	size_t len;
	size_t needed; /* header and first question: a shorter prefix is truncation */
	enum dissect want;
	void (*check)(const struct dns *msg); /* of what the whole message gave */
};

#define BYTES(s) (s), sizeof(s) - 1

#define QUERY         "\x12\x34\x01\x00"
#define RESPONSE      "\x12\x34\x81\x80"
#define MDNS_RESPONSE "\0\0\x84\0"
#define COUNTS(questions, answers, authority, additional) \
	"\0" questions "\0" answers "\0" authority "\0" additional

#define EXAMPLE        "\003www\007EXAMPLE\003com\0"
#define IPP            "\004_ipp\004_tcp\005local\0"
#define TYPE_A         "\0\001"
#define TYPE_AAAA      "\0\034"
#define TYPE_PTR       "\0\014"
#define TYPE_TXT       "\0\020"
#define CLASS_IN       "\0\001"
#define CLASS_IN_FLUSH "\x80\001"
#define TTL_60         "\0\0\0\074"
#define QUESTION       EXAMPLE TYPE_A CLASS_IN
#define QUERY_HEAD     QUERY COUNTS("\1", "\0", "\0", "\0")
enum { QUESTION_END = HEADER_LEN + sizeof(QUESTION) - 1 };
#define RECORD_A "\xc0\014" TYPE_A CLASS_IN TTL_60 "\0\4\xc0\0\2\1"

static void check_example(const struct dns *msg)
{
	assert_int_equal(msg->id, 0x1234);
	assert_int_equal(msg->opcode, 0);
	assert_int_equal(msg->question_count, 1);
	assert_string_equal(msg->question.text, "www.example.com");
	assert_int_equal(msg->question.octets, sizeof(EXAMPLE) - 1);
	assert_false(msg->question.is_cut);
	assert_int_equal(msg->question_type, DNS_A);
	assert_int_equal(msg->question_class, 1);
	assert_false(msg->answers_truncated);
}

static void check_query(const struct dns *msg)
{
	check_example(msg);
	assert_false(msg->is_response);
	assert_false(msg->is_truncated);
	assert_int_equal(msg->answer_count, 0);
}

static void check_refused(const struct dns *msg)
{
	assert_true(msg->is_response);
	assert_true(msg->is_truncated);
	assert_int_equal(msg->rcode, 5);
	assert_int_equal(msg->question_count, 0);
	assert_int_equal(msg->question.octets, 0);
	assert_string_equal(msg->question.text, "");
}

static void check_alias(const struct dns *msg)
{
	check_example(msg);
	assert_int_equal(msg->answers_whole, 2);
	assert_int_equal(msg->answers_kept, 2);
	assert_int_equal(msg->answers_rdata_bytes, 6 + 4);
	assert_int_equal(msg->answers[0].type, DNS_CNAME);
	assert_int_equal(msg->answers[0].rdata_len, 6);
	assert_int_equal(msg->answers[0].address_len, 0);
	assert_int_equal(msg->answers[1].type, DNS_A);
	assert_int_equal(msg->answers[1].ttl_seconds, 60);
	assert_int_equal(msg->answers[1].address_len, 4);
	assert_memory_equal(msg->answers[1].address, "\xc0\0\2\1", 4);
	assert_string_equal(msg->address_owner.text, "web.example.com");
	assert_int_equal(msg->carried[DNS_CARRIER_CNAME].records, 1);
	assert_int_equal(msg->carried[DNS_CARRIER_CNAME].rdata_bytes, 6);
}

static void check_v6(const struct dns *msg)
{
	assert_int_equal(msg->answers[0].ttl_seconds, 0);
	assert_int_equal(msg->answers[0].address_len, DNS_ADDRESS_LEN);
	assert_memory_equal(msg->answers[0].address, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1",
			    DNS_ADDRESS_LEN);
}

static void check_no_address(const struct dns *msg)
{
	assert_int_equal(msg->answers_whole, 2);
	assert_int_equal(msg->answers[0].address_len, 0);
	assert_int_equal(msg->answers[1].address_len, 0);
	assert_int_equal(msg->address_owner.octets, 0);
}

static void check_carriers(const struct dns *msg)
{
	static const uint32_t sizes[DNS_CARRIER_COUNT] = {
		[DNS_CARRIER_TXT] = 3,     [DNS_CARRIER_NULL] = 1, [DNS_CARRIER_KEY] = 2,
		[DNS_CARRIER_PRIVATE] = 3, [DNS_CARRIER_MX] = 4,   [DNS_CARRIER_SRV] = 7,
	};

	assert_int_equal(msg->answers_rdata_bytes, 20);
	for (size_t i = 0; i < DNS_CARRIER_COUNT; i++) {
		assert_int_equal(msg->carried[i].records, sizes[i] > 0);
		assert_int_equal(msg->carried[i].rdata_bytes, sizes[i]);
	}
}

static void check_mdns(const struct dns *msg)
{
	assert_true(msg->is_response);
	assert_int_equal(msg->answers_whole, 1);
	assert_int_equal(msg->answers[0].type, DNS_PTR);
	assert_string_equal(msg->address_owner.text, "printer.local");
	assert_int_equal(msg->address_owner.octets, 15);
}

static void check_glue_of_authority(const struct dns *msg)
{
	assert_int_equal(msg->answers_whole, 0);
	assert_int_equal(msg->address_owner.octets, 0);
}

static void check_known_answer(const struct dns *msg)
{
	assert_int_equal(msg->answers[0].address_len, 4);
	assert_int_equal(msg->address_owner.octets, 0);
}

static void check_claim(const struct dns *msg)
{
	assert_int_equal(msg->answer_count, 2);
	assert_int_equal(msg->answers_whole, 1);
	assert_true(msg->answers_truncated);
	assert_string_equal(msg->address_owner.text, "www.example.com");
}

static void check_bad_owner(const struct dns *msg)
{
	assert_int_equal(msg->answers_whole, 0);
	assert_true(msg->answers_truncated);
	assert_int_equal(msg->address_owner.octets, 0);
}

static void check_two_questions(const struct dns *msg)
{
	assert_string_equal(msg->question.text, "www.example.com");
	assert_int_equal(msg->answers_whole, 1);
	assert_memory_equal(msg->answers[0].address, "\xc0\0\2\1", 4);
}

static void check_second_question_cut(const struct dns *msg)
{
	assert_string_equal(msg->question.text, "www.example.com");
	assert_true(msg->answers_truncated);
}

static struct dns_case cases[] = {
	{ "a query", BYTES(QUERY_HEAD QUESTION), QUESTION_END, DISSECT_OK, check_query },
	{ "a query with EDNS",
	  BYTES(QUERY COUNTS("\1", "\0", "\0", "\1") QUESTION "\0\0\051\x10\0\0\0\x80\0\0\0"),
	  QUESTION_END, DISSECT_OK, check_query },
	{ "mDNS asks for a unicast answer", BYTES(QUERY_HEAD EXAMPLE TYPE_A CLASS_IN_FLUSH),
	  QUESTION_END, DISSECT_OK, check_query },
	{ "a refusal of nothing but a header",
	  BYTES("\x12\x34\x82\x05" COUNTS("\0", "\0", "\0", "\0")), HEADER_LEN, DISSECT_OK,
	  check_refused },
	{ "an alias and its address",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION
		"\xc0\014\0\5" CLASS_IN TTL_60 "\0\6\003web\xc0\020"
		"\xc0\055" TYPE_A CLASS_IN TTL_60 "\0\4\xc0\0\2\1"),
	  QUESTION_END, DISSECT_OK, check_alias },
	{ "an IPv6 address with a negative time to live",
	  BYTES(RESPONSE COUNTS("\1", "\1", "\0", "\0") QUESTION
		"\xc0\014" TYPE_AAAA CLASS_IN
		"\x80\0\0\1\0\020\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	  QUESTION_END, DISSECT_OK, check_v6 },
	{ "an address of another class or another size is none",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION
		"\xc0\014" TYPE_A "\0\003" TTL_60 "\0\4\1\2\3\4"
		"\xc0\014" TYPE_A CLASS_IN TTL_60 "\0\3\1\2\3"),
	  QUESTION_END, DISSECT_OK, check_no_address },
	{ "what tunnels use",
	  BYTES(RESPONSE COUNTS("\1", "\6", "\0", "\0") QUESTION
		"\xc0\014" TYPE_TXT CLASS_IN TTL_60 "\0\3\2ab"
		"\xc0\014\0\012" CLASS_IN TTL_60 "\0\1x"
		"\xc0\014\0\031" CLASS_IN TTL_60 "\0\2xy"
		"\xc0\014\xff\x77" CLASS_IN TTL_60 "\0\3xyz"
		"\xc0\014\0\017" CLASS_IN TTL_60 "\0\4\0\1\xc0\014"
		"\xc0\014\0\041" CLASS_IN TTL_60 "\0\7\0\0\0\0\0\065\0"),
	  QUESTION_END, DISSECT_OK, check_carriers },
	{ "an mDNS service and its host",
	  BYTES(MDNS_RESPONSE COUNTS("\0", "\1", "\0", "\2") IPP TYPE_PTR CLASS_IN TTL_60
		"\0\2\xc0\014"
		"\007Printer\xc0\026" TYPE_A CLASS_IN_FLUSH TTL_60 "\0\4\xc0\0\2\1"
		"\xc0\014" TYPE_TXT CLASS_IN_FLUSH TTL_60 "\0\1\0"),
	  HEADER_LEN, DISSECT_OK, check_mdns },
	{ "an address in the authority section owns nothing",
	  BYTES(RESPONSE COUNTS("\1", "\0", "\1", "\0") QUESTION RECORD_A), QUESTION_END,
	  DISSECT_OK, check_glue_of_authority },
	{ "a known answer in a query is not its sender's",
	  BYTES(QUERY COUNTS("\1", "\1", "\0", "\0") QUESTION RECORD_A), QUESTION_END, DISSECT_OK,
	  check_known_answer },
	{ "fewer answers than claimed",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION RECORD_A), QUESTION_END,
	  DISSECT_OK, check_claim },
	{ "an owner that points at itself",
	  BYTES(RESPONSE COUNTS("\1", "\1", "\0", "\0") QUESTION "\xc0\x21" TYPE_A CLASS_IN TTL_60
								 "\0\4\xc0\0\2\1"),
	  QUESTION_END, DISSECT_OK, check_bad_owner },
	{ "two questions",
	  BYTES(RESPONSE COUNTS("\2", "\1", "\0", "\0") QUESTION
		"\xc0\014" TYPE_AAAA CLASS_IN RECORD_A),
	  QUESTION_END, DISSECT_OK, check_two_questions },
	{ "a second question that ends early",
	  BYTES(RESPONSE COUNTS("\2", "\1", "\0", "\0") QUESTION "\xc0\014" TYPE_AAAA "\0"),
	  QUESTION_END, DISSECT_OK, check_second_question_cut },
	{ "no question where one is due", BYTES(QUERY_HEAD), 0, DISSECT_TRUNCATED, NULL },
	{ "opcode 3 is another protocol",
	  BYTES("\0\1\x18\0" COUNTS("\1", "\0", "\0", "\0") QUESTION), 0, DISSECT_OTHER, NULL },
	{ "opcode 7 is another protocol",
	  BYTES("\0\1\x38\0" COUNTS("\1", "\0", "\0", "\0") QUESTION), 0, DISSECT_OTHER, NULL },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const void *message, size_t len, struct dns *msg)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(*msg)];

	assert_non_null(exact);
	memcpy(exact, message, len);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(msg, untouched, sizeof(*msg));
	enum dissect got = dissect_dns(cursor_over(exact, len), msg);

	if (got != DISSECT_OK)
		assert_memory_equal(msg, untouched, sizeof(*msg));
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct dns_case *c = *state;
	struct dns msg;

	assert_int_equal(dissect_copy(c->message, c->len, &msg), c->want);
	if (c->check)
		c->check(&msg);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = dissect_copy(c->message, cut, &msg);

		if (c->want == DISSECT_OK)
			assert_int_equal(got, cut < c->needed ? DISSECT_TRUNCATED : DISSECT_OK);
		else
			assert_true(got == DISSECT_TRUNCATED || got == c->want);
	}
}

static void answers_beyond_the_kept_ones_count(void **state)
{
	static const char head[] = RESPONSE COUNTS("\1", "\024", "\0", "\0") QUESTION;
	static const char text[] = "\xc0\014" TYPE_TXT CLASS_IN TTL_60 "\0\3\2ab";
	char message[MESSAGE_MAX];
	size_t len = sizeof(head) - 1;
	struct dns msg;

	(void)state;
	memcpy(message, head, len);
	for (int i = 0; i < 19; i++) {
		memcpy(&message[len], RECORD_A, sizeof(RECORD_A) - 1);
		len += sizeof(RECORD_A) - 1;
	}
	memcpy(&message[len], text, sizeof(text) - 1);
	len += sizeof(text) - 1;

	assert_int_equal(dissect_copy(message, len, &msg), DISSECT_OK);
	assert_int_equal(msg.answers_kept, DNS_ANSWERS_MAX);
	assert_int_equal(msg.answers_whole, 20);
	assert_false(msg.answers_truncated);
	assert_int_equal(msg.answers_rdata_bytes, 19 * 4 + 3);
	assert_int_equal(msg.carried[DNS_CARRIER_TXT].records, 1);
}

static void messages_over_tcp_come_one_after_the_other(void **state)
{
	static const char segment[] = "\0\041" QUERY_HEAD QUESTION "\0\014" QUERY_HEAD "\0";
	struct cursor stream = cursor_over(BYTES(segment));
	struct cursor message;
	struct dns msg;

	(void)state;
	assert_int_equal(dns_tcp_message(&stream, &message), DISSECT_OK);
	assert_int_equal(dissect_dns(message, &msg), DISSECT_OK);
	assert_string_equal(msg.question.text, "www.example.com");
	assert_int_equal(dns_tcp_message(&stream, &message), DISSECT_OK);
	assert_int_equal(cursor_left(&message), HEADER_LEN);
	assert_int_equal(dns_tcp_message(&stream, &message), DISSECT_TRUNCATED);
	assert_int_equal(cursor_left(&stream), 1);
	assert_int_equal(cursor_left(&message), HEADER_LEN);
	stream = cursor_over(BYTES("\0\013"));
	assert_int_equal(dns_tcp_message(&stream, &message), DISSECT_OTHER);
	assert_int_equal(cursor_left(&stream), 2);
	for (size_t cut = 0; cut < 2 + QUESTION_END; cut++) {
		stream = cursor_over(segment, cut);
		assert_int_equal(dns_tcp_message(&stream, &message), DISSECT_TRUNCATED);
		assert_int_equal(cursor_left(&stream), cut);
	}
}

enum { PLAIN_TESTS = 2 };

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + PLAIN_TESTS] = {
		cmocka_unit_test(messages_over_tcp_come_one_after_the_other),
		cmocka_unit_test(answers_beyond_the_kept_ones_count),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + PLAIN_TESTS] = (struct CMUnitTest){ .name = cases[i].name,
							      .test_func = run_case,
							      .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
