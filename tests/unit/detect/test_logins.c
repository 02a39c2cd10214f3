#include "sensor/detect/logins.h"

#include "sensor/detect/guess.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { CLIENT = 10, ENOUGH = 20, LEAST = 10, PREAUTH_REQUIRED = 25, PREAUTH_FAILED = 24 };

struct trial {
	struct test_bench bench;
	uint64_t flow_id;
	double seconds; /* now */
};

static void start(struct trial *t)
{
	t->flow_id = 0;
	t->seconds = 0;
	test_bench_prepare(&t->bench, &detector_logins);
	test_bench_start(&t->bench, NULL);
}

static struct fact_flow flow_to(struct trial *t, const char *server, uint16_t port)
{
	struct fact_flow flow = test_flow(++t->flow_id, "192.168.1.10", server, port, TEST_TCP);

	flow.first = test_after_seconds(t->seconds);
	return flow;
}

static struct fact message(struct trial *t, const struct fact_flow *flow, enum message kind,
			   bool is_from_client)
{
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(t->seconds), flow);

	fact.message.message = (uint8_t)kind;
	fact.message.is_from_client = is_from_client;
	return fact;
}

static void show(struct trial *t, const struct fact *fact, enum direction direction)
{
	struct observation seen = test_seen(fact);

	seen.direction = direction;
	test_bench_show(&t->bench, &seen);
}

/* A connection that asks once, two seconds long. */
static void ask(struct trial *t, enum message kind, const char *server, const char *user,
		const char *outcome, enum direction direction)
{
	struct fact_flow flow = flow_to(t, server, kind == MESSAGE_SSH_LOGIN ? 22 : 21);
	struct fact fact;

	t->seconds += 2;
	fact = message(t, &flow, kind, false);
	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, user);
	attributes_add_text(&fact.message.said, ATTRIBUTE_OUTCOME, outcome);
	show(t, &fact, direction);
}

/* `count` refused ones, each `rest` seconds after the last; `accounts` of them. */
static void guess(struct trial *t, unsigned count, double rest, unsigned accounts,
		  enum direction direction)
{
	for (unsigned i = 0; i < count; i++) {
		char user[16];

		(void)snprintf(user, sizeof(user), "user%u", i % accounts);
		ask(t, MESSAGE_FTP_LOGIN, "192.168.1.20", user, "refused", direction);
		t->seconds += rest;
	}
}

static double most_certain(const struct trial *t, enum signal_kind kind)
{
	double most = 0;

	for (size_t i = 0; i < t->bench.count && i < TEST_SIGNALS_MAX; i++) {
		if (t->bench.signals[i].kind == kind && t->bench.signals[i].confidence > most)
			most = t->bench.signals[i].confidence;
	}
	return most;
}

static void one_after_the_other_is_told(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, ENOUGH, 0.1, 1, DIRECTION_LATERAL);

	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_LOGIN_GUESSING);
	assert_int_equal(s->device, CLIENT);
	assert_int_equal(s->count, ENOUGH);
	assert_string_equal(s->object.text, "192.168.1.20");
	assert_string_equal(s->detail, "FTP");
	assert_true(s->confidence >= 0.5);
	assert_true(test_reason(s, REASON_LOGINS_REFUSED)->value >= LEAST);
	assert_int_equal(t.bench.count, 2); /* at the least, and at its double */
	test_bench_stop(&t.bench);
}

static void few_are_a_doubt_and_fewer_nothing(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, LEAST - 1, 0.1, 1, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 0);
	guess(&t, 1, 0.1, 1, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 1);
	assert_true(test_bench_last(&t.bench)->confidence < 0.5);
	test_bench_stop(&t.bench);
}

static void stored_password_by_the_clock_is_a_doubt(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, 2 * ENOUGH, 28, 1, DIRECTION_LATERAL);
	assert_true(t.bench.count > 0);
	assert_true(most_certain(&t, SIGNAL_LOGIN_GUESSING) < 0.3);
	test_bench_stop(&t.bench);
}

static void mail_client_every_minute_is_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 600; i++) {
		ask(&t, MESSAGE_MAIL_LOGIN, "203.0.113.5", "anna", "refused", DIRECTION_OUTBOUND);
		t.seconds += 73;
	}
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void many_that_are_let_in_are_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 5 * ENOUGH; i++)
		ask(&t, MESSAGE_FTP_LOGIN, "192.168.1.20", "scanner",
		    i % 3 ? "refused" : "accepted", DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void keys_that_a_client_offers_count_little(void **state)
{
	struct fact_flow flow;
	struct fact fact;
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 3; i++) {
		flow = flow_to(&t, "192.168.1.20", 22);
		for (unsigned key = 1; key <= 6; key++) {
			fact = message(&t, &flow, MESSAGE_SSH_LOGIN, false);
			attributes_add_text(&fact.message.said, ATTRIBUTE_OUTCOME, "failed");
			attributes_add_number(&fact.message.said, ATTRIBUTE_ATTEMPTS, key);
			show(&t, &fact, DIRECTION_LATERAL);
		}
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void many_accounts_are_spraying(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, 8, 60, 8, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(t.bench.signals[0].kind, SIGNAL_LOGIN_SPRAYING);
	assert_true(t.bench.signals[0].confidence >= 0.5);
	test_bench_stop(&t.bench);
}

static void many_servers_are_spraying(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 5; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "192.168.1.%u", 20 + i);
		assert_int_equal(t.bench.count, 0);
		ask(&t, MESSAGE_SSH_LOGIN, server, "", "failed", DIRECTION_LATERAL);
	}
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(t.bench.signals[0].kind, SIGNAL_LOGIN_SPRAYING);
	assert_int_equal(t.bench.signals[0].object.kind, OBJECT_PORT);
	assert_string_equal(t.bench.signals[0].object.text, "22/tcp");
	test_bench_stop(&t.bench);
}

static void success_after_guessing_is_told_once(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	ask(&t, MESSAGE_FTP_LOGIN, "192.168.1.20", "user0", "accepted", DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 0);
	t.seconds += 3600;
	guess(&t, ENOUGH, 0.1, 1, DIRECTION_LATERAL);
	for (unsigned i = 0; i < 3; i++)
		ask(&t, MESSAGE_FTP_LOGIN, "192.168.1.20", "user0", "accepted", DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 3);

	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_LOGIN_GUESSED);
	assert_true(test_reason(s, REASON_LOGINS_BEFORE)->times < 1);
	test_bench_stop(&t.bench);
}

static void success_a_day_later_says_nothing(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, ENOUGH, 0.1, 1, DIRECTION_LATERAL);
	t.seconds += 25 * 3600;
	ask(&t, MESSAGE_FTP_LOGIN, "192.168.1.20", "user0", "accepted", DIRECTION_LATERAL);
	assert_true(most_certain(&t, SIGNAL_LOGIN_GUESSED) <= 0);
	test_bench_stop(&t.bench);
}

static void from_outside_it_is_a_doubt(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, 40 * ENOUGH, 0.1, 5, DIRECTION_INBOUND);
	assert_true(t.bench.count > 0);
	assert_true(most_certain(&t, SIGNAL_LOGIN_GUESSING) < 0.5);
	ask(&t, MESSAGE_FTP_LOGIN, "192.168.1.20", "user0", "accepted", DIRECTION_INBOUND);
	assert_true(most_certain(&t, SIGNAL_LOGIN_GUESSED) >= 0.5);
	assert_true(most_certain(&t, SIGNAL_EXPOSED_SERVICE) > 0);
	test_bench_stop(&t.bench);
}

static void negotiation_is_no_refusal(void **state)
{
	struct fact_flow flow;
	struct fact fact;
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 2 * ENOUGH; i++) {
		t.seconds += 1;
		flow = flow_to(&t, "192.168.1.20", 88);
		fact = message(&t, &flow, MESSAGE_KERBEROS, false);
		attributes_add_text(&fact.message.said, ATTRIBUTE_MESSAGE, "KRB-ERROR");
		attributes_add_number(&fact.message.said, ATTRIBUTE_ERROR, PREAUTH_REQUIRED);
		show(&t, &fact, DIRECTION_LATERAL);
		fact = message(&t, &flow, MESSAGE_SMB_SESSION, false);
		attributes_add_text(&fact.message.said, ATTRIBUTE_NT_STATUS,
				    "STATUS_MORE_PROCESSING_REQUIRED");
		show(&t, &fact, DIRECTION_LATERAL);
		fact = message(&t, &flow, MESSAGE_HTTP_REQUEST, true);
		show(&t, &fact, DIRECTION_LATERAL);
		fact = message(&t, &flow, MESSAGE_HTTP_RESPONSE, false);
		attributes_add_number(&fact.message.said, ATTRIBUTE_STATUS, 401);
		show(&t, &fact, DIRECTION_LATERAL);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void refused_kerberos(struct trial *t, const struct fact_flow *flow)
{
	struct fact fact = message(t, flow, MESSAGE_KERBEROS, false);

	attributes_add_text(&fact.message.said, ATTRIBUTE_MESSAGE, "KRB-ERROR");
	attributes_add_number(&fact.message.said, ATTRIBUTE_ERROR, PREAUTH_FAILED);
	show(t, &fact, DIRECTION_LATERAL);
}

static void refused_ldap(struct trial *t, const struct fact_flow *flow)
{
	struct fact fact = message(t, flow, MESSAGE_LDAP_BIND, true);

	attributes_add_text(&fact.message.said, ATTRIBUTE_MECHANISM, "simple");
	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, "cn=anna");
	show(t, &fact, DIRECTION_LATERAL);
	fact = message(t, flow, MESSAGE_LDAP_RESULT, false);
	attributes_add_text(&fact.message.said, ATTRIBUTE_OPERATION, "bind");
	attributes_add_number(&fact.message.said, ATTRIBUTE_RESULT, 49);
	show(t, &fact, DIRECTION_LATERAL);
}

static void refused_smb(struct trial *t, const struct fact_flow *flow)
{
	struct fact fact = message(t, flow, MESSAGE_NTLM_AUTHENTICATE, true);

	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, "anna");
	show(t, &fact, DIRECTION_LATERAL);
	fact = message(t, flow, MESSAGE_SMB_SESSION, false);
	attributes_add_text(&fact.message.said, ATTRIBUTE_NT_STATUS, "STATUS_LOGON_FAILURE");
	show(t, &fact, DIRECTION_LATERAL);
}

static void refused_web(struct trial *t, const struct fact_flow *flow)
{
	struct fact fact = message(t, flow, MESSAGE_HTTP_REQUEST, true);

	attributes_add_text(&fact.message.said, ATTRIBUTE_AUTH, "basic");
	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, "anna");
	show(t, &fact, DIRECTION_LATERAL);
	fact = message(t, flow, MESSAGE_HTTP_RESPONSE, false);
	attributes_add_number(&fact.message.said, ATTRIBUTE_STATUS, 401);
	show(t, &fact, DIRECTION_LATERAL);
}

typedef void refused_fn(struct trial *t, const struct fact_flow *flow);

/* What an old password in a program is not: twenty refusals within seconds. */
static void haste_tells_guessing(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned n = 0; n < ENOUGH; n++) {
		struct fact_flow flow = flow_to(&t, "192.168.1.20", 445);

		t.seconds += 0.1;
		refused_smb(&t, &flow);
	}
	assert_true(test_bench_last(&t.bench)->confidence > 0.5);
	test_bench_stop(&t.bench);
}

/* A domain controller's refusal need not repeat the name: the question has said it. */
static void accounts_of_kerberos_are_those_asked_for(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned n = 0; n < ENOUGH; n++) {
		struct fact_flow flow = flow_to(&t, "192.168.1.20", 88);
		struct fact fact = message(&t, &flow, MESSAGE_KERBEROS, true);
		char name[16];

		t.seconds += 1;
		(void)snprintf(name, sizeof(name), "user%u", n);
		attributes_add_text(&fact.message.said, ATTRIBUTE_MESSAGE, "AS-REQ");
		attributes_add_text(&fact.message.said, ATTRIBUTE_CLIENT_NAME, name);
		show(&t, &fact, DIRECTION_LATERAL);
		fact = message(&t, &flow, MESSAGE_KERBEROS, false);
		attributes_add_text(&fact.message.said, ATTRIBUTE_MESSAGE, "KRB-ERROR");
		attributes_add_number(&fact.message.said, ATTRIBUTE_ERROR, 6);
		show(&t, &fact, DIRECTION_LATERAL);
	}
	assert_true(test_bench_last(&t.bench)->confidence > 0.5);
	test_bench_stop(&t.bench);
}

/* A stored password does the same: a doubt with one account. */
static void each_service_is_heard(void **state)
{
	static refused_fn *const services[] = { refused_kerberos, refused_ldap, refused_smb,
						refused_web };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		struct trial t;

		start(&t);
		for (unsigned n = 0; n < ENOUGH; n++) {
			struct fact_flow flow = flow_to(&t, "192.168.1.20", 88);

			t.seconds += 1;
			services[i](&t, &flow);
		}
		assert_int_equal(t.bench.count, 2);
		assert_true(test_bench_last(&t.bench)->confidence < 0.5);
		test_bench_stop(&t.bench);
	}
}

static void show_desktop(struct trial *t, double lasts, uint64_t bytes, enum direction direction)
{
	struct fact_flow flow = flow_to(t, "192.168.1.20", 3389);
	struct fact fact = test_flow_ended(test_after_seconds(t->seconds + lasts), &flow, true);

	t->seconds += lasts;
	fact.ended.bytes_down = bytes;
	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "RDP");
	show(t, &fact, direction);
}

static void encrypted_desktop_is_judged_by_its_shape(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i <= ENOUGH; i++)
		show_desktop(&t, 2, 3000 + 10 * i, DIRECTION_LATERAL);
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_TRIES_BY_SHAPE));
	assert_int_equal(t.bench.count, 2);
	show_desktop(&t, 300, 5000000, DIRECTION_LATERAL);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_LOGIN_GUESSED);
	test_bench_stop(&t.bench);
}

static void work_on_desktops_is_silent(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (unsigned i = 0; i < 2 * ENOUGH; i++) {
		show_desktop(&t, 300, 5000000, DIRECTION_LATERAL);
		show_desktop(&t, 3, 3000 + 2000 * (i % 3), DIRECTION_LATERAL);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* Whatever opens a case says what it rests on. */
static void assert_rests_on(const struct signal *s, enum reason_code code)
{
	const struct reason *reason = signal_find_reason(s, code);

	assert_non_null(reason);
	assert_int_equal(reason->comparison, COMPARE_AT_LEAST);
	assert_true(reason->value >= reason->threshold);
}

static void desktop_open_to_outside_is_told_once_a_day(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	show_desktop(&t, 5, 3000, DIRECTION_INBOUND); /* no more than a look */
	assert_int_equal(t.bench.count, 0);
	show_desktop(&t, 20, 50000, DIRECTION_INBOUND);
	show_desktop(&t, 20, 50000, DIRECTION_INBOUND);
	assert_int_equal(t.bench.count, 1);
	assert_int_equal(t.bench.signals[0].kind, SIGNAL_EXPOSED_SERVICE);
	assert_int_equal(t.bench.signals[0].outcome, OUTCOME_ANSWERED);
	assert_rests_on(&t.bench.signals[0], REASON_BYTES_DOWN);
	show_desktop(&t, 300, 5000000, DIRECTION_INBOUND); /* a session says more */
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(t.bench.signals[1].outcome, OUTCOME_DATA);
	assert_rests_on(&t.bench.signals[1], REASON_LOGIN_ACCEPTED);
	t.seconds += 86400;
	show_desktop(&t, 20, 50000, DIRECTION_OUTBOUND);
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);
}

static void last_numbers_are_told_at_the_end(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	guess(&t, LEAST + 3, 0.1, 1, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 1);
	test_bench_finish(&t.bench);
	assert_int_equal(t.bench.count, 2);
	assert_int_equal(test_bench_last(&t.bench)->count, LEAST + 3);
	test_bench_stop(&t.bench);
}

static void what_is_forgotten_begins_anew(void **state)
{
	struct trial t;

	(void)state;
	t.flow_id = 0;
	t.seconds = 0;
	test_bench_prepare(&t.bench, &detector_logins);
	t.bench.config.detect.logins.pairs = 64;
	test_bench_start(&t.bench, NULL);
	guess(&t, LEAST - 1, 0.1, 1, DIRECTION_LATERAL);
	for (unsigned i = 0; i < 64; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "203.0.113.%u", 1 + i);
		ask(&t, MESSAGE_FTP_LOGIN, server, "anna", "accepted", DIRECTION_OUTBOUND);
	}
	guess(&t, 1, 0.1, 1, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void time_that_goes_back_begins_anew(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	t.seconds = 86400;
	guess(&t, LEAST - 1, 0.1, 1, DIRECTION_LATERAL);
	t.seconds = 0;
	guess(&t, LEAST - 1, 0.1, 1, DIRECTION_LATERAL);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static struct guess a_guess(void)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", "192.168.1.20", 21, TEST_TCP);
	struct guess g = { .refused = 3, .direction = DIRECTION_LATERAL, .flow_count = 1 };

	g.flows[0] = (struct signal_flow){ .flow = flow };
	return g;
}

static void damaged_rows_are_refused(void **state)
{
	const struct guess_key key = { .device = 1, .service = LOGIN_FTP };
	const uint8_t no_flag = 2;
	struct guess_key other;
	struct guess g;

	(void)state;
	g = a_guess();
	assert_true(guess_is_sound(&key, &g));
	other = key;
	other.device = 0;
	assert_false(guess_is_sound(&other, &g));
	other = key;
	other.kind = GUESS_OPEN + 1;
	assert_false(guess_is_sound(&other, &g));
	other = key;
	other.service = LOGIN_SERVICES;
	assert_false(guess_is_sound(&other, &g));
	g.direction = DIRECTION_LATERAL + 1;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.accounts.count = GUESS_HASHES + 1;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.servers.count = GUESS_HASHES + 1;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	memcpy(&g.is_by_shape, &no_flag, 1);
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.refused = UINT32_MAX;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.chance = 1.5;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.told_at = 4;
	assert_false(guess_is_sound(&key, &g));
	g = a_guess();
	g.flow_count = 0; /* the latest is read without asking */
	assert_false(guess_is_sound(&key, &g));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other_is_told),
		cmocka_unit_test(few_are_a_doubt_and_fewer_nothing),
		cmocka_unit_test(stored_password_by_the_clock_is_a_doubt),
		cmocka_unit_test(mail_client_every_minute_is_silent),
		cmocka_unit_test(many_that_are_let_in_are_silent),
		cmocka_unit_test(keys_that_a_client_offers_count_little),
		cmocka_unit_test(many_accounts_are_spraying),
		cmocka_unit_test(many_servers_are_spraying),
		cmocka_unit_test(success_after_guessing_is_told_once),
		cmocka_unit_test(success_a_day_later_says_nothing),
		cmocka_unit_test(from_outside_it_is_a_doubt),
		cmocka_unit_test(negotiation_is_no_refusal),
		cmocka_unit_test(each_service_is_heard),
		cmocka_unit_test(haste_tells_guessing),
		cmocka_unit_test(accounts_of_kerberos_are_those_asked_for),
		cmocka_unit_test(encrypted_desktop_is_judged_by_its_shape),
		cmocka_unit_test(work_on_desktops_is_silent),
		cmocka_unit_test(desktop_open_to_outside_is_told_once_a_day),
		cmocka_unit_test(last_numbers_are_told_at_the_end),
		cmocka_unit_test(what_is_forgotten_begins_anew),
		cmocka_unit_test(time_that_goes_back_begins_anew),
		cmocka_unit_test(damaged_rows_are_refused),
	};

	return cmocka_run_group_tests_name("logins", tests, NULL, NULL);
}
