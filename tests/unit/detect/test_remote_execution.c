#include "sensor/detect/remote_execution.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

#include <stdio.h>

#define CLIENT_ADDRESS "192.168.1.10"
#define SERVER_ADDRESS "192.168.1.20"

/* One message of the device to another, or of the other to it. */
struct line {
	enum message message;
	const char *words;
	bool from_server;
};

static void say(struct test_bench *bench, const char *server, double seconds,
		const struct line *line)
{
	struct fact_flow flow = test_flow(1, CLIENT_ADDRESS, server, 445, TEST_TCP);
	struct fact fact = said_fact(test_after_seconds(seconds), &flow, line->message,
				     !line->from_server, line->words);
	struct observation seen = test_seen(&fact);

	seen.direction = DIRECTION_LATERAL;
	test_bench_show(bench, &seen);
}

static void begin(struct test_bench *bench)
{
	test_bench_prepare(bench, &detector_remote_execution);
	test_bench_start(bench, NULL);
}

#define CALL(interface, opnum)                                                        \
	{                                                                             \
		MESSAGE_DCERPC_REQUEST, "interface=" interface " opnum=" opnum, false \
	}
#define SHELL                                                                              \
	{                                                                                  \
		MESSAGE_HTTP_REQUEST, "method=POST host=pc-2:5985 uri=/wsman winrm", false \
	}

struct story_case {
	const char *name;
	struct line lines[6];
	const char *detail; /* of SIGNAL_REMOTE_EXECUTION; NULL: there is none */
	double at_least;    /* its confidence, or the session's */
	double below;
	bool is_silent;
};

static struct story_case stories_told[] = {
	{ "a service is made and started",
	  { CALL("svcctl", "12"), CALL("svcctl", "19") },
	  "Service Control Manager",
	  0.5,
	  0.55,
	  false },
	{ "a service is changed and started",
	  { CALL("svcctl", "11"), CALL("svcctl", "31") },
	  "Service Control Manager",
	  0.5,
	  0.55,
	  false },
	{ "with a program copied before",
	  { { MESSAGE_SMB_FILE, "file_name=x.exe write administrative", false },
	    CALL("svcctl", "12"),
	    CALL("svcctl", "19") },
	  "Service Control Manager",
	  0.65,
	  0.8,
	  false },
	{ "with what begins like a program",
	  { { MESSAGE_SMB_WRITE, "file_kind=pe executable administrative", false },
	    CALL("svcctl", "12"),
	    CALL("svcctl", "19") },
	  "Service Control Manager",
	  0.65,
	  0.8,
	  false },
	{ "by a tool that is no Windows",
	  { { MESSAGE_NTLM_NEGOTIATE, "", false }, CALL("svcctl", "12"), CALL("svcctl", "19") },
	  "Service Control Manager",
	  0.6,
	  0.7,
	  false },
	{ "by the bare address",
	  { { MESSAGE_SMB_TREE, "path=\\\\192.168.1.20\\ADMIN$", false },
	    CALL("svcctl", "12"),
	    CALL("svcctl", "19") },
	  "Service Control Manager",
	  0.55,
	  0.6,
	  false },
	{ "a task is made and run",
	  { CALL("ITaskSchedulerService", "1"), CALL("ITaskSchedulerService", "12") },
	  "Task Scheduler",
	  0.5,
	  0.55,
	  false },
	{ "a job of the old scheduler",
	  { CALL("atsvc", "0") },
	  "Task Scheduler",
	  0.5,
	  0.55,
	  false },
	{ "a method of management is called",
	  { CALL("IWbemLevel1Login", "6"), CALL("IWbemServices", "24") },
	  "WMI",
	  0.5,
	  0.55,
	  false },
	{ "an object is called", { CALL("IDispatch", "6") }, "DCOM", 0.5, 0.55, false },
	{ "a shell", { SHELL, SHELL, SHELL }, "WinRM", 0.5, 0.55, false },
	{ "a service is only made", { CALL("svcctl", "12") }, NULL, 0.1, 0.2, false },
	{ "a service is only started", { CALL("svcctl", "19") }, NULL, 0.1, 0.2, false },
	{ "a task is only made", { CALL("ITaskSchedulerService", "1") }, NULL, 0.1, 0.2, false },
	{ "a shell that was not let in", { SHELL, SHELL }, NULL, 0.1, 0.2, false },
	{ "a remote desktop",
	  { { MESSAGE_RDP_CONFIRM, "protocols=PROTOCOL_SSL", true } },
	  NULL,
	  0.1,
	  0.2,
	  false },
	{ "a file of an administrators' share",
	  { { MESSAGE_SMB_FILE, "file_name=a.reg administrative", false } },
	  NULL,
	  0.1,
	  0.2,
	  false },
	{ "a program is copied to an administrators' share",
	  { { MESSAGE_SMB_FILE, "file_name=a.exe write administrative", false } },
	  NULL,
	  0.25,
	  0.4,
	  false },
	{ "a remote desktop that refuses",
	  { { MESSAGE_RDP_CONFIRM, "failure=HYBRID_REQUIRED_BY_SERVER", true } },
	  NULL,
	  0,
	  0,
	  true },
	{ "services are listed", { CALL("svcctl", "15"), CALL("svcctl", "14") }, NULL, 0, 0, true },
	{ "management is asked, not told",
	  { CALL("IWbemLevel1Login", "6"), CALL("IWbemServices", "20") },
	  NULL,
	  0,
	  0,
	  true },
	{ "what a member says to its controller",
	  { CALL("netlogon", "26"), CALL("lsarpc", "76"), CALL("drsuapi", "12"),
	    CALL("samr", "5") },
	  NULL,
	  0,
	  0,
	  true },
	{ "a printer's own keys",
	  { CALL("spoolss", "69"), CALL("winreg", "17") },
	  NULL,
	  0,
	  0,
	  true },
	{ "events are sent to a collector",
	  { { MESSAGE_HTTP_REQUEST, "method=POST uri=/wsman/SubscriptionManager/WEC winrm", false },
	    { MESSAGE_HTTP_REQUEST, "method=POST uri=/wsman/SubscriptionManager/WEC winrm", false },
	    { MESSAGE_HTTP_REQUEST, "method=POST uri=/wsman/SubscriptionManager/WEC winrm",
	      false } },
	  NULL,
	  0,
	  0,
	  true },
	{ "a document on a share",
	  { { MESSAGE_SMB_TREE, "path=\\\\nas\\public", false },
	    { MESSAGE_SMB_FILE, "file_name=plan.docx write", false } },
	  NULL,
	  0,
	  0,
	  true },
	{ "a program on a share for all",
	  { { MESSAGE_SMB_FILE, "file_name=setup.exe write", false },
	    { MESSAGE_SMB_WRITE, "file_kind=pe executable", false } },
	  NULL,
	  0,
	  0,
	  true },
	{ "a scanner logs in by NTLM without a version",
	  { { MESSAGE_NTLM_NEGOTIATE, "", false },
	    { MESSAGE_SMB_FILE, "file_name=scan.pdf write", false } },
	  NULL,
	  0,
	  0,
	  true },
};

static void run_story(void **state)
{
	const struct story_case *c = *state;
	static struct test_bench bench;
	const struct signal *s;

	begin(&bench);
	for (size_t i = 0; i < ARRAY_LEN(c->lines) && c->lines[i].words; i++)
		say(&bench, SERVER_ADDRESS, (double)i, &c->lines[i]);
	if (c->is_silent) {
		assert_int_equal(bench.count, 0);
		test_bench_stop(&bench);
		return;
	}
	s = test_bench_last(&bench);
	assert_int_equal(s->kind, c->detail ? SIGNAL_REMOTE_EXECUTION : SIGNAL_ADMIN_SESSION);
	if (c->detail)
		assert_string_equal(s->detail, c->detail);
	assert_true(s->confidence >= c->at_least && s->confidence < c->below);
	assert_int_equal(s->device, 10);
	assert_string_equal(s->object.text, SERVER_ADDRESS);
	assert_true(signal_is_sound(s));
	test_bench_stop(&bench);
}

static const struct line made = CALL("svcctl", "12");
static const struct line started = CALL("svcctl", "19");

static void told_once_for_each_target(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench);
	say(&bench, SERVER_ADDRESS, 0, &made);
	say(&bench, SERVER_ADDRESS, 1, &started);
	assert_int_equal(bench.count, 2); /* a session, then a start */
	say(&bench, SERVER_ADDRESS, 2, &made);
	say(&bench, SERVER_ADDRESS, 3, &started);
	assert_int_equal(bench.count, 2);
	for (int i = 1; i < 3; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "192.168.1.%d", 20 + i);
		say(&bench, server, 10 * i, &made);
		say(&bench, server, 10 * i + 1, &started);
	}
	assert_int_equal(test_bench_last(&bench)->count, 3);
	assert_true(test_bench_last(&bench)->confidence > 0.6);
	test_bench_stop(&bench);
}

/* What lies too far apart is not one story. */
static void begins_anew_after_the_window(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench);
	say(&bench, SERVER_ADDRESS, 0, &made);
	say(&bench, SERVER_ADDRESS, 3600, &started);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_ADMIN_SESSION);
	test_bench_stop(&bench);
	begin(&bench);
	say(&bench, SERVER_ADDRESS, 2 * 86400.0, &made);
	say(&bench, SERVER_ADDRESS, 0, &started); /* the clock went back */
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_ADMIN_SESSION);
	test_bench_stop(&bench);
}

static void who_does_it_every_day_does_it_by_habit(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench);
	for (int day = 0; day < 5; day++) {
		say(&bench, SERVER_ADDRESS, day * 86400.0, &made);
		say(&bench, SERVER_ADDRESS, day * 86400.0 + 1, &started);
	}
	assert_true(test_bench_last(&bench)->confidence < 0.3);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_ADMIN_DAYS));
	test_bench_stop(&bench);
}

static void from_a_controller_it_weighs_less(void **state)
{
	struct fact_flow flow = test_flow(9, "192.168.1.30", CLIENT_ADDRESS, 88, TEST_TCP);
	struct fact ticket =
		said_fact(test_start, &flow, MESSAGE_KERBEROS, false, "message=TGS-REP");
	static struct test_bench bench;
	struct observation seen;

	(void)state;
	begin(&bench);
	seen = test_seen(&ticket);
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&bench, &seen);
	say(&bench, SERVER_ADDRESS, 0, &made);
	say(&bench, SERVER_ADDRESS, 1, &started);
	assert_non_null(test_reason(test_bench_last(&bench), REASON_FROM_CONTROLLER));
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_stop(&bench);
}

/* The internet's side is another story. */
static void only_inside_the_office(void **state)
{
	struct fact_flow flow = test_flow(1, CLIENT_ADDRESS, "203.0.113.9", 445, TEST_TCP);
	struct fact fact = said_fact(test_start, &flow, MESSAGE_DCERPC_REQUEST, true,
				     "interface=atsvc opnum=0");
	static struct test_bench bench;
	struct observation seen = test_seen(&fact);

	(void)state;
	begin(&bench);
	test_bench_show(&bench, &seen);
	assert_int_equal(bench.count, 0);
	test_bench_stop(&bench);
}

static void the_longest_untouched_makes_room(void **state)
{
	static struct test_bench bench;

	(void)state;
	test_bench_prepare(&bench, &detector_remote_execution);
	bench.config.detect.lateral.pairs = 64;
	test_bench_start(&bench, NULL);
	say(&bench, SERVER_ADDRESS, 0, &made);
	for (int i = 0; i < 100; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "192.168.2.%d", 1 + i);
		say(&bench, server, 1, &(struct line){ MESSAGE_NTLM_NEGOTIATE, "", false });
	}
	say(&bench, SERVER_ADDRESS, 2, &started);
	assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_ADMIN_SESSION);
	test_bench_stop(&bench);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(told_once_for_each_target),
		cmocka_unit_test(begins_anew_after_the_window),
		cmocka_unit_test(who_does_it_every_day_does_it_by_habit),
		cmocka_unit_test(from_a_controller_it_weighs_less),
		cmocka_unit_test(only_inside_the_office),
		cmocka_unit_test(the_longest_untouched_makes_room),
	};
	struct CMUnitTest tests[ARRAY_LEN(stories_told) + ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, stories_told, run_story);

	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("remote execution", tests, NULL, NULL);
}
