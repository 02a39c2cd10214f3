/* Mail and files that leave: what thieves' programs do, and what offices do. */
#include "sensor/detect/handover.h"
#include "sensor/detect/handover_session.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

enum { FTP_PORT = 21, SUBMISSION_PORT = 587, SMB_PORT = 445, IMAP_PORT = 143, DEVICE = 10 };

static const char client[] = "192.168.1.10";
static const char server[] = "203.0.113.5";

struct trial {
	struct test_bench bench;
	struct fact_flow flow;
	double now;
};

static void begin(struct trial *t, uint16_t port)
{
	memset(t, 0, sizeof(*t));
	test_bench_prepare(&t->bench, &detector_handover);
	test_bench_start(&t->bench, NULL);
	t->flow = test_flow(1, client, server, port, TEST_TCP);
	t->flow.first = test_start;
}

static void show(struct trial *t, struct fact *fact)
{
	struct observation seen = test_seen(fact);

	test_bench_show(&t->bench, &seen);
}

static struct fact say(struct trial *t, enum message message)
{
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(t->now), &t->flow);

	fact.message.message = (uint8_t)message;
	return fact;
}

static void command(struct trial *t, enum message message, const char *method,
		    enum attribute attribute, const char *value)
{
	struct fact fact = say(t, message);

	attributes_add_text(&fact.message.said, ATTRIBUTE_METHOD, method);
	if (value)
		attributes_add_text(&fact.message.said, attribute, value);
	show(t, &fact);
}

static void offer_tls(struct trial *t)
{
	struct fact fact = say(t, MESSAGE_SMTP_REPLY);

	attributes_add_flag(&fact.message.said, ATTRIBUTE_STARTTLS);
	show(t, &fact);
}

static void hello_tls(struct trial *t, const char *version)
{
	struct fact fact = say(t, MESSAGE_TLS_CLIENT_HELLO);

	attributes_add_text(&fact.message.said, ATTRIBUTE_VERSION, version);
	show(t, &fact);
}

static void login(struct trial *t, enum message message, const char *user, const char *outcome)
{
	struct fact fact = say(t, message);

	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, user);
	attributes_add_flag(&fact.message.said, ATTRIBUTE_PASSWORD);
	attributes_add_text(&fact.message.said, ATTRIBUTE_OUTCOME, outcome);
	show(t, &fact);
}

static void greet_mailbox(struct trial *t)
{
	struct fact_flow flow = test_flow(77, client, server, IMAP_PORT, TEST_TCP);
	struct fact fact = test_fact(FACT_MESSAGE, test_after_seconds(t->now), &flow);

	fact.message.message = MESSAGE_MAIL_GREETING;
	attributes_add_text(&fact.message.said, ATTRIBUTE_SERVICE, "imap");
	show(t, &fact);
}

static void end_flow(struct trial *t)
{
	struct fact fact = test_flow_ended(test_after_seconds(t->now), &t->flow, true);

	fact.ended.bytes_up = 5000;
	(void)snprintf(fact.ended.names.host, sizeof(fact.ended.names.host), "mail.example.net");
	show(t, &fact);
}

/* Another device keeps its files on this one. */
static void serve(struct trial *t)
{
	struct fact_flow flow = test_flow(88, "192.168.1.20", client, SMB_PORT, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(t->now), &flow, true);
	struct observation seen = test_seen(&fact);

	seen.direction = DIRECTION_LATERAL;
	seen.peer_device = DEVICE;
	test_bench_show(&t->bench, &seen);
}

static void ask_own_address(struct trial *t, double when)
{
	struct fact fact = test_dns_answer(test_after_seconds(when), "api.ipify.org", "192.0.2.7");

	show(t, &fact);
}

static double confidence(const struct trial *t)
{
	return t->bench.count > 0 ? test_bench_last(&t->bench)->confidence : 0;
}

struct mail {
	const char *greeting;
	const char *recipient;
	const char *tls; /* version; NULL: none, in clear text */
	bool has_offer;
	bool reads_mail;
	bool serves;
	bool asks_address;
	unsigned topics;
};

static const struct mail stolen = {
	.greeting = "pc-1", .recipient = "box@example.net", .has_offer = true, .topics = 5
};

static void send(struct trial *t, const struct mail *m)
{
	if (m->reads_mail)
		greet_mailbox(t);
	if (m->serves)
		serve(t);
	if (m->asks_address)
		ask_own_address(t, t->now - 60);
	command(t, MESSAGE_SMTP_COMMAND, "ehlo", ATTRIBUTE_HOST, m->greeting); /* any case */
	if (m->has_offer)
		offer_tls(t);
	if (m->tls) {
		hello_tls(t, m->tls);
		return;
	}
	login(t, MESSAGE_MAIL_LOGIN, "box", "accepted");
	command(t, MESSAGE_SMTP_COMMAND, "MAIL", ATTRIBUTE_SENDER, "box@example.net");
	command(t, MESSAGE_SMTP_COMMAND, "RCPT", ATTRIBUTE_RECIPIENT, m->recipient);

	struct fact envelope = say(t, MESSAGE_MAIL_ENVELOPE);

	show(t, &envelope);
	if (m->topics == 0)
		return;

	struct fact portrait = say(t, MESSAGE_MAIL_PORTRAIT);

	attributes_add_number(&portrait.message.said, ATTRIBUTE_TOPIC_COUNT, m->topics);
	show(t, &portrait);
}

static double told_of(const struct mail *m)
{
	struct trial t;
	double told;

	begin(&t, SUBMISSION_PORT);
	t.now = 100;
	send(&t, m);
	end_flow(&t);
	told = confidence(&t);
	test_bench_stop(&t.bench);
	return told;
}

static void stolen_mail_is_told(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	send(&t, &stolen);
	assert_int_equal(t.bench.count, 0);
	end_flow(&t);
	assert_int_equal(t.bench.count, 1);

	const struct signal *s = test_bench_last(&t.bench);

	assert_int_equal(s->kind, SIGNAL_MAIL_OUT);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_string_equal(s->object.text, "mail.example.net");
	assert_true(s->confidence > 0.5);
	assert_non_null(test_reason(s, REASON_TO_ITSELF));
	test_bench_stop(&t.bench);
}

/* Each taken away alone makes it weaker. */
static void each_sign_counts(void **state)
{
	struct mail m = stolen;
	double all = told_of(&stolen);

	(void)state;
	m.greeting = "[192.168.1.10]";
	assert_true(told_of(&m) < all);
	m = stolen;
	m.recipient = "friend@example.org";
	assert_true(told_of(&m) < all);
	m = stolen;
	m.has_offer = false;
	assert_true(told_of(&m) < all);
	m = stolen;
	m.topics = 2;
	assert_true(told_of(&m) < 0.5);
	m.topics = 0; /* a NAS that reports */
	assert_true(told_of(&m) > 0.25 && told_of(&m) < 0.5);
	m.serves = true;
	assert_true(told_of(&m) < 0.15);
	m = stolen;
	m.reads_mail = true;
	assert_true(told_of(&m) < 0.6);
	m = stolen;
	m.asks_address = true;
	assert_true(told_of(&m) > all);
}

static void encrypted_mail(void **state)
{
	struct mail m = { .greeting = "pc-1", .has_offer = true, .tls = "TLS 1.0" };

	(void)state;
	assert_true(told_of(&m) > 0.25 && told_of(&m) < 0.5);
	m.asks_address = true;
	assert_true(told_of(&m) > 0.5);
	m.tls = "TLS 1.3";
	assert_true(told_of(&m) < 0.5);
	m.asks_address = false;
	assert_true(told_of(&m) < 0.2);
}

static void a_lookup_afterwards_counts_too(void **state)
{
	struct mail m = { .greeting = "pc-1", .has_offer = true, .tls = "TLS 1.0" };
	struct trial t;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	send(&t, &m);
	end_flow(&t);
	assert_true(confidence(&t) < 0.5);
	ask_own_address(&t, 80);
	assert_int_equal(t.bench.count, 2);
	assert_true(confidence(&t) > 0.5);
	ask_own_address(&t, 90); /* once */
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);

	begin(&t, SUBMISSION_PORT);
	send(&t, &m);
	end_flow(&t);
	ask_own_address(&t, 3600); /* too late */
	assert_int_equal(t.bench.count, 1);
	test_bench_stop(&t.bench);
}

static void the_same_again_is_told_after_hours(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	for (unsigned i = 0; i < 3; i++) {
		t.flow = test_flow(i + 1, client, server, SUBMISSION_PORT, TEST_TCP);
		t.flow.first = test_after_seconds(i * 600.0);
		t.now = i * 600.0;
		send(&t, &stolen);
		end_flow(&t);
	}
	assert_int_equal(t.bench.count, 1);
	t.flow = test_flow(9, client, server, SUBMISSION_PORT, TEST_TCP);
	t.now = 14 * 3600.0;
	t.flow.first = test_after_seconds(t.now);
	send(&t, &stolen);
	end_flow(&t);
	assert_int_equal(t.bench.count, 2);
	test_bench_stop(&t.bench);
}

static void mail_servers_are_left_alone(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	for (unsigned i = 0; i < 12; i++) {
		char address[32];

		(void)snprintf(address, sizeof(address), "203.0.113.%u", i + 1);
		t.flow = test_flow(i + 1, client, address, SUBMISSION_PORT, TEST_TCP);
		t.flow.first = test_start;
		send(&t, &stolen);
		if (i == 2)
			t.bench.count = 0; /* the first ones are not known to be one's */
		end_flow(&t);
	}
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

struct upload {
	const char *user;
	const char *outcome;
	const char *file;
	bool lists;
	bool asks_address;
};

static const struct upload stolen_file = { .user = "box",
					   .outcome = "accepted",
					   .file = "PW_anna-PC-1_2026_03_02_00_00_36.html",
					   .asks_address = true };

static double told_of_file(const struct upload *u)
{
	struct trial t;
	double told;

	begin(&t, FTP_PORT);
	t.now = 100;
	if (u->asks_address)
		ask_own_address(&t, 30);
	login(&t, MESSAGE_FTP_LOGIN, u->user, u->outcome);
	if (u->lists)
		command(&t, MESSAGE_FTP_COMMAND, "LIST", ATTRIBUTE_ARGUMENT, NULL);
	if (u->file)
		command(&t, MESSAGE_FTP_COMMAND, "STOR", ATTRIBUTE_ARGUMENT, u->file);
	end_flow(&t);
	told = confidence(&t);
	assert_true(t.bench.count == 0 || test_bench_last(&t.bench)->kind == SIGNAL_FTP_OUT);
	test_bench_stop(&t.bench);
	return told;
}

static void stolen_files_are_told(void **state)
{
	struct upload u = stolen_file;

	(void)state;
	assert_true(told_of_file(&u) > 0.6);
	u.asks_address = false;
	assert_true(told_of_file(&u) > 0 && told_of_file(&u) < 0.5);
	u.lists = true;
	u.file = "index.html"; /* somebody's web site */
	assert_true(told_of_file(&u) > 0 && told_of_file(&u) < 0.15);
	u = stolen_file;
	u.file = NULL;
	assert_true(told_of_file(&u) == 0);
	u = stolen_file;
	u.outcome = "refused";
	assert_true(told_of_file(&u) == 0);
	u = stolen_file;
	u.user = "anonymous";
	assert_true(told_of_file(&u) == 0);
}

static void names_with_a_time(void **state)
{
	(void)state;
	assert_true(handover_name_is_timed("PW_a-PC_2024_03_07_19_00_36.html"));
	assert_true(handover_name_is_timed("20240307190036.zip"));
	assert_true(handover_name_is_timed("pc12 2024-03-07 19-00.txt"));
	assert_false(handover_name_is_timed("backup-2024-03-07.tar"));
	assert_false(handover_name_is_timed("120240307190036.zip"));
	assert_false(handover_name_is_timed("2024__0307190036"));
	assert_false(handover_name_is_timed("index.html"));
	assert_false(handover_name_is_timed(""));
}

static void others_are_none_of_its_business(void **state)
{
	struct trial t;
	struct fact fact;
	struct observation seen;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	hello_tls(&t, "TLS 1.0"); /* no mail was spoken */
	end_flow(&t);
	assert_int_equal(t.bench.count, 0);
	send(&t, &stolen);
	fact = test_flow_ended(test_after_seconds(1), &t.flow, true);
	seen = test_seen(&fact);
	seen.direction = DIRECTION_INBOUND;
	test_bench_show(&t.bench, &seen);
	seen.direction = DIRECTION_OUTBOUND;
	seen.device = 0;
	test_bench_show(&t.bench, &seen);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* More sessions at a time than there is room for: the longest silent is forgotten. */
static void too_many_sessions(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SUBMISSION_PORT);
	send(&t, &stolen);

	struct fact_flow first = t.flow;

	for (unsigned i = 0; i < 300; i++) {
		t.flow = test_flow(i + 10, client, server, SUBMISSION_PORT, TEST_TCP);
		t.flow.first = test_start;
		send(&t, &stolen);
	}
	t.flow = first;
	end_flow(&t);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stolen_mail_is_told),
		cmocka_unit_test(each_sign_counts),
		cmocka_unit_test(encrypted_mail),
		cmocka_unit_test(a_lookup_afterwards_counts_too),
		cmocka_unit_test(the_same_again_is_told_after_hours),
		cmocka_unit_test(mail_servers_are_left_alone),
		cmocka_unit_test(stolen_files_are_told),
		cmocka_unit_test(names_with_a_time),
		cmocka_unit_test(others_are_none_of_its_business),
		cmocka_unit_test(too_many_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
