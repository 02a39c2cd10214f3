#include "sensor/detect/listed.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

static const char list_text[] = "# names\n"
				"evil.example.com   # a comment\n"
				"worse.example.net\n"
				"203.0.113.7\n"
				"198.51.100.0/24\n"
				"203.0.113.9:4444\n"
				"2001:db8:bad::/48\n";

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): columns as people read them */
struct contact_case {
	const char *name;
	const char *server;
	uint16_t port;
	const char *peer_name;
	enum direction direction;
	bool is_unanswered;
	const char *listed; /* NULL is silent */
	enum object_kind object;
	const char *text;
};

static struct contact_case contacts[] = {
	{ "a listed name", "192.0.2.1", 443, "evil.example.com", DIRECTION_OUTBOUND, false,
	  "evil.example.com", OBJECT_HOST, "evil.example.com" },
	{ "a name below it", "192.0.2.1", 443, "a.b.evil.example.com", DIRECTION_OUTBOUND, false,
	  "evil.example.com", OBJECT_HOST, "a.b.evil.example.com" },
	{ "a name above it", "192.0.2.1", 443, "example.com", DIRECTION_OUTBOUND, false, NULL, 0,
	  NULL },
	{ "a name that only ends alike", "192.0.2.1", 443, "notevil.example.com",
	  DIRECTION_OUTBOUND, false, NULL, 0, NULL },
	{ "a listed address", "203.0.113.7", 443, "", DIRECTION_OUTBOUND, false, "203.0.113.7",
	  OBJECT_ADDRESS, "203.0.113.7" },
	{ "a listed address under a harmless name", "203.0.113.7", 443, "shop.example.org",
	  DIRECTION_OUTBOUND, false, "203.0.113.7", OBJECT_ADDRESS, "203.0.113.7" },
	{ "a listed network", "198.51.100.77", 80, "", DIRECTION_OUTBOUND, false, "198.51.100.0/24",
	  OBJECT_ADDRESS, "198.51.100.77" },
	{ "a listed network of IPv6", "2001:db8:bad::1", 80, "", DIRECTION_OUTBOUND, false,
	  "2001:db8:bad::/48", OBJECT_ADDRESS, "2001:db8:bad::1" },
	{ "an address at its listed port", "203.0.113.9", 4444, "", DIRECTION_OUTBOUND, false,
	  "203.0.113.9:4444", OBJECT_ADDRESS, "203.0.113.9" },
	{ "the same at another port", "203.0.113.9", 443, "", DIRECTION_OUTBOUND, false, NULL, 0,
	  NULL },
	{ "an address beside it", "203.0.113.8", 443, "", DIRECTION_OUTBOUND, false, NULL, 0,
	  NULL },
	{ "nobody answered", "203.0.113.7", 443, "", DIRECTION_OUTBOUND, true, NULL, 0, NULL },
	{ "from outside", "203.0.113.7", 443, "", DIRECTION_INBOUND, false, NULL, 0, NULL },
	{ "inside the office", "203.0.113.7", 443, "", DIRECTION_LATERAL, false, NULL, 0, NULL },
};

struct lookup_case {
	const char *name;
	const char *asked;
	uint8_t rcode;
	uint8_t addresses;
	bool is_question;
	const char *listed;
};

static struct lookup_case lookups[] = {
	{ "a listed name is looked up", "evil.example.com", 0, 1, false, "evil.example.com" },
	{ "a name below it is looked up", "x.evil.example.com", 0, 1, false, "evil.example.com" },
	{ "a question alone", "evil.example.com", 0, 0, true, NULL },
	{ "it does not exist", "evil.example.com", 3, 0, false, "evil.example.com" },
	{ "it does not exist, whatever else is told", "evil.example.com", 3, 1, false,
	  "evil.example.com" },
	{ "the resolver refuses it", "evil.example.com", 5, 0, false, "evil.example.com" },
	{ "it has no address", "evil.example.com", 0, 0, false, NULL },
	{ "another name", "example.com", 0, 1, false, NULL },
};

struct trial {
	struct test_bench bench;
	struct intel_sets *indicators;
};

static void start(struct trial *t)
{
	t->indicators = test_indicators(list_text);
	test_bench_prepare(&t->bench, &detector_listed);
	test_bench_start(&t->bench, t->indicators);
}

static void stop(struct trial *t)
{
	test_bench_stop(&t->bench);
	intel_sets_free(t->indicators);
}

static void contact(struct trial *t, const struct contact_case *c, const char *client, uint64_t id)
{
	struct fact_flow flow = test_flow(id, client, c->server, c->port, TEST_TCP);
	struct fact fact = test_flow_ended(test_start, &flow, !c->is_unanswered);
	struct observation seen = test_seen(&fact);

	seen.direction = c->direction;
	seen.peer_name = c->peer_name;
	test_bench_show(&t->bench, &seen);
}

/* A detail is the item, and who lists it. */
static void assert_item(const struct signal *s, const char *item)
{
	char expected[sizeof(s->detail)];

	(void)snprintf(expected, sizeof(expected), "%s (list)", item);
	assert_string_equal(s->detail, expected);
}

static void run_contact(void **state)
{
	const struct contact_case *c = *state;
	struct trial t;

	start(&t);
	contact(&t, c, "192.168.1.10", 1);
	assert_int_equal(t.bench.count, c->listed ? 1 : 0);
	if (c->listed) {
		const struct signal *s = test_bench_last(&t.bench);

		assert_int_equal(s->kind, SIGNAL_LISTED_CONTACT);
		assert_int_equal(s->device, 10);
		assert_int_equal(s->outcome, OUTCOME_DATA);
		assert_item(s, c->listed);
		assert_int_equal(s->object.kind, c->object);
		assert_string_equal(s->object.text, c->text);
		assert_int_equal(s->object.port, c->port);
		assert_true(test_reason(s, REASON_BYTES_DOWN)->value == 2000);
		assert_true(s->flow_count == 1 && s->flows[0].has_ended);
	}
	stop(&t);
}

static void look_up(struct trial *t, const struct lookup_case *c)
{
	struct fact fact = test_dns_answer(test_start, c->asked, "203.0.113.200");

	fact.dns.is_response = !c->is_question;
	fact.dns.rcode = c->rcode;
	fact.dns.address_count = c->addresses;

	struct observation seen = test_seen(&fact);

	seen.direction = DIRECTION_LATERAL; /* to the office's resolver */
	test_bench_show(&t->bench, &seen);
}

static void run_lookup(void **state)
{
	const struct lookup_case *c = *state;
	struct trial t;

	start(&t);
	look_up(&t, c);
	assert_int_equal(t.bench.count, c->listed ? 1 : 0);
	if (c->listed) {
		const struct signal *s = test_bench_last(&t.bench);

		assert_int_equal(s->kind, SIGNAL_LISTED_LOOKUP);
		assert_int_equal(s->direction, DIRECTION_OUTBOUND);
		assert_int_equal(s->outcome, c->rcode == 0 ? OUTCOME_ATTEMPT : OUTCOME_REFUSED);
		assert_true(c->rcode == 0 ? s->confidence >= 0.5 : s->confidence < 0.5);
		assert_item(s, c->listed);
		assert_string_equal(s->object.text, c->asked);
	}
	stop(&t);
}

static void each_device_is_told_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint64_t id = 1; id <= 10; id++) {
		contact(&t, &contacts[0], "192.168.1.10", id);
		contact(&t, &contacts[1], "192.168.1.10", 100 + id); /* the same indicator */
		look_up(&t, &lookups[0]);
	}
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(t.bench.signals[0].kind, SIGNAL_LISTED_CONTACT);
	assert_int_equal(t.bench.signals[1].kind, SIGNAL_LISTED_LOOKUP);
	contact(&t, &contacts[0], "192.168.1.11", 200);
	assert_int_equal(t.bench.count, 3);
	assert_int_equal(test_bench_last(&t.bench)->device, 11);
	contact(&t, &contacts[4], "192.168.1.11", 201); /* another indicator */
	assert_int_equal(t.bench.count, 4);
	stop(&t);
}

static void looked_up_before_contact_is_told_as_both(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	look_up(&t, &lookups[0]);
	contact(&t, &contacts[0], "192.168.1.10", 1);
	assert_int_equal(t.bench.count, 2);
	assert_true(t.bench.signals[1].confidence > t.bench.signals[0].confidence);
	stop(&t);
}

static void contact_without_data_is_answered_only(void **state)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "203.0.113.7", 443, TEST_TCP);
	struct fact fact = test_flow_ended(test_start, &flow, true);
	struct observation seen = test_seen(&fact);
	struct trial t;

	(void)state;
	start(&t);
	fact.ended.has_data_down = false; /* however much the device itself has sent */
	test_bench_show(&t.bench, &seen);
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_ANSWERED);
	stop(&t);
}

static void without_a_list_nothing_is_told(void **state)
{
	struct trial t = { .indicators = NULL };

	(void)state;
	test_bench_prepare(&t.bench, &detector_listed);
	test_bench_start(&t.bench, NULL);
	contact(&t, &contacts[0], "192.168.1.10", 1);
	look_up(&t, &lookups[0]);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* A fact of a flow that lives, to a listed address from 192.168.1.`client`. */
static struct fact living(enum fact_kind kind, double seconds, unsigned client)
{
	char text[ADDRESS_TEXT_LEN];
	struct fact_flow flow;
	struct fact fact;

	(void)snprintf(text, sizeof(text), "192.168.1.%u", client);
	flow = test_flow(client, text, "203.0.113.7", 443, TEST_TCP);
	fact = test_fact(kind, test_after_seconds(seconds), &flow);
	fact.flow.first = test_start;
	return fact;
}

static void show(struct trial *t, const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	test_bench_show(&t->bench, &seen);
}

static void check_in(struct trial *t, double seconds, unsigned client, bool is_answered)
{
	struct fact fact = living(FACT_CHECK_IN, seconds, client);

	fact.check_in.is_answered = is_answered;
	show(t, &fact);
}

static void named(struct trial *t, double seconds, unsigned client, bool has_data_down)
{
	struct fact fact = living(FACT_FLOW_NAMED, seconds, client);

	fact.named.has_data_down = has_data_down;
	show(t, &fact);
}

static void time_passes(struct trial *t, double seconds)
{
	struct fact fact = test_arp(test_after_seconds(seconds), 3, 4, true);

	show(t, &fact);
}

static void ended(struct trial *t, double seconds, unsigned client)
{
	struct fact fact = living(FACT_FLOW_ENDED, seconds, client);

	fact.ended.is_answered = true;
	show(t, &fact);
}

static void contact_is_told_while_it_lives(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	named(&t, 1, 10, false);
	check_in(&t, 1, 10, false);
	time_passes(&t, 60);
	assert_int_equal(t.bench.count, 0);
	named(&t, 61, 10, true);
	assert_int_equal(t.bench.count, 1);

	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_LISTED_CONTACT);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_int_equal(s->count, 1);
	assert_true(s->first == test_start && s->last == test_after_seconds(61));
	assert_true(s->flow_count == 1 && !s->flows[0].has_ended);
	assert_null(test_reason(s, REASON_BYTES_UP));
	named(&t, 62, 10, true);
	check_in(&t, 63, 10, true);
	time_passes(&t, 70);
	ended(&t, 80, 10);
	assert_int_equal(t.bench.count, 1);
	stop(&t);
}

static void silent_server_is_told_of_within_seconds(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in(&t, 1, 10, true);
	time_passes(&t, 2.9);
	assert_int_equal(t.bench.count, 0);
	time_passes(&t, 3);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_ANSWERED);
	check_in(&t, 30, 10, true);
	named(&t, 31, 10, true);
	time_passes(&t, 60);
	ended(&t, 80, 10);
	assert_int_equal(t.bench.count, 1);
	stop(&t);
}

static void answer_within_seconds_is_told_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	check_in(&t, 1, 10, true);
	check_in(&t, 1.5, 10, true);
	named(&t, 2, 10, true);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(test_bench_last(&t.bench)->outcome, OUTCOME_DATA);
	check_in(&t, 10, 11, true); /* ends before anybody asks */
	ended(&t, 11, 11);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->device, 11);
	time_passes(&t, 60);
	assert_int_equal(t.bench.count, 2);
	stop(&t);
}

/* However many wait, each is told of once. */
static void silent_servers_do_not_crowd_each_other_out(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned client = 10; client < 60; client++)
		check_in(&t, 1, client, true);
	assert_true(t.bench.count >= 40 && t.bench.count < 50);
	time_passes(&t, 4);
	assert_int_equal(t.bench.count, 50);
	for (unsigned client = 10; client < 60; client++)
		ended(&t, 5, client);
	assert_int_equal(t.bench.count, 50);
	stop(&t);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(each_device_is_told_once),
		cmocka_unit_test(looked_up_before_contact_is_told_as_both),
		cmocka_unit_test(contact_without_data_is_answered_only),
		cmocka_unit_test(without_a_list_nothing_is_told),
		cmocka_unit_test(contact_is_told_while_it_lives),
		cmocka_unit_test(silent_server_is_told_of_within_seconds),
		cmocka_unit_test(answer_within_seconds_is_told_once),
		cmocka_unit_test(silent_servers_do_not_crowd_each_other_out),
	};
	struct CMUnitTest tests[ARRAY_LEN(contacts) + ARRAY_LEN(lookups) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, contacts, run_contact);
	n += ADD_ROWS(tests + n, lookups, run_lookup);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("listed", tests, NULL, NULL);
}
