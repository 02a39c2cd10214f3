/* Two detectors of who asks a domain controller for what is not meant for him. */
#include "sensor/detect/directory_theft.h"
#include "sensor/detect/logon_bypass.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

#include <stdio.h>

static void say(struct test_bench *bench, const char *server, double seconds, enum message message,
		const char *words)
{
	struct fact_flow flow = test_flow(1, "192.168.1.10", server, 445, TEST_TCP);
	struct fact fact = said_fact(test_after_seconds(seconds), &flow, message, true, words);
	struct observation seen = test_seen(&fact);

	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void begin(struct test_bench *bench, const struct detector *detector)
{
	test_bench_prepare(bench, detector);
	test_bench_start(bench, NULL);
}

struct secret_case {
	const char *name;
	enum message message;
	const char *words;
	const char *detail; /* NULL: nothing is told */
};

static struct secret_case secrets[] = {
	{ "all of a directory", MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=3", "DRSUAPI" },
	{ "a hive is saved", MESSAGE_DCERPC_REQUEST, "interface=winreg opnum=20", "SAM" },
	{ "a hive is saved otherwise", MESSAGE_DCERPC_REQUEST, "interface=winreg opnum=31", "SAM" },
	{ "the directory's file", MESSAGE_SMB_FILE, "file_name=Windows\\NTDS\\NTDS.dit",
	  "NTDS.DIT" },
	{ "a hive's file", MESSAGE_SMB_FILE, "file_name=Windows\\System32\\config\\SAM", "SAM" },
	{ "the memory of logins", MESSAGE_SMB_FILE, "file_name=Temp\\lsass_624.dmp", "LSASS" },
	{ "names are asked of a directory", MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=12",
	  NULL },
	{ "a printer's keys", MESSAGE_DCERPC_REQUEST, "interface=winreg opnum=17", NULL },
	{ "a file called sam", MESSAGE_SMB_FILE, "file_name=people\\sam", NULL },
	{ "a crash of another program", MESSAGE_SMB_FILE, "file_name=word.dmp", NULL },
	{ "a login alone", MESSAGE_NTLM_AUTHENTICATE, "user=anna", NULL },
	{ "a controller's policies", MESSAGE_SMB_FILE, "file_name=office\\Policies\\GPT.INI",
	  NULL },
};

static void run_secret(void **state)
{
	const struct secret_case *c = *state;
	static struct test_bench bench;

	begin(&bench, &detector_directory_theft);
	say(&bench, "192.168.1.2", 0, c->message, c->words);
	say(&bench, "192.168.1.2", 1, c->message, c->words);
	assert_int_equal(bench.count, c->detail ? 1 : 0);
	if (c->detail) {
		const struct signal *s = test_bench_last(&bench);

		assert_int_equal(s->kind, SIGNAL_DIRECTORY_THEFT);
		assert_string_equal(s->detail, c->detail);
		assert_true(s->confidence >= 0.5);
		assert_true(signal_is_sound(s));
	}
	test_bench_stop(&bench);
}

static void a_login_by_ntlm_says_more(void **state)
{
	static struct test_bench bench;
	double without;

	(void)state;
	begin(&bench, &detector_directory_theft);
	say(&bench, "192.168.1.2", 0, MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=3");
	without = test_bench_last(&bench)->confidence;
	say(&bench, "192.168.1.3", 0, MESSAGE_NTLM_AUTHENTICATE, "user=admin");
	say(&bench, "192.168.1.3", 1, MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=3");
	assert_true(test_bench_last(&bench)->confidence > without);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_NTLM_LOGIN));
	test_bench_stop(&bench);
}

static void show_ticket(struct test_bench *bench, const char *client, const char *server)
{
	struct fact_flow flow = test_flow(9, client, server, 88, TEST_TCP);
	struct fact fact = said_fact(test_start, &flow, MESSAGE_KERBEROS, false, "message=AS-REP");
	struct observation seen = test_seen(&fact);

	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void controllers_tell_each_other_everything(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_directory_theft);
	show_ticket(&bench, "192.168.1.50", "192.168.1.10");
	say(&bench, "192.168.1.2", 0, MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=3");
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void a_member_is_no_controller(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_directory_theft);
	show_ticket(&bench, "192.168.1.10", "192.168.1.2");
	say(&bench, "192.168.1.2", 0, MESSAGE_DCERPC_REQUEST, "interface=drsuapi opnum=3");
	assert_non_null(test_reason(test_bench_last(&bench), REASON_IS_MEMBER));
	assert_true(test_bench_last(&bench)->confidence > 0.7);
	test_bench_stop(&bench);
}

static void ask_for_sessions(struct test_bench *bench, int machines, double pause)
{
	for (int i = 0; i < machines; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "192.168.1.%d", 20 + i);
		say(bench, server, i * pause, MESSAGE_DCERPC_REQUEST, "interface=srvsvc opnum=12");
		say(bench, server, i * pause, MESSAGE_DCERPC_REQUEST, "interface=samr opnum=33");
	}
}

static void who_asks_many_for_sessions_maps_them(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_directory_theft);
	ask_for_sessions(&bench, 4, 1);
	assert_int_equal(bench.count, 0);
	ask_for_sessions(&bench, 6, 1);
	assert_int_equal(bench.count, 1);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_ACCOUNT_SEARCH);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_stop(&bench);
	begin(&bench, &detector_directory_theft);
	ask_for_sessions(&bench, 6, 300);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

struct logon_case {
	const char *name;
	const char *words;
	double at_least; /* confidence; 0: nothing is told */
};

static struct logon_case logons[] = {
	{ "a challenge of zeroes", "interface=netlogon opnum=4 zero_challenge", 0.9 },
	{ "the same again and again", "interface=netlogon opnum=15 attempts=16", 0.6 },
	{ "very often", "interface=netlogon opnum=26 attempts=64", 0.8 },
	{ "a login", "interface=netlogon opnum=26", 0 },
	{ "a challenge", "interface=netlogon opnum=4", 0 },
	{ "other calls of it, often", "interface=netlogon opnum=45 attempts=64", 0 },
	{ "other services, often", "interface=lsarpc opnum=15 attempts=64", 0 },
};

static void run_logon(void **state)
{
	const struct logon_case *c = *state;
	static struct test_bench bench;

	begin(&bench, &detector_logon_bypass);
	say(&bench, "192.168.1.2", 0, MESSAGE_DCERPC_REQUEST, c->words);
	say(&bench, "192.168.1.2", 1, MESSAGE_DCERPC_REQUEST, c->words);
	assert_int_equal(bench.count, c->at_least > 0 ? 1 : 0);
	if (c->at_least > 0) {
		assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_LOGON_BYPASS);
		assert_true(test_bench_last(&bench)->confidence >= c->at_least);
		assert_true(signal_is_sound(test_bench_last(&bench)));
	}
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(a_login_by_ntlm_says_more),
		cmocka_unit_test(controllers_tell_each_other_everything),
		cmocka_unit_test(a_member_is_no_controller),
		cmocka_unit_test(who_asks_many_for_sessions_maps_them),
	};
	struct CMUnitTest tests[ARRAY_LEN(secrets) + ARRAY_LEN(logons) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, secrets, run_secret);

	n += ADD_ROWS(tests + n, logons, run_logon);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
