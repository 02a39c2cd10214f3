#include "sensor/intel/system_support.h"

#include "tests/support/cmocka.h"

#include <string.h>

enum source { BY_VERSION, BY_AGENT, BY_NATIVE_OS };

struct told_case {
	const char *name;
	enum source source;
	const char *text;
	const char *system; /* NULL: not told */
	bool is_component;
};

static struct told_case cases[] = {
	{ "seven by NTLM", BY_VERSION, "6.1.7601", "Windows 7 / Server 2008 R2", false },
	{ "XP by NTLM", BY_VERSION, "5.1.2600", "Windows XP", false },
	{ "eleven by NTLM", BY_VERSION, "10.0.26100", "Windows 11", false },
	{ "a build that never was", BY_VERSION, "6.1.0", NULL, false },
	{ "a kernel of Linux", BY_VERSION, "5.15.0", NULL, false },
	{ "a build of another version", BY_VERSION, "6.2.7601", NULL, false },
	{ "no version", BY_VERSION, "", NULL, false },
	{ "half a version", BY_VERSION, "6.1", NULL, false },
	{ "certificates of seven", BY_AGENT, "Microsoft-CryptoAPI/6.1",
	  "Windows 7 / Server 2008 R2", true },
	{ "certificates of XP", BY_AGENT, "Microsoft-CryptoAPI/5.131.2600.5512", "Windows XP",
	  true },
	{ "certificates of ten", BY_AGENT, "Microsoft-CryptoAPI/10.0", "Windows 10 or later",
	  true },
	{ "updates of seven", BY_AGENT, "Microsoft BITS/7.5", "Windows 7 / Server 2008 R2", true },
	{ "a browser on seven", BY_AGENT, "Mozilla/5.0 (Windows NT 6.1; rv:25.0) Gecko/20100101",
	  "Windows 7 / Server 2008 R2", false },
	{ "a browser on ten", BY_AGENT, "Mozilla/5.0 (Windows NT 10.0; Win64)",
	  "Windows 10 or later", false },
	{ "a browser on an old Mac", BY_AGENT, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6)",
	  "macOS 10.13", false },
	{ "another on one", BY_AGENT, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.6; rv:6.0)",
	  "Mac OS X 10.6", false },
	{ "what all newer Macs say", BY_AGENT, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
	  NULL, false },
	{ "an iPhone", BY_AGENT, "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X)", NULL,
	  false },
	{ "an app on Android", BY_AGENT, "Dalvik/2.1.0 (Linux; U; Android 7.1.2; X)", "Android 7.1",
	  true },
	{ "an app on nine", BY_AGENT, "Dalvik/2.1.0 (Linux; U; Android 9; X)", "Android 9.0",
	  true },
	{ "curl", BY_AGENT, "curl/7.88.1", NULL, false },
	{ "seven by SMB", BY_NATIVE_OS, "Windows 7 Ultimate 7601 Service Pack 1",
	  "Windows 7 / Server 2008 R2", false },
	{ "XP by SMB", BY_NATIVE_OS, "Windows 2002 Service Pack 2 2600", "Windows XP", false },
	{ "an old server by SMB", BY_NATIVE_OS, "Windows 5.0", "Windows 2000", false },
	{ "Samba", BY_NATIVE_OS, "Windows 6.1", NULL, false },
	{ "a year only", BY_NATIVE_OS, "Windows Server 2016", NULL, false },
	{ "Unix", BY_NATIVE_OS, "Unix", NULL, false },
};

static void run_case(void **state)
{
	const struct told_case *c = *state;
	bool is_component = false;
	const struct system_support *system = c->source == BY_VERSION ? system_of_version(c->text)
					      : c->source == BY_AGENT
						      ? system_of_agent(c->text, &is_component)
						      : system_of_native_os(c->text);

	assert_int_equal(system != NULL, c->system != NULL);
	if (system)
		assert_string_equal(system->name, c->system);
	assert_int_equal(is_component, c->is_component);
}

static void leases(void **state)
{
	const char *xp = "request=1,15,3,6,44,46,47,31,33,249,43 options=53,61,12,60,55,43";

	(void)state;
	assert_string_equal(system_of_lease(xp, "MSFT 5.0")->name, "Windows XP");
	assert_null(system_of_lease(xp, "MSFT 98"));
	assert_null(system_of_lease("request=1,15,3,6,44,46,47,31,33,249,43,252", "MSFT 5.0"));
	assert_null(system_of_lease("", "MSFT 5.0"));
}

/* 2020-01-14 was the last day of seven: `date -u -d 2020-01-15 +%s`. */
static void dates_are_days(void **state)
{
	(void)state;
	assert_true(system_of_version("6.1.7601")->ended == 1579046400 * NANOTIME_SECOND);
	assert_true(system_of_version("5.1.2600")->ended == 1397001600 * NANOTIME_SECOND);
	for (size_t i = 0; i < system_supports_count; i++) {
		assert_int_equal(system_supports[i].ended % NANOTIME_DAY, 0);
		assert_true(strlen(system_supports[i].source) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(leases),
		cmocka_unit_test(dates_are_days),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, cases, run_case);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("system_support", tests, NULL, NULL);
}
