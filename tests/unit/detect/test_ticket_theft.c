#include "sensor/detect/ticket_theft.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

struct ticket_case {
	const char *name;
	bool from_server;
	const char *words; /* %d is the number */
	int messages;
	size_t signals;
	double at_least; /* of the last */
	double below;
};

static struct ticket_case cases[] = {
	{ "accounts that prove nothing, with the old cipher alone", false,
	  "message=AS-REQ client_name=user%d etypes=rc4-hmac", 8, 2, 0.7, 0.75 },
	{ "services of accounts, with the old cipher alone", false,
	  "message=TGS-REQ service_name=MSSQLSvc/s%d.corp.example etypes=rc4-hmac", 4, 1, 0.5,
	  0.6 },
	{ "tickets under the old cipher, asked for as usual", true,
	  "message=TGS-REP ticket_service=HTTP/s%d.corp.example ticket_etype=rc4-hmac", 4, 1, 0.29,
	  0.31 },
	{ "two of them", false,
	  "message=TGS-REQ service_name=MSSQLSvc/s%d.corp.example etypes=rc4-hmac", 2, 0, 0, 0 },
	{ "one again and again", false,
	  "message=TGS-REQ service_name=MSSQLSvc/s.corp.example etypes=rc4-hmac", 9, 0, 0, 0 },
	{ "with newer ciphers beside it", false,
	  "message=AS-REQ client_name=user%d etypes=aes256-cts-hmac-sha1-96 etypes=rc4-hmac", 8, 0,
	  0, 0 },
	{ "accounts that prove who they are", false,
	  "message=AS-REQ client_name=user%d etypes=rc4-hmac preauthenticated", 8, 0, 0, 0 },
	{ "what every login asks for", false,
	  "message=TGS-REQ service_name=cifs/s%d.corp.example etypes=rc4-hmac", 8, 0, 0, 0 },
	{ "machines' own accounts", false, "message=AS-REQ client_name=PC%d$ etypes=rc4-hmac", 8, 0,
	  0, 0 },
	{ "tickets under a new cipher", true,
	  "message=TGS-REP ticket_service=HTTP/s%d.example ticket_etype=aes256-cts-hmac-sha1-96", 8,
	  0, 0, 0 },
};

static void show(struct test_bench *bench, const struct ticket_case *c, int number, double seconds)
{
	struct fact_flow flow =
		test_flow((uint64_t)number + 1, "192.168.1.10", "192.168.1.20", 88, TEST_TCP);
	char words[200];
	struct fact fact;
	struct observation seen;

/* The format is one of the rows above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(words, sizeof(words), c->words, number);
#pragma GCC diagnostic pop
	fact = said_fact(test_after_seconds(seconds), &flow, MESSAGE_KERBEROS, !c->from_server,
			 words);
	seen = test_seen(&fact);
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void run_case(void **state)
{
	const struct ticket_case *c = *state;
	static struct test_bench bench;

	test_bench_prepare(&bench, &detector_ticket_theft);
	test_bench_start(&bench, NULL);
	for (int i = 0; i < c->messages; i++)
		show(&bench, c, i, i);
	assert_int_equal(bench.count, c->signals);
	if (c->signals > 0) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_TICKET_THEFT);
		assert_true(s->confidence >= c->at_least && s->confidence < c->below);
		assert_true(signal_is_sound(s));
	}
	test_bench_stop(&bench);
}

/* What is spread over hours is no collection; and a clock that was set back begins anew. */
static void slow_ones_do_not_add_up(void **state)
{
	static struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_ticket_theft);
	test_bench_start(&bench, NULL);
	for (int i = 0; i < 8; i++)
		show(&bench, &cases[0], i, i * 3600.0);
	for (int i = 0; i < 2; i++)
		show(&bench, &cases[0], i, i);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1];
	size_t n = ADD_ROWS(tests, cases, run_case);

	tests[n] = (struct CMUnitTest)cmocka_unit_test(slow_ones_do_not_add_up);
	return cmocka_run_group_tests_name("ticket_theft", tests, NULL, NULL);
}
