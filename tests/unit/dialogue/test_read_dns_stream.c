#include "sensor/dialogue/dns_words.h"

#include "tests/unit/dialogue/dialogue_bench.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Each 27 bytes, with its length before it where it comes over TCP. */
#define QUESTION(letter)                                                     \
	"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01" letter "\x07" \
	"example\x00\x00\x01\x00\x01"
#define LENGTH "\x00\x1b"

_Static_assert(sizeof(QUESTION("a")) - 1 == 27, "LENGTH says so");

static const struct dialogue_part several[] = {
	CLIENT(LENGTH QUESTION("a") LENGTH QUESTION("b")),
	SERVER(LENGTH QUESTION("a")),
};

static const struct dialogue_part other_port[] = {
	CLIENT(LENGTH QUESTION("a")),
};

#define TOLD(name) "dns " name ".example questions=" name ".example question_types=A\n"

static struct dialogue streams[] = {
	{ "several messages in a stream", 53, several, COUNT(several),
	  TOLD("a") TOLD("b") TOLD("a") },
	{ "mDNS's port", 5353, other_port, COUNT(other_port), TOLD("a") },
	{ "no port of DNS", 5300, other_port, COUNT(other_port), "" },
};

static void what_the_capture_left_of_a_message(void **state)
{
	static const char stream[] = LENGTH QUESTION("a") "\x00\x40" QUESTION("b");
	static struct hearing hearing;
	struct dialogue_bench *bench = calloc(1, sizeof(*bench));
	const struct session_segment segment = { .payload = { (const uint8_t *)stream,
							      sizeof(stream) - 1 },
						 .payload_len = sizeof(stream) + 100,
						 .sequence = 1 };

	(void)state;
	assert_non_null(bench);
	assert_int_equal(sessions_new(&bench->sessions, NULL, NULL), ERR_OK);
	hearing.flow = test_flow(1, "192.168.1.10", "192.0.2.1", 53, TEST_TCP);
	hearing.from_client = true;
	hearing.told = dialogue_told;
	hearing.told_arg = bench;
	(void)sessions_hear(bench->sessions, &bench->handle, 1, &hearing, &segment);
	assert_string_equal(bench->lines, "dns a.example\ndns b.example\n");
	sessions_drop(bench->sessions, bench->handle);
	sessions_free(bench->sessions);
	free(bench);
}

/* Owners of 127 characters fill the list long before the last of the addresses. */
static void addresses_go_before_records(void **state)
{
	enum { HEADER = 12, LABEL = 63, LABELS = 2, ANSWERS = 100, ANSWER = 16 };
	uint8_t message[HEADER + LABELS * (LABEL + 1) + 5 + ANSWERS * ANSWER] = {
		0, 1, 0x81, 0x80, 0, 1, 0, ANSWERS
	};
	static const uint8_t answer[ANSWER] = { 0xc0, HEADER, 0, 1, 0,   1, 0, 0,
						0,    60,     0, 4, 192, 0, 2, 1 };
	struct attributes *said = calloc(1, sizeof(*said));
	struct attribute_value value;
	size_t at = HEADER;
	unsigned addresses = 0;

	(void)state;
	assert_non_null(said);
	for (int i = 0; i < LABELS; i++) {
		message[at] = LABEL;
		memset(&message[at + 1], 'a', LABEL);
		at += LABEL + 1;
	}
	message[at + 2] = 1;
	message[at + 4] = 1;
	at += 5;
	for (int i = 0; i < ANSWERS; i++, at += ANSWER)
		memcpy(&message[at], answer, ANSWER);
	assert_int_equal(at, sizeof(message));
	dns_say_records(said, cursor_over(message, sizeof(message)));
	for (at = 0; attributes_next(said, &at, &value);)
		addresses += value.attribute == ATTRIBUTE_ADDRESS;
	assert_int_equal(addresses, ANSWERS);
	assert_true(attributes_has(said, ATTRIBUTE_QUESTION));
	assert_true(attributes_has(said, ATTRIBUTE_ANSWER));
	assert_true(said->is_cut);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_capture_left_of_a_message),
		cmocka_unit_test(addresses_go_before_records),
	};
	int failed = dialogue_run_all("read_dns over TCP", streams, COUNT(streams));

	return failed + cmocka_run_group_tests_name("read_dns_stream", tests, NULL, NULL);
}
