/* Names: their text, their limits, and the pointers that compress them (RFC 1035 4.1.4). */
#include "dissectors/dns_name.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	HEADER_LEN = 12,
	TYPE_AND_CLASS_LEN = 4,
	MESSAGE_MAX = 1024,
	LABEL_MAX = 63,
};

struct name_case {
	const char *name;
	const char *wire; /* the question's name */
	size_t len;
	enum dissect want;
	const char *want_text;
};

#define BYTES(s) (s), sizeof(s) - 1

#define TYPE_A_CLASS_IN "\0\001\0\001"
#define TTL_60          "\0\0\0\074"

static struct name_case cases[] = {
	{ "a host", BYTES("\003www\007example\003com\0"), DISSECT_OK, "www.example.com" },
	{ "upper case becomes lower", BYTES("\003WwW\004A-Z0\0"), DISSECT_OK, "www.a-z0" },
	{ "the root", BYTES("\0"), DISSECT_OK, "" },
	{ "an underscore is plain", BYTES("\004_tcp\005local\0"), DISSECT_OK, "_tcp.local" },
	{ "a dot and a backslash in a label", BYTES("\003a.b\001\\\0"), DISSECT_OK,
	  "a\\046b.\\092" },
	{ "bytes that are not printable", BYTES("\005\xff ~\x7f!\001\0\0"), DISSECT_OK,
	  "\\255\\032~\\127!.\\000" },
	{ "a pointer to itself", BYTES("\xc0\014"), DISSECT_MALFORMED, NULL },
	{ "a pointer to the label before it", BYTES("\001a\xc0\014"), DISSECT_MALFORMED, NULL },
	{ "a pointer forward", BYTES("\xc0\016\0"), DISSECT_MALFORMED, NULL },
	{ "a pointer beyond the message", BYTES("\xff\xff"), DISSECT_MALFORMED, NULL },
	{ "a pointer into the header", BYTES("\xc0\013"), DISSECT_MALFORMED, NULL },
	{ "a pointer to offset zero", BYTES("\xc0\0"), DISSECT_MALFORMED, NULL },
	{ "a label of kind 01", BYTES("\101a\0"), DISSECT_MALFORMED, NULL },
	{ "a label of kind 10", BYTES("\201a\0"), DISSECT_MALFORMED, NULL },
};

struct message {
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

static void add(struct message *m, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(m->bytes) - m->len);
	memcpy(&m->bytes[m->len], bytes, len);
	m->len += len;
}

static void add_label(struct message *m, uint8_t filler, uint8_t len)
{
	add(m, &len, 1);
	for (uint8_t i = 0; i < len; i++)
		add(m, &filler, 1);
}

static struct message query_begin(void)
{
	struct message m = { .len = 0 };

	add(&m, BYTES("\x12\x34\x01\0\0\1\0\0\0\0\0\0"));
	return m;
}

/* A heap block of exactly the message's size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const struct message *m, size_t len, struct dns *msg)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, m->bytes, len);
	enum dissect got = dissect_dns(cursor_over(exact, len), msg);

	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct name_case *c = *state;
	struct message m = query_begin();
	struct dns msg;

	add(&m, c->wire, c->len);
	add(&m, BYTES(TYPE_A_CLASS_IN));
	assert_int_equal(dissect_copy(&m, m.len, &msg), c->want);
	if (c->want == DISSECT_OK) {
		assert_string_equal(msg.question.text, c->want_text);
		assert_int_equal(msg.question.octets, c->len);
		assert_false(msg.question.is_cut);
	}
	for (size_t cut = 0; cut < m.len; cut++) {
		enum dissect got = dissect_copy(&m, cut, &msg);

		assert_true(got == DISSECT_TRUNCATED || got == c->want);
		assert_int_not_equal(got, DISSECT_OK);
	}
}

/* A name of 63, 63, 63 and `last` octets. */
static enum dissect dissect_long_name(uint8_t filler, uint8_t last, struct dns *msg)
{
	struct message m = query_begin();

	for (int i = 0; i < 3; i++)
		add_label(&m, filler, LABEL_MAX);
	add_label(&m, filler, last);
	add(&m, BYTES("\0" TYPE_A_CLASS_IN));
	return dissect_copy(&m, m.len, msg);
}

static void names_have_255_octets_at_most(void **state)
{
	struct dns msg;

	(void)state;
	assert_int_equal(dissect_long_name('a', 61, &msg), DISSECT_OK);
	assert_int_equal(strlen(msg.question.text), 253);
	assert_int_equal(msg.question.octets, 255);
	assert_false(msg.question.is_cut);
	assert_int_equal(dissect_long_name('a', 62, &msg), DISSECT_MALFORMED);
}

static void the_longest_text_fits_its_buffer(void **state)
{
	struct dns msg;

	(void)state;
	assert_int_equal(dissect_long_name(0xfe, 61, &msg), DISSECT_OK);
	assert_int_equal(strlen(msg.question.text), DNS_NAME_TEXT_LEN - 1);
	assert_int_equal(msg.question.octets, 255);
	assert_true(msg.question.is_cut);
}

static void text_that_does_not_fit_loses_its_beginning(void **state)
{
	static const char domain[] = ".www.example.com";
	struct message m = query_begin();
	struct dns msg;

	(void)state;
	add_label(&m, 0xfe, LABEL_MAX);
	add(&m, BYTES("\003www\007example\003com\0" TYPE_A_CLASS_IN));
	assert_int_equal(dissect_copy(&m, m.len, &msg), DISSECT_OK);
	assert_true(msg.question.is_cut);
	assert_int_equal(strlen(msg.question.text), DNS_NAME_TEXT_LEN - 1);
	assert_string_equal(strchr(msg.question.text, '.'), domain);
}

static void text_of_255_characters_is_whole(void **state)
{
	struct message m = query_begin();
	struct dns msg;

	(void)state;
	add_label(&m, 0xfe, LABEL_MAX); /* 252 characters */
	add(&m, BYTES("\002ab\0" TYPE_A_CLASS_IN));
	assert_int_equal(dissect_copy(&m, m.len, &msg), DISSECT_OK);
	assert_int_equal(strlen(msg.question.text), DNS_NAME_TEXT_LEN - 1);
	assert_false(msg.question.is_cut);

	m = query_begin();
	add_label(&m, 0xfe, LABEL_MAX);
	add(&m, BYTES("\003abc\0" TYPE_A_CLASS_IN));
	assert_int_equal(dissect_copy(&m, m.len, &msg), DISSECT_OK);
	assert_int_equal(strlen(msg.question.text), DNS_NAME_TEXT_LEN - 1);
	assert_true(msg.question.is_cut);
}

/* A response with an address whose owner is reached over `jumps` pointers, each to the last. */
static void dissect_chain(size_t jumps, struct dns *msg)
{
	struct message m = { .len = 0 };
	size_t target = HEADER_LEN;
	size_t data_len = 2 * (jumps - 1);
	const uint8_t len[] = { (uint8_t)(data_len >> 8), (uint8_t)data_len };

	add(&m,
	    BYTES("\x12\x34\x81\x80\0\1\0\2\0\0\0\0\003www\007example\003com\0" TYPE_A_CLASS_IN));
	/* All the pointers but one are the data of a NULL record before the address. */
	add(&m, BYTES("\xc0\014\0\012\0\001" TTL_60));
	add(&m, len, sizeof(len));
	for (size_t i = 0; i < jumps; i++) {
		const uint8_t pointer[] = { (uint8_t)(0xc0 | target >> 8), (uint8_t)target };

		target = m.len;
		add(&m, pointer, sizeof(pointer));
	}
	add(&m, BYTES(TYPE_A_CLASS_IN TTL_60 "\0\4\xc0\0\2\1"));
	assert_int_equal(dissect_copy(&m, m.len, msg), DISSECT_OK);
}

static void pointers_have_a_limit(void **state)
{
	struct dns msg;

	(void)state;
	dissect_chain(127, &msg);
	assert_string_equal(msg.address_owner.text, "www.example.com");
	assert_int_equal(msg.answers_whole, 2);
	assert_false(msg.answers_truncated);
	dissect_chain(128, &msg);
	assert_int_equal(msg.address_owner.octets, 0);
	assert_int_equal(msg.answers_whole, 1);
	assert_true(msg.answers_truncated);
}

/* Back to offset 31, and from there to 33, which still lies before the owner. */
static void pointers_go_back_only(void **state)
{
	struct message m = { .len = 0 };
	struct dns msg;

	(void)state;
	add(&m, BYTES("\x12\x34\x81\x80\0\1\0\2\0\0\0\0\001a\0" TYPE_A_CLASS_IN));
	add(&m, BYTES("\xc0\014\0\012\0\001" TTL_60 "\0\5\xc0\041\001b\0"));
	add(&m, BYTES("\xc0\037" TYPE_A_CLASS_IN TTL_60 "\0\4\xc0\0\2\1"));
	assert_int_equal(dissect_copy(&m, m.len, &msg), DISSECT_OK);
	assert_int_equal(msg.answers_whole, 1);
	assert_int_equal(msg.address_owner.octets, 0);

	/* The same owner, now at the name itself, is sound. */
	m.bytes[m.len - 15] = 041;
	assert_int_equal(dissect_copy(&m, m.len, &msg), DISSECT_OK);
	assert_string_equal(msg.address_owner.text, "b");
}

struct labels_case {
	const char *wire;
	size_t len;
	const char *want; /* NULL when there is no name */
};

/* Names without a message around them, as DHCP has them. */
static void labels_alone_are_a_name(void **state)
{
	static const struct labels_case labels[] = {
		{ BYTES("\002PC\003lan\0"), "pc.lan" },
		{ BYTES("\002pc"), "pc" },
		{ BYTES("\002pc\0\001x"), "pc" },
		{ BYTES(""), NULL },
		{ BYTES("\0"), NULL },
		{ BYTES("\003pc"), NULL },
		{ BYTES("\002pc\xc0\0"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		struct dns_name name = { .text = "as it was" };
		bool is_name =
			dns_name_from_labels(cursor_over(labels[i].wire, labels[i].len), &name);

		assert_int_equal(is_name, labels[i].want != NULL);
		assert_string_equal(name.text, is_name ? labels[i].want : "as it was");
	}
}

static void labels_alone_have_255_octets_at_most(void **state)
{
	struct message m = { .len = 0 };
	struct dns_name name;

	(void)state;
	for (int i = 0; i < 3; i++)
		add_label(&m, 'a', LABEL_MAX);
	add_label(&m, 'a', LABEL_MAX - 2);
	assert_true(dns_name_from_labels(cursor_over(m.bytes, m.len), &name));
	assert_int_equal(name.octets, 255);
	add_label(&m, 'a', 1);
	assert_false(dns_name_from_labels(cursor_over(m.bytes, m.len), &name));
}

/* How many bytes a name takes; 0 when it has no end. */
static size_t skipped(const void *wire, size_t len)
{
	struct cursor whole = cursor_over(wire, len);
	struct cursor in = whole;

	return dns_name_skip(&in) ? cursor_offset(&in, &whole) : 0;
}

static void names_are_skipped_whatever_they_say(void **state)
{
	struct message m = { .len = 0 };

	(void)state;
	assert_int_equal(skipped(BYTES("\001a\0x")), 3);
	assert_int_equal(skipped(BYTES("\001a\xff\xffx")), 4);
	assert_int_equal(skipped(BYTES("\001a")), 0);
	assert_int_equal(skipped(BYTES("\002a")), 0);
	assert_int_equal(skipped(BYTES("\001a\xc0")), 0);
	assert_int_equal(skipped(BYTES("\001a\100\0")), 0);
	for (int i = 0; i < 10; i++)
		add_label(&m, 'a', LABEL_MAX);
	add(&m, "\0", 1);
	assert_int_equal(skipped(m.bytes, m.len), m.len);
}

int main(void)
{
	const struct CMUnitTest built[] = {
		cmocka_unit_test(names_have_255_octets_at_most),
		cmocka_unit_test(the_longest_text_fits_its_buffer),
		cmocka_unit_test(text_that_does_not_fit_loses_its_beginning),
		cmocka_unit_test(text_of_255_characters_is_whole),
		cmocka_unit_test(pointers_have_a_limit),
		cmocka_unit_test(pointers_go_back_only),
		cmocka_unit_test(labels_alone_are_a_name),
		cmocka_unit_test(labels_alone_have_255_octets_at_most),
		cmocka_unit_test(names_are_skipped_whatever_they_say),
	};
	struct CMUnitTest tests[ARRAY_LEN(built) + ARRAY_LEN(cases)];

	memcpy(tests, built, sizeof(built));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[ARRAY_LEN(built) + i] = (struct CMUnitTest){ .name = cases[i].name,
								   .test_func = run_case,
								   .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dns name", tests, NULL, NULL);
}
