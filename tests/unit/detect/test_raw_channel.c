#include "sensor/detect/raw_channel.h"

#include "dissectors/first_words.h"
#include "dissectors/shell_text.h"
#include "tests/unit/detect/raw_bench.h"

struct trial {
	struct fact fact;
	struct observation seen;
};

struct raw_case {
	const char *name;
	void (*change)(struct trial *t);
	double least; /* confidence; 0 and `most` 0: silent */
	double most;
	enum reason_code reason; /* what it gives then; REASON_CODES is none in particular */
};

static void to_dynamic_name(struct trial *t)
{
	t->seen.peer_name = "somebody.duckdns.org";
	t->seen.resolved = "somebody.duckdns.org";
	t->seen.peer_name_from = HOST_DNS;
}

static void nothing(struct trial *t)
{
	(void)t;
}

static void to_a_name(struct trial *t)
{
	t->seen.peer_name = "www.example.org";
	t->seen.resolved = "www.example.org";
	t->seen.peer_name_from = HOST_DNS;
}

static void without_dns(struct trial *t)
{
	t->seen.dns_seen = false;
}

static void to_tls_port(struct trial *t)
{
	t->fact.flow.server_port = 443;
}

static void to_game_port(struct trial *t)
{
	t->fact.flow.server_port = 5222;
}

static void in_clear_text(struct trial *t)
{
	t->fact.ended.shape.printable_up = 100;
}

static void mail_in_clear_text(struct trial *t)
{
	in_clear_text(t);
	t->fact.flow.server_port = 110;
}

static void in_a_frame(struct trial *t)
{
	t->fact.ended.shape.first_words_up = FIRST_WORDS_PACKED;
}

static void telling_its_system(struct trial *t)
{
	t->fact.ended.shape.shell_up = SHELL_SYSTEM;
}

static void server_speaks_first(struct trial *t)
{
	t->fact.ended.shape.packet_sides = 0x1;
}

static void server_first_only(struct trial *t)
{
	t->fact.ended.shape.first_from_server = true;
	server_speaks_first(t);
}

static void only_the_server_speaks(struct trial *t)
{
	t->fact.ended.shape.packet_sides = 0x3;
}

static void kept_open(struct trial *t)
{
	t->fact.ended.last = t->fact.flow.first + 10 * NANOTIME_MINUTE;
}

static void of_datagrams(struct trial *t)
{
	t->fact.flow.protocol = TEST_UDP;
}

static void inside(struct trial *t)
{
	t->seen.direction = DIRECTION_LATERAL;
}

static void from_outside(struct trial *t)
{
	t->seen.direction = DIRECTION_INBOUND;
}

static void known(struct trial *t)
{
	(void)snprintf(t->fact.ended.names.protocol, FACT_PROTOCOL_LEN, "MQTT");
}

static void guessed(struct trial *t)
{
	(void)snprintf(t->fact.ended.names.protocol, FACT_PROTOCOL_LEN, "IEC60870");
	t->fact.ended.names.is_guess = true;
}

static void of_a_company(struct trial *t)
{
	(void)snprintf(t->fact.ended.names.protocol, FACT_PROTOCOL_LEN, "TLS.Google");
	t->fact.ended.names.is_guess = true;
}

static void of_a_hoster(struct trial *t)
{
	(void)snprintf(t->fact.ended.names.protocol, FACT_PROTOCOL_LEN, "TLS.AmazonAWS");
	t->fact.ended.names.is_guess = true;
}

static void taken_up_midway(struct trial *t)
{
	t->fact.flow.is_midstream = true;
}

static void unanswered(struct trial *t)
{
	t->fact.ended.is_answered = false;
}

static void nearly_empty(struct trial *t)
{
	t->fact.ended.bytes_up = 63;
}

static void to_a_group(struct trial *t)
{
	t->seen.is_group = true;
}

static void http_for_tls(struct trial *t)
{
	to_tls_port(t);
	(void)snprintf(t->fact.ended.names.protocol, FACT_PROTOCOL_LEN, "HTTP");
}

/* An address without a name, at a port for nothing: .085 × 3 × 2 as odds. */
static struct raw_case cases[] = {
	{ "a stranger's address", nothing, 0.33, 0.38, REASON_NO_NAME },
	{ "a dynamic name", to_dynamic_name, 0.55, 0.67, REASON_DYNAMIC_NAME },
	{ "a name like others", to_a_name, 0.14, 0.18, REASON_ODD_PORT },
	{ "where no DNS is seen a missing name says nothing", without_dns, 0.14, 0.18,
	  REASON_ODD_PORT },
	{ "where TLS is expected", to_tls_port, 0.5, 0.55, REASON_PORT_OF_ANOTHER },
	{ "at a usual port", to_game_port, 0.19, 0.24, REASON_NO_NAME },
	{ "clear text", in_clear_text, 0.5, 0.55, REASON_CLEAR_TEXT },
	{ "clear text where mail has always been", mail_in_clear_text, 0.19, 0.24, REASON_NO_NAME },
	{ "in a frame of remote controls", in_a_frame, 0.74, 0.8, REASON_HOME_FRAME },
	{ "it tells its system", telling_its_system, 0.7, 0.77, REASON_SYSTEM_TOLD },
	{ "the server speaks first", server_first_only, 0.43, 0.48, REASON_SERVER_FIRST },
	{ "the order of packets alone is no sign", server_speaks_first, 0.33, 0.38,
	  REASON_NO_NAME },
	{ "only the server speaks", only_the_server_speaks, 0, 0, REASON_CODES },
	{ "a line that is kept open", kept_open, 0.41, 0.45, REASON_DURATION },
	{ "datagrams", of_datagrams, 0, 0, REASON_CODES },
	{ "inside the office", inside, 0, 0, REASON_CODES },
	{ "from outside", from_outside, 0, 0, REASON_CODES },
	{ "a known protocol", known, 0, 0, REASON_CODES },
	{ "a guess from the port alone", guessed, 0.26, 0.31, REASON_UNKNOWN_PROTOCOL },
	{ "an address of a company", of_a_company, 0, 0, REASON_CODES },
	{ "an address of a hoster", of_a_hoster, 0.33, 0.38, REASON_UNKNOWN_PROTOCOL },
	{ "its beginning was not seen", taken_up_midway, 0, 0, REASON_CODES },
	{ "nobody answers", unanswered, 0, 0, REASON_CODES },
	{ "less than raw_channel.bytes", nearly_empty, 0, 0, REASON_CODES },
	{ "to a group", to_a_group, 0, 0, REASON_CODES },
};

static void run_case(void **state)
{
	const struct raw_case *c = *state;
	struct test_bench bench;
	struct trial t = { .fact = raw_flow(1, "203.0.113.5", 1604) };

	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	t.seen = test_seen(&t.fact);
	c->change(&t);
	test_bench_show(&bench, &t.seen);
	if (c->most == 0) {
		assert_int_equal(bench.count, 0);
	} else {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_RAW_CHANNEL);
		assert_float_equal(s->confidence, (c->least + c->most) / 2,
				   (c->most - c->least) / 2);
		assert_non_null(test_reason(s, c->reason));
		assert_string_equal(s->object.application, "Unknown");
		assert_true(signal_is_sound(s));
	}
	check_kept_rows(&bench);
	test_bench_stop(&bench);
}

static void show(struct test_bench *bench, const struct fact *fact)
{
	const struct observation seen = test_seen(fact);

	test_bench_show(bench, &seen);
}

static void told_once_and_again_when_stronger(void **state)
{
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 3; i++) {
		struct fact fact = raw_flow(10.0 * i, "203.0.113.5", 1604);

		show(&bench, &fact);
	}
	assert_int_equal(bench.count, 1);
	for (unsigned i = 3; i < 30; i++) { /* the fourth makes it a habit */
		struct fact fact = raw_flow(10.0 * i, "203.0.113.5", 1604);

		show(&bench, &fact);
	}
	assert_int_equal(bench.count, 2);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_CONNECTIONS));
	for (unsigned i = 0; i < 2; i++) { /* hours later, and on a day before */
		struct fact fact = raw_flow(i == 0 ? 7 * 3600 : -86400, "203.0.113.5", 1604);

		show(&bench, &fact);
	}
	assert_int_equal(bench.count, 4);
	test_bench_stop(&bench);
}

/* Games and file sharing have many partners. */
static void many_servers_make_each_unlikely(void **state)
{
	struct test_bench bench;
	char server[32];
	double before = 1;

	(void)state;
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(server, sizeof(server), "203.0.113.%u", 10 + i);

		struct fact fact = raw_flow(1 + i, server, 1604);

		show(&bench, &fact);
		before = i == 3 ? test_bench_last(&bench)->confidence : before;
	}
	assert_int_equal(bench.count, 4);
	assert_true(before > 0.25);
	test_bench_stop(&bench);
}

/* `sizes` of two packets that the device sends; the server has said as much as `is_given`. */
static double knock(struct test_bench *bench, const char *server, uint16_t second, bool is_given)
{
	struct fact fact = raw_flow(1, server, 443);

	fact.ended.has_data_down = is_given;
	fact.ended.shape.packet_sides = is_given ? 0x2 : 0;
	fact.ended.shape.packet_sizes[0] = 24;
	fact.ended.shape.packet_sizes[1] = second;
	bench->count = 0;
	show(bench, &fact);
	return bench->count > 0 ? test_bench_last(bench)->confidence : 0;
}

static void the_same_said_to_several_silent_servers(void **state)
{
	struct test_bench bench;
	double first;
	double third;

	(void)state;
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	first = knock(&bench, "203.0.113.5", 624, false);
	(void)knock(&bench, "203.0.113.6", 624, false);
	third = knock(&bench, "203.0.113.7", 624, false);
	assert_true(third > first + 0.1);
	assert_true(test_reason(test_bench_last(&bench), REASON_SAME_OPENING)->value == 3);
	/* Another beginning; then a server that speaks. */
	(void)knock(&bench, "203.0.113.8", 200, false);
	assert_null(test_reason(test_bench_last(&bench), REASON_SAME_OPENING));
	test_bench_stop(&bench);

	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	(void)knock(&bench, "203.0.113.5", 624, false);
	(void)knock(&bench, "203.0.113.6", 624, false);
	(void)knock(&bench, "203.0.113.7", 624, true);
	assert_null(test_reason(test_bench_last(&bench), REASON_SAME_OPENING));
	test_bench_stop(&bench);
}

static bool is_kept_alive(uint32_t packets, uint8_t payload_packets, double seconds)
{
	struct test_bench bench;
	struct fact fact = raw_flow(seconds, "203.0.113.5", 1604);
	bool is_told;

	fact.flow.first = test_start;
	fact.ended.packets_up = packets / 2;
	fact.ended.packets_down = packets / 2;
	fact.ended.payload_packets = payload_packets;
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	show(&bench, &fact);
	is_told = test_reason(test_bench_last(&bench), REASON_QUIET_LINE) != NULL;
	test_bench_stop(&bench);
	return is_told;
}

static void a_line_held_with_empty_packets(void **state)
{
	(void)state;
	assert_true(is_kept_alive(50, 2, 2000));   /* one each 90 s */
	assert_false(is_kept_alive(50, 2, 200));   /* far more often */
	assert_false(is_kept_alive(50, 2, 90000)); /* as a system does */
	assert_false(is_kept_alive(12, 2, 300));   /* too few to tell */
	assert_false(is_kept_alive(50, 24, 2000)); /* acknowledgements of what was said */
	assert_false(is_kept_alive(800, 255, 20000));
}

static void files_of_ftp_are_none(void **state)
{
	struct test_bench bench;
	struct fact control = raw_flow(1, "203.0.113.5", 21);
	struct fact named = test_fact(FACT_FLOW_NAMED, test_after_seconds(1), &control.flow);
	struct fact data = raw_flow(5, "203.0.113.5", 40001);
	struct fact other = raw_flow(5, "203.0.113.6", 40001);

	(void)state;
	(void)snprintf(named.named.protocol, sizeof(named.named.protocol), "FTP_CONTROL");
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	show(&bench, &named);
	show(&bench, &data);
	assert_int_equal(bench.count, 0);
	show(&bench, &other);
	assert_int_equal(bench.count, 1);
	test_bench_stop(&bench);
}

static void http_in_place_of_tls(void **state)
{
	struct test_bench bench;
	struct trial t = { .fact = raw_flow(1, "203.0.113.5", 443) };

	(void)state;
	test_bench_prepare(&bench, &detector_raw_channel);
	test_bench_start(&bench, NULL);
	t.seen = test_seen(&t.fact);
	http_for_tls(&t);
	test_bench_show(&bench, &t.seen);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_PORT_MISMATCH);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_stop(&bench);
}

/* A full table forgets whom it has told of; nothing else happens. */
static void more_servers_than_room(void **state)
{
	struct test_bench bench;
	char server[32];

	(void)state;
	test_bench_prepare(&bench, &detector_raw_channel);
	bench.config.detect.raw_channel.places = 64;
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(server, sizeof(server), "203.0.%u.%u", i / 250, 1 + i % 250);

		struct fact fact = raw_flow(4000.0 * i, server, 1604);

		show(&bench, &fact);
	}
	assert_int_equal(bench.count, 1000);
	test_bench_stop(&bench);
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(told_once_and_again_when_stronger),
		cmocka_unit_test(many_servers_make_each_unlikely),
		cmocka_unit_test(the_same_said_to_several_silent_servers),
		cmocka_unit_test(a_line_held_with_empty_packets),
		cmocka_unit_test(files_of_ftp_are_none),
		cmocka_unit_test(http_in_place_of_tls),
		cmocka_unit_test(more_servers_than_room),
	};
	enum { OTHERS = sizeof(others) / sizeof(others[0]) };
	struct CMUnitTest tests[CASES + OTHERS];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(tests + CASES, others, sizeof(others));
	return cmocka_run_group_tests_name("raw_channel", tests, NULL, NULL);
}
