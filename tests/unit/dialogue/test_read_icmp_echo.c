#include "sensor/dialogue/packet_readers.h"
#include "tests/unit/dialogue/dialogue_bench.h"

enum { REPLY = 0, REQUEST = 8, ICMP = 1, CUT = 2, FLOWS = 64 };

static struct dialogue_bench lines;

static int start(void **state)
{
	(void)state;
	assert_int_equal(sessions_new(&lines.sessions, NULL, NULL), ERR_OK);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	sessions_free(lines.sessions);
	return 0;
}

/* The lines of one packet of flow `id`; `missing` bytes of it were not captured. */
static const char *hear(uint64_t id, uint8_t type, const char *bytes, size_t len, uint32_t missing)
{
	static struct hearing hearing;
	uint8_t *block = malloc(len > 0 ? len : 1);
	struct icmp_message message = { .protocol = ICMP, .type = type };

	assert_non_null(block);
	memcpy(block, bytes, len);
	lines.used = 0;
	lines.lines[0] = '\0';
	hearing.told = dialogue_told;
	hearing.told_arg = &lines;
	hearing.flow = test_flow(id, "192.168.1.10", "192.0.2.1", 0, ICMP);
	hearing.from_client = type == REQUEST;
	message.in = cursor_over(block, len);
	message.payload_len = (uint32_t)len + missing;
	read_icmp_echo(&hearing, sessions_desk(lines.sessions), &message);
	free(block);
	return lines.lines;
}

#define HEAR(id, type, text) hear(id, type, text, sizeof(text) - 1, 0)
#define NEXT                 "\0\7\0\2abcd"
#define PING                 "\0\7\0\1abcd"

static void only_the_first_of_each_direction_is_told(void **state)
{
	(void)state;
	assert_string_equal(HEAR(1, REQUEST, PING),
			    "> icmp.echo type=request echo_id=7 payload_bytes=4\n");
	assert_string_equal(HEAR(1, REPLY, PING),
			    "< icmp.echo type=reply echo_id=7 payload_bytes=4 mirrored\n");
	assert_string_equal(HEAR(1, REQUEST, NEXT), "");
	assert_string_equal(HEAR(1, REPLY, NEXT), "");
}

static void the_first_altered_reply_is_told_too(void **state)
{
	(void)state;
	(void)HEAR(1, REQUEST, PING);
	(void)HEAR(1, REPLY, PING);
	(void)HEAR(1, REQUEST, NEXT);
	assert_string_equal(HEAR(1, REPLY, "\0\7\0\2secret"),
			    "< icmp.echo type=reply echo_id=7 payload_bytes=6 altered\n");
	(void)HEAR(1, REQUEST, PING);
	assert_string_equal(HEAR(1, REPLY, "\0\7\0\1secret"), "");
}

/* A tunnel's second answer to a number whose first was the system's own. */
static void an_answer_to_an_earlier_number_is_compared(void **state)
{
	(void)state;
	(void)HEAR(1, REQUEST, PING);
	(void)HEAR(1, REPLY, PING);
	(void)HEAR(1, REQUEST, NEXT);
	assert_string_equal(HEAR(1, REPLY, "\0\7\0\1hand"),
			    "< icmp.echo type=reply echo_id=7 payload_bytes=4 altered\n");
}

static void a_number_spent_twice_is_told(void **state)
{
	(void)state;
	(void)HEAR(1, REQUEST, PING);
	assert_string_equal(HEAR(1, REQUEST, PING), ""); /* the same data: sent again */
	assert_string_equal(HEAR(1, REQUEST, "\0\7\0\1order"),
			    "> icmp.echo type=request echo_id=7 payload_bytes=5 reused\n");
	assert_string_equal(HEAR(1, REQUEST, "\0\7\0\1other"), "");
}

/* What stands behind 16 bytes of times and numbers. */
static void filling_is_no_data(void **state)
{
	static const struct {
		const char *filling;
		bool carries;
	} rows[] = {
		{ "abcdefghijklmnopqrstuvwabcdefghi", false },
		{ "................................", false },
		{ "\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f !\"#$%&'()*+,-./01234567", false },
		{ "\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef"
		  "\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef",
		  false },
		{ "uid=0(root) gid=0(root) groups=0", true },
	};
	uint64_t id = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128];
		int len = snprintf(text, sizeof(text), "....%s%s", "0123456789abcdef",
				   rows[i].filling);
		const char *told = hear(id++, REQUEST, text, (size_t)len, 0);

		assert_int_equal(strstr(told, " carries") != NULL, rows[i].carries);
	}
}

/* A request that was not seen, another one's, cut ones. */
static void what_cannot_be_compared_is_not_judged(void **state)
{
	static const char told[] = "< icmp.echo type=reply echo_id=7 payload_bytes=4\n";

	(void)state;
	assert_string_equal(HEAR(1, REPLY, PING), told);
	(void)HEAR(2, REQUEST, NEXT);
	assert_string_equal(HEAR(2, REPLY, PING), told);
	(void)HEAR(3, REQUEST, PING);
	assert_string_equal(hear(3, REPLY, PING, sizeof(PING) - 1 - CUT, CUT), told);
	(void)hear(4, REQUEST, PING, sizeof(PING) - 1 - CUT, CUT);
	assert_string_equal(HEAR(4, REPLY, PING), told);
}

static void the_flow_longest_silent_is_forgotten(void **state)
{
	(void)state;
	for (uint64_t id = 1; id <= FLOWS + 1; id++)
		assert_string_not_equal(HEAR(id, REQUEST, PING), "");
	assert_string_equal(HEAR(2, REQUEST, PING), "");
	assert_string_not_equal(HEAR(1, REQUEST, PING), ""); /* in place of 3 */
	assert_string_not_equal(HEAR(3, REQUEST, PING), "");
	assert_string_equal(HEAR(2, REQUEST, PING), "");
}

static void other_types_and_cut_heads_tell_nothing(void **state)
{
	(void)state;
	assert_string_equal(HEAR(1, 3, PING), "");
	assert_string_equal(HEAR(1, REQUEST, "\0\7\0"), "");
}

#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_DESK(only_the_first_of_each_direction_is_told),
		WITH_DESK(the_first_altered_reply_is_told_too),
		WITH_DESK(an_answer_to_an_earlier_number_is_compared),
		WITH_DESK(a_number_spent_twice_is_told),
		WITH_DESK(filling_is_no_data),
		WITH_DESK(what_cannot_be_compared_is_not_judged),
		WITH_DESK(the_flow_longest_silent_is_forgotten),
		WITH_DESK(other_types_and_cut_heads_tell_nothing),
	};

	return cmocka_run_group_tests_name("read_icmp_echo", tests, NULL, NULL);
}
