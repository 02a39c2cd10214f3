#include "sensor/intel/known_services.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

struct service_case {
	const char *host;
	enum service_kind want;
};

static struct service_case cases[] = {
	{ "microsoft.com", SERVICE_UPDATE },
	{ "update.microsoft.com", SERVICE_UPDATE },
	{ "a.b.windowsupdate.com", SERVICE_UPDATE },
	{ "ocsp.digicert.com", SERVICE_UPDATE },
	{ "deb.debian.org", SERVICE_UPDATE },
	{ "graph.windows.net", SERVICE_UPDATE },
	{ "outlook.office365.com", SERVICE_SUITE },
	{ "www.google.com", SERVICE_SUITE },
	{ "www.google.co.jp", SERVICE_SUITE },
	{ "fonts.googleapis.com", SERVICE_SUITE },
	{ "pool.ntp.org", SERVICE_TIME },
	{ "ntp.nict.jp", SERVICE_TIME },
	{ "sxl.sophosxl.net", SERVICE_SECURITY },
	{ "www.epson.com", SERVICE_DEVICE },
	{ "www.youtube.com", SERVICE_MEDIA },
	{ "o1.ingest.sentry.io", SERVICE_PUSH },
	/* The longer suffix speaks. */
	{ "teams.microsoft.com", SERVICE_SUITE },
	{ "dc.applicationinsights.microsoft.com", SERVICE_PUSH },
	{ "mtalk.google.com", SERVICE_PUSH },
	{ "courier.push.apple.com", SERVICE_PUSH },
	{ "www.apple.com", SERVICE_UPDATE },
	{ "time.windows.com", SERVICE_TIME },
	/* What customers own below a vendor's name. */
	{ "evil.blob.core.windows.net", SERVICE_NONE },
	{ "evil.file.core.windows.net", SERVICE_NONE },
	{ "evil.z11.web.core.windows.net", SERVICE_NONE },
	{ "evil.queue.core.windows.net", SERVICE_NONE },
	{ "evil.dfs.core.windows.net", SERVICE_NONE },
	{ "evil.servicebus.windows.net", SERVICE_NONE },
	{ "evil.database.windows.net", SERVICE_NONE },
	{ "evil.storage.googleapis.com", SERVICE_NONE },
	{ "docs.google.com", SERVICE_NONE },
	{ "drive.google.com", SERVICE_NONE },
	{ "script.google.com", SERVICE_NONE },
	{ "sites.google.com", SERVICE_NONE },
	{ "onedrive.live.com", SERVICE_NONE },
	{ "evil.sharepoint.com", SERVICE_NONE },
	{ "evil.azurewebsites.net", SERVICE_NONE },
	{ "evil.cloudapp.azure.com", SERVICE_NONE },
	{ "evil.amazonaws.com", SERVICE_NONE },
	{ "evil.github.io", SERVICE_NONE },
	{ "evil.web.app", SERVICE_NONE },
	{ "evil.duckdns.org", SERVICE_NONE },
	/* Lookalikes, and names that only begin like one. */
	{ "evilmicrosoft.com", SERVICE_NONE },
	{ "microsoft.com.evil.example", SERVICE_NONE },
	{ "microsoft.co", SERVICE_NONE },
	{ "microsoft-com.example", SERVICE_NONE },
	{ "notdocs.google.com", SERVICE_SUITE },
	{ "google.com.example", SERVICE_NONE },
	{ "xx.com", SERVICE_NONE },
	{ "fox.com", SERVICE_NONE },
	{ "x.com", SERVICE_MEDIA },
	{ "evilx.com", SERVICE_NONE },
	{ "com", SERVICE_NONE },
	{ ".com", SERVICE_NONE },
	{ "co.jp", SERVICE_NONE },
	{ "localhost", SERVICE_NONE },
	{ "192.0.2.1", SERVICE_NONE },
	{ "", SERVICE_NONE },
	/* The caller lowers the case. */
	{ "MICROSOFT.COM", SERVICE_NONE },
};

static void run_case(void **state)
{
	const struct service_case *c = *state;

	assert_int_equal(known_service(c->host), c->want);
}

/* Below a name that is known, all is, but what is a customer's; beside it, nothing is. */
static void labels_in_front_decide_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char host[128];

		if (cases[i].want == SERVICE_NONE)
			continue;
		(void)snprintf(host, sizeof(host), "qa7.%s", cases[i].host);
		assert_int_equal(known_service(host), cases[i].want);
		(void)snprintf(host, sizeof(host), "%s.example", cases[i].host);
		assert_int_equal(known_service(host), SERVICE_NONE);
	}
}

static void each_kind_has_its_text(void **state)
{
	(void)state;
	for (int kind = SERVICE_NONE; kind <= SERVICE_MEDIA; kind++) {
		const char *text = service_kind_text((enum service_kind)kind);

		assert_true(strlen(text) > 0);
		for (int other = SERVICE_NONE; other < kind; other++)
			assert_string_not_equal(text, service_kind_text((enum service_kind)other));
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(labels_in_front_decide_nothing),
		cmocka_unit_test(each_kind_has_its_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(others)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].host,
						.test_func = run_case,
						.initial_state = &cases[i] };
	memcpy(&tests[ARRAY_LEN(cases)], others, sizeof(others));
	return cmocka_run_group_tests_name("known_services", tests, NULL, NULL);
}
