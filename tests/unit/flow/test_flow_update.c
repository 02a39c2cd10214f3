#include "tests/unit/flow/packet_text.h"

enum { PACKETS = 8, TEXT = 64 };

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

		struct flow_touch touch = counted(&flow, &p);

		flow.class = (uint8_t)flow_class_of(&flow);

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
	  "unanswered low known 60s --" },
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
	{ "a SYN-ACK answers once it is acknowledged",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70^10@1 lA10@2",
	  "established low known 300s ---" },
	{ "a SYN-ACK alone leaves a flow half open",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70^10@1 hSA70^10@2",
	  "unanswered low known 60s ---" },
	{ "without the client's side an answer is one-sided",
	  { IP_TCP, 1, 2 },
	  "hSA70^10 hA71@1",
	  "embryonic low known 10s --" },
	{ "a RST does not answer",
	  { IP_TCP, 1, 2 },
	  "lS9 hRA0^10@1",
	  "embryonic low known closed 10s --" },
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
	  "embryonic low known closed 10s ----" },
	{ "closed after payload is worth more than an attempt",
	  { IP_TCP, 1, 2 },
	  "lS9 hSA70@1 lA10+5@2 hR71@3",
	  "unanswered low known closed 60s --c-" },
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
	{ "the client's SYN is believed before its answer", "lS9 hSA70^5000", "lS9", false },
	{ "without its SYN the answer is believed", "hSA70^5000", "lS9", true },
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

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(counters_are_kept_by_side),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(reopen_cases) + ARRAY_LEN(others)];
	size_t count = 0;

	count += ADD_ROWS(tests + count, cases, run_case);
	count += ADD_ROWS(tests + count, reopen_cases, run_reopen_case);
	memcpy(&tests[count], others, sizeof(others));
	return cmocka_run_group_tests_name("flow_update", tests, NULL, NULL);
}
