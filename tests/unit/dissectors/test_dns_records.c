/* Every question and record of a message: what each type gives, and where a walk ends. */
#include "dissectors/dns_records.h"

#include "tests/support/cmocka.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	HEADER_LEN = 12,
	TEXT_MAX = 4096,
};

/* What a walk said, one line for each question or record. */
struct told {
	char text[TEXT_MAX];
	size_t len;
	enum dns_damage damage;
};

struct walk_case {
	const char *name;
	const char *message;
	size_t len;
	const char *want;
	enum dns_damage want_damage;
};

#define BYTES(s) (s), sizeof(s) - 1

#define QUERY    "\x12\x34\x01\x00"
#define RESPONSE "\x12\x34\x81\x83"
#define COUNTS(questions, answers, authority, additional) \
	"\0" questions "\0" answers "\0" authority "\0" additional

#define EXAMPLE    "\003www\007EXAMPLE\003com\0"
#define NAME       "\xc0\014" /* of the question */
#define PARENT     "\xc0\020" /* the question's, without www */
#define IN         "\0\001"
#define IN_FLUSH   "\x80\001"
#define TTL        "\0\0\0\074"
#define QUESTION   EXAMPLE "\0\001" IN
#define Q_LINE     "0 www.example.com 1 1;"
#define ONE_ANSWER RESPONSE COUNTS("\1", "\1", "\0", "\0") QUESTION

static struct walk_case cases[] = {
	{ "nothing but a header", BYTES(QUERY COUNTS("\0", "\0", "\0", "\0")), "", DNS_WHOLE },
	{ "two questions, the second wants unicast",
	  BYTES(QUERY COUNTS("\2", "\0", "\0", "\0") QUESTION NAME "\0\034" IN_FLUSH),
	  Q_LINE "0 www.example.com 28 1 flag;", DNS_WHOLE },
	{ "all four sections",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\1", "\1") QUESTION NAME
		"\0\005" IN TTL "\0\6\003web" PARENT "\xc0\055"
		"\0\001" IN TTL "\0\4\xc0\0\2\1" PARENT "\0\002" IN TTL "\0\5\002ns" PARENT
		"\xc0\117"
		"\0\034" IN TTL "\0\020\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	  Q_LINE "1 www.example.com 5 1 ttl 60 target web.example.com;"
		 "1 web.example.com 1 1 ttl 60 address c0000201;"
		 "2 example.com 2 1 ttl 60 target ns.example.com;"
		 "3 ns.example.com 28 1 ttl 60 address 20010db8000000000000000000000001;",
	  DNS_WHOLE },
	{ "an address of another class or size is none",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION NAME
		"\0\001"
		"\0\003" TTL "\0\4\1\2\3\4" NAME "\0\034" IN TTL "\0\4\1\2\3\4"),
	  Q_LINE "1 www.example.com 1 3 ttl 60;1 www.example.com 28 1 ttl 60;", DNS_WHOLE },
	{ "a negative time to live, a cache flush",
	  BYTES(ONE_ANSWER NAME "\0\001" IN_FLUSH "\x80\0\0\1\0\4\xc0\0\2\1"),
	  Q_LINE "1 www.example.com 1 1 flag ttl 0 address c0000201;", DNS_WHOLE },
	{ "a mail exchange", BYTES(ONE_ANSWER NAME "\0\017" IN TTL "\0\7\0\012\002mx" PARENT),
	  Q_LINE "1 www.example.com 15 1 ttl 60 preference 10 target mx.example.com;", DNS_WHOLE },
	{ "a service", BYTES(ONE_ANSWER NAME "\0\041" IN TTL "\0\013\0\1\0\2\x14\x66\002dc" PARENT),
	  Q_LINE "1 www.example.com 33 1 ttl 60 preference 1 port 5222 target dc.example.com;",
	  DNS_WHOLE },
	{ "a service without room for its name",
	  BYTES(ONE_ANSWER NAME "\0\041" IN TTL "\0\5\0\1\0\2\1"),
	  Q_LINE "1 www.example.com 33 1 ttl 60 preference 1;", DNS_WHOLE },
	{ "a pointer, an alias of a zone, the first name of an authority",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\1", "\0") QUESTION NAME
		"\0\014" IN TTL "\0\4\001p" PARENT NAME "\0\047" IN TTL "\0\4\001d" PARENT NAME
		"\0\006" IN TTL "\0\035\002m0" PARENT "\001r" PARENT
		"\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"),
	  Q_LINE "1 www.example.com 12 1 ttl 60 target p.example.com;"
		 "1 www.example.com 39 1 ttl 60 target d.example.com;"
		 "2 www.example.com 6 1 ttl 60 target m0.example.com;",
	  DNS_WHOLE },
	{ "the first string of a text",
	  BYTES(RESPONSE COUNTS("\1", "\3", "\0", "\0") QUESTION NAME
		"\0\020" IN TTL "\0\7\2ab\3cde" NAME "\0\020" IN TTL "\0\3\5ab" NAME "\0\020" IN TTL
		"\0\0"),
	  Q_LINE "1 www.example.com 16 1 ttl 60 text ab;1 www.example.com 16 1 ttl 60;"
		 "1 www.example.com 16 1 ttl 60;",
	  DNS_WHOLE },
	{ "a type that is not looked into", BYTES(ONE_ANSWER NAME "\0\053" IN TTL "\0\3xyz"),
	  Q_LINE "1 www.example.com 43 1 ttl 60;", DNS_WHOLE },
	/* RFC 9460 appendix D.1 */
	{ "a binding that is an alias",
	  BYTES(ONE_ANSWER NAME "\0\101" IN TTL "\0\023\0\0\003foo\007example\003com\0"),
	  Q_LINE "1 www.example.com 65 1 ttl 60 target foo.example.com;", DNS_WHOLE },
	/* RFC 9460 appendix D.2, figures 4, 6 and 7 together, with ECH and a key of nobody */
	{ "a binding with everything",
	  BYTES(ONE_ANSWER NAME
		"\0\100" IN TTL "\0\117\0\020\003foo\007example\003com\0"
		"\0\0\0\2\0\1\0\1\0\6\2h2\2h3\0\3\0\2\0\x35\0\4\0\4\xc0\0\2\1\0\5\0\1x"
		"\0\6\0\020\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x02\x9b\0\1y"),
	  Q_LINE "1 www.example.com 64 1 ttl 60 preference 16 target foo.example.com port 53 alpn 6"
		 " hint c0000201 hint 20010db8000000000000000000000001 ech;",
	  DNS_WHOLE },
	{ "a binding to itself whose port is cut, whose last key ends early",
	  BYTES(ONE_ANSWER NAME "\0\101" IN TTL "\0\021\0\1\0\0\3\0\1\0\0\1\0\7\2h2\2h"),
	  Q_LINE "1 www.example.com 65 1 ttl 60 preference 1 target ;", DNS_WHOLE },
	{ "a binding without a name", BYTES(ONE_ANSWER NAME "\0\101" IN TTL "\0\2\0\1"),
	  Q_LINE "1 www.example.com 65 1 ttl 60 preference 1;", DNS_WHOLE },
	{ "a target that reaches beyond its record",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION NAME
		"\0\005" IN TTL "\0\2\002a" NAME "\0\002" IN TTL "\0\2" PARENT),
	  Q_LINE "1 www.example.com 5 1 ttl 60;1 www.example.com 2 1 ttl 60 target example.com;",
	  DNS_WHOLE },
	{ "an owner that points at itself has no name",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION
		"\xc0\x21"
		"\0\001" IN TTL "\0\4\xc0\0\2\1" NAME "\0\001" IN TTL "\0\4\xc0\0\2\2"),
	  Q_LINE "1 - 1 1 ttl 60 address c0000201;1 www.example.com 1 1 ttl 60 address c0000202;",
	  DNS_WHOLE },
	{ "an owner that is none ends the walk",
	  BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION NAME
		"\0\001" IN TTL "\0\4\xc0\0\2\1"
		"\x80z"
		"\0\001" IN TTL "\0\4\1\2\3\4"),
	  Q_LINE "1 www.example.com 1 1 ttl 60 address c0000201;", DNS_CUT },
	{ "fewer records than claimed", BYTES(RESPONSE COUNTS("\1", "\2", "\0", "\0") QUESTION),
	  Q_LINE, DNS_CUT },
	{ "EDNS with DNSSEC and an extended code",
	  BYTES(QUERY COUNTS("\1", "\0", "\0", "\1") QUESTION
		"\0\0\051\x10\0\1\0\x80\0\0\020\0\012\0\010\1\2\3\4\5\6\7\010\0\014\0\0"),
	  Q_LINE "3  41 0 edns 0 4096 rcode 16 dnssec options 2;", DNS_WHOLE },
	{ "EDNS of a resolver that names a client's network",
	  BYTES(RESPONSE COUNTS("\1", "\0", "\0", "\2") QUESTION
		"\0\0\051\xff\xff\0\1\0\0\0\013\0\010\0\7\0\1\024\0\xc0\0\x20"
		"\0\0\051\x02\0\0\0\0\0\0\021\0\010\0\013\0\2\070\0\x20\1\x0d\xb8\0\1\2\0\7"),
	  Q_LINE "3  41 0 edns 1 65535 rcode 3 options 1 subnet c0002000/20;"
		 "3  41 0 edns 0 512 rcode 3 options 1"
		 " subnet 20010db8000102000000000000000000/56;",
	  DNS_WHOLE },
	{ "a client's network of no family, too long, too short, cut",
	  BYTES(QUERY COUNTS("\1", "\0", "\0", "\1") QUESTION
		"\0\0\051\x10\0\0\0\0\0\0\047\0\010\0\5\0\3\010\0\1\0\010\0\011\0\1\041\0\1\2\3\4\5"
		"\0\010\0\4\0\1\010\0\0\010\0\2\0\1\0\010\0"),
	  Q_LINE "3  41 0 edns 0 4096 rcode 0 options 4;", DNS_WHOLE },
};

__attribute__((format(printf, 2, 3))) static void tell(struct told *told, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(&told->text[told->len], sizeof(told->text) - told->len, format, args);

	va_end(args);
	assert_true(len >= 0 && (size_t)len < sizeof(told->text) - told->len);
	told->len += (size_t)len;
}

static void tell_bytes(struct told *told, const char *what, const uint8_t *bytes, size_t len)
{
	tell(told, " %s ", what);
	for (size_t i = 0; i < len; i++)
		tell(told, "%02x", bytes[i]);
}

static void tell_binding(struct told *told, const struct dns_binding *binding)
{
	if (binding->has_port)
		tell(told, " port %d", binding->port);
	if (binding->alpn.len > 0)
		tell(told, " alpn %zu", binding->alpn.len);
	for (uint8_t i = 0; i < binding->ipv4_count; i++)
		tell_bytes(told, "hint", binding->ipv4_hint[i], 4);
	for (uint8_t i = 0; i < binding->ipv6_count; i++)
		tell_bytes(told, "hint", binding->ipv6_hint[i], DNS_ADDRESS_LEN);
	if (binding->has_ech)
		tell(told, " ech");
}

static void tell_edns(struct told *told, const struct dns_edns *edns)
{
	tell(told, " edns %d %d rcode %d", edns->version, edns->udp_size, edns->rcode);
	if (edns->dnssec_ok)
		tell(told, " dnssec");
	tell(told, " options %d", edns->option_count);
	if (edns->subnet_address_len > 0) {
		tell_bytes(told, "subnet", edns->subnet, edns->subnet_address_len);
		tell(told, "/%d", edns->subnet_prefix);
	}
}

static void tell_record(struct told *told, const struct dns_record *record)
{
	tell(told, "%d %s %d %d", (int)record->section,
	     record->owner.octets > 0 ? record->owner.text : "-", record->type, record->class);
	if (record->has_class_flag)
		tell(told, " flag");
	if (record->section != DNS_SECTION_QUESTION && record->type != DNS_OPT)
		tell(told, " ttl %u", record->ttl_seconds);
	if (record->address_len > 0)
		tell_bytes(told, "address", record->address, record->address_len);
	if (record->preference > 0)
		tell(told, " preference %d", record->preference);
	if (record->port > 0)
		tell(told, " port %d", record->port);
	if (record->target.octets > 0)
		tell(told, " target %s", record->target.text);
	if (record->text.len > 0)
		tell(told, " text %.*s", (int)record->text.len, (const char *)record->text.data);
	tell_binding(told, &record->binding);
	if (record->type == DNS_OPT)
		tell_edns(told, &record->edns);
	tell(told, ";");
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect walk_copy(const void *message, size_t len, struct told *told)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct dns_record)];
	struct dns_record record;
	struct dns_walk walk;

	assert_non_null(exact);
	memcpy(exact, message, len);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&walk, untouched, sizeof(walk));
	*told = (struct told){ .len = 0 };
	enum dissect got = dns_walk_start(cursor_over(exact, len), &walk);

	if (got != DISSECT_OK) {
		assert_memory_equal(&walk, untouched, sizeof(walk));
		free(exact);
		return got;
	}
	while (dns_walk_next(&walk, &record))
		tell_record(told, &record);
	memcpy(&record, untouched, sizeof(record));
	assert_false(dns_walk_next(&walk, &record));
	assert_memory_equal(&record, untouched, sizeof(record));
	told->damage = walk.damage;
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct walk_case *c = *state;
	struct told whole;
	struct told part;

	assert_int_equal(walk_copy(c->message, c->len, &whole), DISSECT_OK);
	assert_string_equal(whole.text, c->want);
	assert_int_equal(whole.damage, c->want_damage);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = walk_copy(c->message, cut, &part);

		assert_int_equal(got, cut < HEADER_LEN ? DISSECT_TRUNCATED : DISSECT_OK);
		if (got == DISSECT_OK) {
			assert_int_equal(part.damage, DNS_CUT);
			assert_true(part.len < whole.len || c->want_damage == DNS_CUT);
			assert_memory_equal(part.text, whole.text, part.len);
		}
	}
}

static void any_byte_may_be_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t at = 0; at < cases[i].len; at++) {
			static const uint8_t values[] = { 0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xff };
			uint8_t message[TEXT_MAX];
			struct told told;

			memcpy(message, cases[i].message, cases[i].len);
			for (size_t v = 0; v < sizeof(values); v++) {
				message[at] = values[v];
				(void)walk_copy(message, cases[i].len, &told);
			}
		}
	}
}

static void the_header_is_told(void **state)
{
	struct dns_walk walk;

	(void)state;
	assert_int_equal(
		dns_walk_start(cursor_over(BYTES("\x12\x34\xa8\x05\0\0\0\0\0\0\0\0")), &walk),
		DISSECT_OK);
	assert_int_equal(walk.id, 0x1234);
	assert_true(walk.is_response);
	assert_int_equal(walk.opcode, 5);
	assert_int_equal(walk.rcode, 5);
	assert_int_equal(
		dns_walk_start(cursor_over(BYTES("\x12\x34\x18\0\0\0\0\0\0\0\0\0")), &walk),
		DISSECT_OTHER);
}

enum { PLAIN_TESTS = 2 };

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + PLAIN_TESTS] = {
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(the_header_is_told),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + PLAIN_TESTS] = (struct CMUnitTest){ .name = cases[i].name,
							      .test_func = run_case,
							      .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dns_records", tests, NULL, NULL);
}
