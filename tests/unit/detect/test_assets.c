/* Old systems, old services, devices that come and go. */
#include "sensor/detect/clear_password.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/old_smb.h"
#include "sensor/detect/old_system.h"
#include "sensor/detect/partner_contact.h"
#include "sensor/detect/presence.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PC = 10, SERVER = 20 };

static const char seven_browser[] = "Mozilla/5.0 (Windows NT 6.1; rv:25.0) Gecko/20100101";
static const char seven_itself[] = "Microsoft-CryptoAPI/6.1";
static const char ten_itself[] = "Microsoft-CryptoAPI/10.0";
static const char seven_lease[] =
	"request=1,15,3,6,44,46,47,31,33,121,249,43 options=53,61,12,60,55";

static nanotime on_day(int day)
{
	return test_start + (nanotime)day * NANOTIME_DAY;
}

static void show_message(struct test_bench *bench, struct fact *fact, enum direction direction)
{
	struct observation seen = test_seen(fact);

	seen.direction = direction;
	seen.resolved = "";
	if (direction == DIRECTION_LATERAL)
		seen.peer_device = SERVER;
	test_bench_show(bench, &seen);
}

static struct fact message(nanotime when, const char *server, enum message what)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", server, 80, TEST_TCP);
	struct fact fact = test_fact(FACT_MESSAGE, when, &flow);

	fact.message.message = (uint8_t)what;
	fact.message.is_from_client = true;
	attributes_clear(&fact.message.said);
	return fact;
}

static void browse(struct test_bench *bench, nanotime when, const char *agent)
{
	struct fact fact = message(when, "203.0.113.5", MESSAGE_HTTP_REQUEST);

	attributes_add_text(&fact.message.said, ATTRIBUTE_USER_AGENT, agent);
	show_message(bench, &fact, DIRECTION_OUTBOUND);
}

static void sight(struct test_bench *bench, nanotime when, uint8_t last, struct device_view who)
{
	struct fact fact = test_fact(FACT_SIGHTING, when, NULL);
	struct observation seen = {
		.fact = &fact, .device = last, .peer_name = "", .resolved = ""
	};

	if (mac_is_zero(&who.mac))
		who.mac = (struct mac){ { 0, 0, 0x5e, 0, 0x53, last } };
	for (int i = 0; i < DEVICE_NAME_SOURCES; i++)
		who.names[i] = who.names[i] ? who.names[i] : "";
	who.vendor_class = who.vendor_class ? who.vendor_class : "";
	who.fingerprint = who.fingerprint ? who.fingerprint : "";
	who.syn_signature = who.syn_signature ? who.syn_signature : "";
	who.description = "";
	seen.who = &who;
	test_bench_show(bench, &seen);
}

static void begin(struct test_bench *bench, const struct detector *detector)
{
	test_bench_prepare(bench, detector);
	test_bench_start(bench, NULL);
}

static void an_old_system_on_three_days(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench, &detector_old_system);
	browse(&bench, on_day(0), seven_itself);
	assert_int_equal(bench.count, 1);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	for (int day = 0; day < 20; day++)
		browse(&bench, on_day(day), seven_itself);
	assert_int_equal(bench.count, 2);

	const struct signal *s = test_bench_last(&bench);

	assert_int_equal(s->kind, SIGNAL_OLD_SYSTEM);
	assert_int_equal(s->device, PC);
	assert_int_equal(s->outcome, OUTCOME_DATA);
	assert_true(s->confidence > 0.7);
	assert_string_equal(s->detail, "Windows 7 / Server 2008 R2");
	assert_true(test_reason(s, REASON_PRESENT_DAYS)->value == 3);
	assert_int_equal(test_reason(s, REASON_PRESENT_DAYS)->comparison, COMPARE_AT_LEAST);
	browse(&bench, on_day(33), seven_itself); /* once a month */
	assert_int_equal(bench.count, 3);
	test_bench_stop(&bench);
}

struct old_case {
	const char *name;
	const char *agents[2];
	const char *lease;
	const char *syn;
	int start_day; /* from 2026-03-02 */
	double least;  /* of the surest signal */
	double most;
};

static struct old_case olds[] = {
	{ "its own words", { seven_itself }, "", "", 0, 0.7, 0.9 },
	{ "a browser alone may say anything", { seven_browser }, "", "", 0, 0, 0 },
	{ "a browser and the lease agree", { seven_browser }, seven_lease, "", 0, 0.6, 0.7 },
	{ "its own words and a browser agree", { seven_itself, seven_browser }, "", "", 0, 0.9, 1 },
	{ "two systems behind one address", { seven_itself, ten_itself }, "", "", 0, 0, 0 },
	{ "a stack that is not Windows'",
	  { seven_itself },
	  "",
	  "ip4 ttl64 df win64240=44mss mss1460",
	  0,
	  0,
	  0 },
	{ "the stack of Windows",
	  { seven_itself },
	  "",
	  "ip4 ttl128 df win8192 mss1460",
	  0,
	  0.7,
	  0.9 },
	{ "in years when it was mended", { seven_itself }, "", "", -3650, 0, 0 },
	{ "a system that is mended", { ten_itself }, "", "", 0, 0, 0 },
};

static void run_old(void **state)
{
	const struct old_case *c = *state;
	struct test_bench bench;
	double surest = 0;

	begin(&bench, &detector_old_system);
	for (int day = c->start_day; day < c->start_day + 4; day++) {
		for (int i = 0; i < 2 && c->agents[i]; i++)
			browse(&bench, on_day(day), c->agents[i]);
		sight(&bench, on_day(day), PC,
		      (struct device_view){ .fingerprint = c->lease,
					    .vendor_class = "MSFT 5.0",
					    .syn_signature = c->syn });
	}
	/* What was said before the stack was seen is weak, and the last word counts. */
	for (size_t i = 0; i < bench.count; i++) {
		if (bench.signals[i].confidence > surest)
			surest = bench.signals[i].confidence;
	}
	if (c->most > 0)
		assert_true(surest >= c->least && surest <= c->most);
	else
		assert_true(surest < 0.5);
	test_bench_stop(&bench);
}

static void grace_holds_it_back(void **state)
{
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_old_system);
	bench.config.detect.old_system.grace = 3650 * NANOTIME_DAY;
	test_bench_start(&bench, NULL);
	for (int day = 0; day < 5; day++)
		browse(&bench, on_day(day), seven_itself);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* The client's observation tells of the server's words, too: they are the server's. */
static void the_server_is_named_for_its_words(void **state)
{
	struct test_bench bench;
	struct fact fact = message(test_start, "192.168.1.20", MESSAGE_NTLM_CHALLENGE);

	(void)state;
	begin(&bench, &detector_old_system);
	fact.message.is_from_client = false;
	attributes_add_text(&fact.message.said, ATTRIBUTE_VERSION, "6.1.7601");
	show_message(&bench, &fact, DIRECTION_LATERAL);
	assert_int_equal(test_bench_last(&bench)->device, SERVER);
	assert_int_equal(test_bench_last(&bench)->outcome, OUTCOME_ATTEMPT);
	test_bench_stop(&bench);
}

static void smb_1(void **state)
{
	static const char *const dialects[] = { "NT LM 0.12", "SMB 3.1.1", "SMB 2.???", "" };
	struct test_bench bench;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct fact fact = message(test_start, "192.168.1.20", MESSAGE_SMB_NEGOTIATE);

		begin(&bench, &detector_old_smb);
		attributes_add_text(&fact.message.said, ATTRIBUTE_DIALECT, dialects[i]);
		show_message(&bench, &fact, DIRECTION_LATERAL); /* offered */
		assert_int_equal(bench.count, 0);
		fact.message.is_from_client = false;
		show_message(&bench, &fact, DIRECTION_LATERAL);
		show_message(&bench, &fact, DIRECTION_LATERAL);
		assert_int_equal(bench.count, i == 0);
		if (i == 0)
			assert_int_equal(test_bench_last(&bench)->device, SERVER);
		test_bench_stop(&bench);
	}
}

struct password_case {
	const char *name;
	enum message message;
	const char *user;
	const char *mechanism;
	bool has_password;
	enum direction direction;
	bool is_told;
};

static struct password_case passwords[] = {
	{ "FTP", MESSAGE_FTP_LOGIN, "anna", "", true, DIRECTION_OUTBOUND, true },
	{ "FTP without an account", MESSAGE_FTP_LOGIN, "Anonymous", "", true, DIRECTION_OUTBOUND,
	  false },
	{ "FTP inside", MESSAGE_FTP_LOGIN, "anna", "", true, DIRECTION_LATERAL, false },
	{ "a stranger's", MESSAGE_FTP_LOGIN, "anna", "", true, DIRECTION_INBOUND, false },
	{ "mail", MESSAGE_MAIL_LOGIN, "anna", "PLAIN", true, DIRECTION_OUTBOUND, true },
	{ "mail by a proof", MESSAGE_MAIL_LOGIN, "anna", "CRAM-MD5", true, DIRECTION_OUTBOUND,
	  false },
	{ "web", MESSAGE_HTTP_REQUEST, "anna", "", true, DIRECTION_OUTBOUND, true },
	{ "web without a login", MESSAGE_HTTP_REQUEST, "", "", false, DIRECTION_OUTBOUND, false },
	{ "Telnet", MESSAGE_TELNET_LOGIN, "", "", false, DIRECTION_OUTBOUND, true },
};

static void run_password(void **state)
{
	const struct password_case *c = *state;
	struct fact fact = message(test_start, "203.0.113.5", c->message);
	struct test_bench bench;

	begin(&bench, &detector_clear_password);
	attributes_add_text(&fact.message.said, ATTRIBUTE_USER, c->user);
	attributes_add_text(&fact.message.said, ATTRIBUTE_MECHANISM, c->mechanism);
	if (c->has_password)
		attributes_add_flag(&fact.message.said, ATTRIBUTE_PASSWORD);
	show_message(&bench, &fact, c->direction);
	show_message(&bench, &fact, c->direction);
	assert_int_equal(bench.count, c->is_told ? 1 : 0);
	test_bench_stop(&bench);
}

/* Two devices of the office, for some days and nights. */
static void watch_office(struct test_bench *bench, int days)
{
	for (int hour = 0; hour < days * 24; hour++) {
		sight(bench, test_start + (nanotime)hour * NANOTIME_HOUR, 1,
		      (struct device_view){ .first_seen = test_start });
		sight(bench, test_start + (nanotime)hour * NANOTIME_HOUR, 2,
		      (struct device_view){ .first_seen = test_start,
					    .names = { "tablet" },
					    .fingerprint = "request=1" });
	}
}

static void stay(struct test_bench *bench, nanotime from, int minutes, struct device_view who)
{
	who.first_seen = from;
	for (int m = 0; m <= minutes; m += 10)
		sight(bench, from + (nanotime)m * NANOTIME_MINUTE, 30, who);
}

struct new_case {
	const char *name;
	int watched;
	int minutes;
	struct device_view who;
	int kind; /* -1: silent */
};

static struct new_case news[] = {
	{ "a new device", 12, 60, { 0 }, SIGNAL_UNKNOWN_DEVICE },
	{ "one that passes by", 12, 20, { 0 }, -1 },
	{ "an office that is hardly known", 5, 60, { 0 }, -1 },
	{ "a MAC that was made up",
	  12,
	  60,
	  { .mac = { { 2, 0, 0, 0, 0, 30 } } },
	  SIGNAL_PRIVATE_DEVICE },
	{ "a phone by its name", 12, 60, { .names = { "Annas-iPhone" } }, SIGNAL_PRIVATE_DEVICE },
	{ "the tablet by another MAC",
	  12,
	  60,
	  { .mac = { { 2, 0, 0, 0, 0, 30 } }, .names = { "tablet" }, .fingerprint = "request=1" },
	  -1 },
	{ "another of that name",
	  12,
	  60,
	  { .mac = { { 2, 0, 0, 0, 0, 30 } }, .names = { "tablet" }, .fingerprint = "request=2" },
	  SIGNAL_PRIVATE_DEVICE },
};

static void run_new(void **state)
{
	const struct new_case *c = *state;
	struct test_bench bench;

	begin(&bench, &detector_presence);
	watch_office(&bench, c->watched);
	assert_int_equal(bench.count, 0);
	stay(&bench, on_day(c->watched), c->minutes, c->who);
	assert_int_equal(bench.count, c->kind < 0 ? 0 : 1);
	if (c->kind >= 0) {
		assert_int_equal(test_bench_last(&bench)->kind, c->kind);
		assert_int_equal(test_bench_last(&bench)->device, 30);
	}
	test_bench_stop(&bench);
}

static void a_device_comes_back(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench, &detector_presence);
	sight(&bench, test_start + NANOTIME_HOUR, 40, (struct device_view){ .first_seen = 1 });
	watch_office(&bench, 5);
	sight(&bench, on_day(5), 40, (struct device_view){ .first_seen = 1 });
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_RETURNED_DEVICE);
	assert_true(test_reason(test_bench_last(&bench), REASON_ABSENT_DAYS)->value == 4);
	sight(&bench, on_day(5) + NANOTIME_HOUR, 40, (struct device_view){ .first_seen = 1 });
	assert_int_equal(bench.count, 1);
	sight(&bench, on_day(6), 40, (struct device_view){ .first_seen = 1 }); /* kept in mind */
	assert_int_equal(bench.count, 2);
	for (int day = 7; day < 12; day++)
		sight(&bench, on_day(day), 40, (struct device_view){ .first_seen = 1 });
	assert_true(bench.count <= 5);
	test_bench_stop(&bench);
}

/* Nobody was seen meanwhile: the sensor was away. */
static void a_sensor_that_was_away_knows_nothing(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench, &detector_presence);
	watch_office(&bench, 2);
	sight(&bench, on_day(9), 1, (struct device_view){ .first_seen = 1 });
	sight(&bench, on_day(9), 2, (struct device_view){ .first_seen = 1 });
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void time_that_goes_back_begins_anew(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench, &detector_presence);
	watch_office(&bench, 12);
	stay(&bench, on_day(-30), 60, (struct device_view){ 0 });
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

/* A budget of few: the longest unseen is forgotten, and nothing breaks. */
static void budgets_hold(void **state)
{
	struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_presence);
	bench.config.judge.devices = 16;
	test_bench_start(&bench, NULL);
	for (unsigned i = 0; i < 2000; i++)
		sight(&bench, test_start + i * NANOTIME_MINUTE, (uint8_t)(1 + i % 200),
		      (struct device_view){ .first_seen = test_start });
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void show_named(struct test_bench *bench, nanotime when, const char *server,
		       const char *name)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", server, 443, TEST_TCP);
	struct fact fact = test_fact(FACT_FLOW_NAMED, when, &flow);
	struct observation seen = test_seen(&fact);

	seen.peer_name = name;
	seen.peer_name_from = name[0] != '\0' ? HOST_TLS : HOST_NONE;
	test_bench_show(bench, &seen);
}

static void partners_are_told_once(void **state)
{
	static const char list[] = "partner.example\n203.0.113.77\n";
	char path[] = "/tmp/hinomi_partners_XXXXXX";
	int file = mkstemp(path);
	struct test_bench bench;

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(write(file, list, strlen(list)), (ssize_t)strlen(list));
	assert_int_equal(close(file), 0);
	test_bench_prepare(&bench, &detector_partner_contact);
	(void)snprintf(bench.config.detect.partners.list, sizeof(bench.config.detect.partners.list),
		       "%s", path);
	test_bench_start(&bench, NULL);
	show_named(&bench, test_start, "203.0.113.5", "mail.other.example");
	assert_int_equal(bench.count, 0);
	show_named(&bench, test_start, "203.0.113.6", "mail.partner.example");
	show_named(&bench, test_start, "203.0.113.6", "mail.partner.example");
	assert_int_equal(bench.count, 1);
	assert_string_equal(test_bench_last(&bench)->detail, "partner.example");
	test_bench_restart(&bench, NULL);
	show_named(&bench, test_start + NANOTIME_HOUR, "203.0.113.6", "mail.partner.example");
	assert_int_equal(bench.count, 1);
	show_named(&bench, test_start, "203.0.113.77", "");
	assert_int_equal(bench.count, 2);
	show_named(&bench, on_day(1), "203.0.113.77", "");
	assert_int_equal(bench.count, 3);
	assert_true(test_bench_last(&bench)->confidence < bench.config.judge.confidence);
	test_bench_stop(&bench);
	assert_int_equal(unlink(path), 0);
}

static void partners_rows_are_checked(void **state)
{
	const struct kept_table *table = &detector_partner_contact.kept[0];
	struct place_key key = { .device = 10, .by_name = 1 };
	nanotime when = test_start;

	(void)state;
	assert_true(table->is_sound(&key, &when));
	key.by_name = 2;
	assert_false(table->is_sound(&key, &when));
	key = (struct place_key){ 0 };
	assert_false(table->is_sound(&key, &when));
}

static void without_a_list_nothing_is_told(void **state)
{
	struct test_bench bench;

	(void)state;
	begin(&bench, &detector_partner_contact);
	show_named(&bench, test_start, "203.0.113.6", "mail.partner.example");
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(an_old_system_on_three_days),
		cmocka_unit_test(grace_holds_it_back),
		cmocka_unit_test(the_server_is_named_for_its_words),
		cmocka_unit_test(smb_1),
		cmocka_unit_test(a_device_comes_back),
		cmocka_unit_test(a_sensor_that_was_away_knows_nothing),
		cmocka_unit_test(time_that_goes_back_begins_anew),
		cmocka_unit_test(budgets_hold),
		cmocka_unit_test(partners_are_told_once),
		cmocka_unit_test(partners_rows_are_checked),
		cmocka_unit_test(without_a_list_nothing_is_told),
	};
	struct CMUnitTest
		tests[ARRAY_LEN(olds) + ARRAY_LEN(passwords) + ARRAY_LEN(news) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, olds, run_old);
	n += ADD_ROWS(tests + n, passwords, run_password);
	n += ADD_ROWS(tests + n, news, run_new);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("assets", tests, NULL, NULL);
}
