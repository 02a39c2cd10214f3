#include "sensor/flow/flow_update.h"

#include "tests/support/cmocka.h"

#include <ctype.h>

#define START (1700000000 * NANOTIME_SECOND)

enum { PACKETS = 8, TEXT = 64 };

static const struct flow_config config = {
	.embryonic = 10 * NANOTIME_SECOND,
	.unanswered = 60 * NANOTIME_SECOND,
	.established = 300 * NANOTIME_SECOND,
	.datagram = 120 * NANOTIME_SECOND,
	.check_in_silence = 5 * NANOTIME_SECOND,
};

struct endpoints {
	uint8_t protocol;
	uint16_t low_port;
	uint16_t high_port;
};

/* The number at `*text`; 0 when there is none. */
static uint32_t read_number(const char **text)
{
	uint32_t number = 0;

	for (; isdigit((unsigned char)**text); ++*text)
		number = number * 10 + (uint32_t)(**text - '0');
	return number;
}

static uint32_t read_number_after(char mark, const char **text)
{
	if (**text != mark)
		return 0;
	++*text;
	return read_number(text);
}

/*
 * A packet in the text of a case: side, flags, sequence number, ^acknowledged, +payload, @ms
 * after the first; "lSA9^8+100@20". The sides are l and h; f is a later fragment.
 */
static const char *read_packet(const char *text, struct endpoints ends, struct packet *out)
{
	static const char letters[] = "FSRPA"; /* in the order of their bits */
	struct packet p = {
		.time = START,
		.key = { .low_port = ends.low_port,
			 .high_port = ends.high_port,
			 .protocol = ends.protocol,
			 .ip_version = 4 },
		.source_is_low = text[0] == 'l',
	};

	for (text++; isalpha((unsigned char)*text); text++) {
		const char *letter = strchr(letters, *text);

		if (letter == NULL)
			p.is_fragment_rest = true;
		else
			p.tcp_flags |= (uint8_t)(1U << (letter - letters));
	}
	p.tcp_sequence = read_number(&text);
	p.tcp_acknowledged = read_number_after('^', &text);
	p.payload_len = read_number_after('+', &text);
	p.time += read_number_after('@', &text) * NANOTIME_MILLISECOND;
	p.ip_len = 40 + p.payload_len;
	*out = p;
	return text + strspn(text, " ");
}

static char mark_of(const struct flow_touch *touch)
{
	if (touch->is_check_in)
		return touch->is_retransmission ? 'b' : 'c';
	return touch->is_retransmission ? 'r' : '-';
}

/* `marks` is a letter for each packet: c check-in, r retransmission, b both, '-' neither. */
static struct flow_record run(const char *packets, struct endpoints ends, char *marks)
{
	struct flow_record flow = { 0 };
	size_t count = 0;

	while (*packets != '\0') {
		struct packet p;

		packets = read_packet(packets, ends, &p);
		if (count == 0) {
			flow.key = p.key;
			flow_start(&flow, &p, p.time);
		}

		struct flow_touch touch = flow_count(&flow, &p, p.time, &config);

		assert_true(count < PACKETS);
		marks[count++] = mark_of(&touch);
	}
	marks[count] = '\0';
	return flow;
}

/* "class client flags… seconds-to-live marks" */
static void describe(const struct flow_record *flow, const char *marks, char out[static TEXT])
{
	static const char *const classes[] = { "embryonic", "unanswered", "established" };
	nanotime left = flow_deadline(flow, &config) - flow->last;

	(void)snprintf(out, TEXT, "%s %s%s%s%s %us %s", classes[flow->class],
		       flow->client_side == FLOW_SIDE_LOW ? "low" : "high",
		       (flow->flags & FLOW_CLIENT_KNOWN) != 0 ? " known" : "",
		       (flow->flags & FLOW_MIDSTREAM) != 0 ? " midstream" : "",
		       (flow->flags & FLOW_CLOSED) != 0 ? " closed" : "",
		       (unsigned)(left / NANOTIME_SECOND), marks);
}

struct update_case {
	const char *name;
	struct endpoints ends;
	const char *packets;
	const char *want;
};

static struct update_case cases[] = {
	/* Who is the client. */
	{ "the sender of a SYN is the client",
	  { IP_TCP, 80, 40000 },
	  "lS100",
	  "embryonic low known 10s -" },
	{ "the receiver of a SYN-ACK is the client",
	  { IP_TCP, 80, 40000 },
	  "hSA100",
	  "embryonic low known 10s -" },
	{ "midstream the lower port is the server",
	  { IP_TCP, 443, 40000 },
	  "lA100",
	  "embryonic high midstream 10s -" },
	{ "midstream with equal ports the sender is the client",
	  { IP_TCP, 7000, 7000 },
	  "hA100",
	  "embryonic high midstream 10s -" },
	{ "a late SYN-ACK corrects the guess",
	  { IP_TCP, 443, 40000 },
	  "lA100 hSA500^100@1",
	  "established low known 300s --" },
	{ "a first SYN is believed, a later one of the other side is not",
	  { IP_TCP, 1, 2 },
	  "lS9 hS70@1",
	  "established low known 300s --" },
	{ "a datagram's first sender is the client",
	  { IP_UDP, 50000, 40000 },
	  "l+20",
	  "unanswered low 60s c" },
	{ "a datagram from a well-known port is an answer",
	  { IP_UDP, 53, 40000 },
	  "l+20",
	  "unanswered high 60s -" },
	{ "between two well-known ports the first sender is the client",
	  { IP_UDP, 123, 123 },
	  "h+48",
	  "unanswered high 60s c" },
	{ "ICMP has no well-known ports", { IP_ICMP, 8, 2000 }, "l+56", "unanswered low 60s c" },

	/* Class and deadline. */
	{ "three empty packets of one side are an attempt",
	  { IP_TCP, 1, 2 },
	  "lS9 lS9@1000 lS9@3000",
	  "embryonic low known 10s ---" },
	{ "four empty packets are more than an attempt",
	  { IP_TCP, 1, 2 },
	  "lS9 lS9@1 lS9@2 lS9@3",
	  "unanswered low known 60s ----" },
	{ "payload is more than an attempt",
	  { IP_TCP, 1, 2 },
	  "lS9+100",
	  "unanswered low known 60s c" },
	{ "a SYN-ACK answers",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70^10@1",
	  "established low known 300s --" },
	{ "a RST does not answer",
	  { IP_TCP, 1, 2 },
	  "lS9 hRA0^10@1",
	  "unanswered low known closed 60s --" },
	{ "midstream both sides are enough",
	  { IP_TCP, 1, 2 },
	  "lA9 hA70@1",
	  "established high midstream 300s --" },
	{ "answered datagrams have a timeout of their own",
	  { IP_UDP, 50000, 53 },
	  "l+30 h+90@20",
	  "established low 120s c-" },
	{ "one FIN does not close",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70@1 lFA10@2 lFA10@3",
	  "established low known 300s ----" },
	{ "a FIN of each side closes",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70@1 lFA10@2 hFA71@3",
	  "unanswered low known closed 60s ----" },
	{ "a closed flow stays closed",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70@1 hR71@2 lA10+5@3",
	  "unanswered low known closed 60s ---c" },

	/* Sequence numbers. */
	{ "payload in order is new",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA110+100@2",
	  "unanswered low known 60s -c-" },
	{ "the same payload again is a retransmission",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA10+100@2",
	  "unanswered low known 60s -cr" },
	{ "payload that is seen in part is a retransmission",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA60+100@2 lA160+1@3",
	  "unanswered low known 60s -cr-" },
	{ "sequence numbers wrap",
	  { IP_TCP, 9, 2 },
	  "lS4294967200 lA4294967201+200@1 lA105+10@2 lA4294967201+200@3",
	  "unanswered low known 60s -c-r" },
	{ "a gap is new payload",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA900+100@2",
	  "unanswered low known 60s -c-" },
	{ "what is further off than any window starts anew",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA2147483648+100@2 lA110+100@3",
	  "unanswered low known 60s -c--" },
	{ "an acknowledgement does not move the numbers",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+100@1 lA5000@2 lA110+100@3",
	  "unanswered low known 60s -c--" },
	{ "a FIN takes up a number",
	  { IP_TCP, 9, 2 },
	  "lS9 lFA10+100@1 lA110+1@2 lA111+1@3",
	  "unanswered low known 60s -cr-" },
	{ "midstream the first packet sets the numbers",
	  { IP_TCP, 9, 20000 },
	  "hA5000+10 hA5010+10@1 hA5000+10@2",
	  "unanswered high midstream 60s c-r" },
	{ "each side has its own numbers",
	  { IP_TCP, 9, 2 },
	  "lS9 hSA900@1 hA901+50@2 lA10+50@3",
	  "established low known 300s ---c" },

	/* Check-ins. */
	{ "payload after silence is a check-in",
	  { IP_UDP, 50000, 40000 },
	  "l+20 l+20@4999 l+20@9999",
	  "unanswered low 60s c-c" },
	{ "silence is the client's alone",
	  { IP_UDP, 50000, 40000 },
	  "l+20 h+20@4000 l+20@6000",
	  "established low 120s c-c" },
	{ "empty packets end no silence",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+50@1 lA60@4000 lA60+50@5001",
	  "unanswered low known 60s -c-c" },
	{ "a keep-alive is no check-in and ends no silence",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+50@1 lA59+1@8000 lA60+50@9000",
	  "unanswered low known 60s -crc" },
	{ "a repetition after silence is a check-in",
	  { IP_TCP, 9, 2 },
	  "lS9 lA10+50@1 lA10+50@8000",
	  "unanswered low known 60s -cb" },

	/* Later fragments. */
	{ "a later fragment is no check-in and ends no silence",
	  { IP_UDP, 50000, 40000 },
	  "l+20 lf+900@4000 l+20@9001",
	  "unanswered low 60s c-c" },
	{ "a later fragment has no TCP header",
	  { IP_TCP, 9, 2 },
	  "lfRS+900",
	  "embryonic low midstream 10s -" },
};

static void run_case(void **state)
{
	const struct update_case *c = *state;
	char marks[PACKETS + 1];
	char got[TEXT];
	struct flow_record flow = run(c->packets, c->ends, marks);

	describe(&flow, marks, got);
	assert_string_equal(got, c->want);
}

/* Does the last packet open a new flow, after those before it? */
struct reopen_case {
	const char *name;
	const char *packets;
	const char *then;
	bool want;
};

static struct reopen_case reopen_cases[] = {
	{ "an unanswered SYN may be repeated", "lS9", "lS9", false },
	{ "an unanswered client may try other numbers", "lS9", "lS777", false },
	{ "an answered SYN may be repeated", "lS9 hSA70^10", "lS9", false },
	{ "a SYN behind its answer may come late", "hSA70^10", "lS9", false },
	{ "other numbers after an answer open anew", "lS9 hSA70^10", "lS777", true },
	{ "the numbers that were answered count", "lS9 lS777 hSA70^778", "lS777", false },
	{ "a SYN of the answered side opens anew", "lS9 hSA70^10", "hS9", true },
	{ "both may open at once", "lS9", "hS70", false },
	{ "midstream any SYN opens an answered flow anew", "lA9 hA70", "lS9", true },
	{ "any SYN opens a closed flow anew", "lS9 hRA0^10", "lS9", true },
	{ "a SYN-ACK opens nothing", "lS9 hRA0^10", "hSA9", false },
	{ "a SYN with RST opens nothing", "lS9 hRA0^10", "lSR9", false },
	{ "a later fragment opens nothing", "lS9 hRA0^10", "lSf9", false },
};

static void run_reopen_case(void **state)
{
	const struct reopen_case *c = *state;
	const struct endpoints ends = { IP_TCP, 40000, 80 };
	char marks[PACKETS + 1];
	struct flow_record flow = run(c->packets, ends, marks);
	struct packet p;

	(void)read_packet(c->then, ends, &p);
	assert_int_equal(flow_is_reopened_by(&flow, &p), c->want);
}

static void counters_are_kept_by_side(void **state)
{
	char marks[PACKETS + 1];
	struct flow_record flow =
		run("l+10 h+20@5 hf+30@7", (struct endpoints){ .protocol = IP_UDP }, marks);

	(void)state;
	assert_int_equal(flow.packets[FLOW_SIDE_LOW], 1);
	assert_int_equal(flow.packets[FLOW_SIDE_HIGH], 2);
	assert_int_equal(flow.bytes[FLOW_SIDE_LOW], 50);
	assert_int_equal(flow.bytes[FLOW_SIDE_HIGH], 60 + 70);
	assert_int_equal(flow.payload_packets, 2);
	assert_int_equal(flow.first, START);
	assert_int_equal(flow.last, START + 7 * NANOTIME_MILLISECOND);
}

static struct flow_record started(const char *packet, uint8_t protocol, struct packet *p)
{
	struct flow_record flow = { 0 };

	(void)read_packet(packet, (struct endpoints){ .protocol = protocol }, p);
	flow.key = p->key;
	flow_start(&flow, p, p->time);
	return flow;
}

static void counts_stay_at_their_most(void **state)
{
	struct packet p;
	struct flow_record flow = started("lA1+10", IP_TCP, &p);

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct flow_touch touch = flow_count(&flow, &p, p.time, &config);

		assert_int_equal(touch.payload_packets_before, i < 255 ? i : 255);
	}
	assert_int_equal(flow.payload_packets, 255);
	assert_int_equal(flow.retransmitted, 255);
	flow.packets[FLOW_SIDE_LOW] = UINT32_MAX;
	(void)flow_count(&flow, &p, p.time, &config);
	assert_int_equal(flow.packets[FLOW_SIDE_LOW], UINT32_MAX);
}

/* The milliseconds of a record wrap after 49.7 days; check-ins go on as before. */
static void check_ins_outlive_the_millisecond_counter(void **state)
{
	const nanotime wrap = START + ((nanotime)UINT32_MAX + 1) * NANOTIME_MILLISECOND;
	const struct {
		nanotime at;
		bool want;
	} packets[] = { { START, true },
			{ wrap - 4 * NANOTIME_SECOND, true },
			{ wrap - NANOTIME_MILLISECOND, false },
			{ wrap + 4 * NANOTIME_SECOND, false },
			{ wrap + 10 * NANOTIME_SECOND, true } };
	struct packet p;
	struct flow_record flow = started("l+10", IP_UDP, &p);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(packets); i++)
		assert_int_equal(flow_count(&flow, &p, packets[i].at, &config).is_check_in,
				 packets[i].want);
}

static void deadlines_do_not_overflow(void **state)
{
	const struct flow_config endless = { .embryonic = UINT64_MAX, .unanswered = UINT64_MAX };
	struct flow_record flow = { .first = START, .last = START };

	(void)state;
	assert_int_equal(flow_deadline(&flow, &endless), UINT64_MAX);
	flow.class = FLOW_UNANSWERED;
	assert_int_equal(flow_deadline(&flow, &endless), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(counters_are_kept_by_side),
		cmocka_unit_test(counts_stay_at_their_most),
		cmocka_unit_test(check_ins_outlive_the_millisecond_counter),
		cmocka_unit_test(deadlines_do_not_overflow),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(reopen_cases) + ARRAY_LEN(others)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = cases[i].name,
						      .test_func = run_case,
						      .initial_state = &cases[i] };
	for (size_t i = 0; i < ARRAY_LEN(reopen_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = reopen_cases[i].name,
						      .test_func = run_reopen_case,
						      .initial_state = &reopen_cases[i] };
	memcpy(&tests[count], others, sizeof(others));
	return cmocka_run_group_tests_name("flow_update", tests, NULL, NULL);
}
