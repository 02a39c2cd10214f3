#include "sensor/detect/http_manner.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct agent_case {
	const char *name; /* it is its own name */
	enum http_agent kind;
};

static struct agent_case agents[] = {
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0",
	  AGENT_BROWSER },
	{ "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1)", AGENT_BROWSER },
	{ "Mozilla/5.0 (X11; Ubuntu; Linux i686; rv:45.0) Gecko/20100101", AGENT_BROWSER },
	{ "Mozilla/5.0 (Linux; Android 11; Pixel) AppleWebKit/537.36", AGENT_PHONE },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", AGENT_PHONE },
	{ "Mozilla/5.0", AGENT_OWN },
	{ "Mozilla/4.08 (Charon; Inferno)", AGENT_IMPOSSIBLE },
	{ "Mozilla/5.2 (Windows NT 6.2; rv:50.2)", AGENT_IMPOSSIBLE },
	{ "\"Mozilla/5.0 (Windows NT 6.2)\"", AGENT_IMPOSSIBLE },
	{ "A1B2<|>DESKTOP-1234567<|>anna<|>Microsoft Windows 10 Pro<|>", AGENT_TELLS },
	{ "X_1\\LAPTOP-77\\anna\\Microsoft Windows 11\\", AGENT_TELLS },
	{ "com.vendor.app|2.1|android|13|phone", AGENT_OWN },
	{ "curl/8.1.2", AGENT_TOOL },
	{ "python-requests/2.32.3", AGENT_TOOL },
	{ "Mozilla/5.0 (Windows NT; Windows NT 10.0; ja-JP) WindowsPowerShell/5.1", AGENT_TOOL },
	{ "Windows-Update-Agent/10.0", AGENT_OWN },
	{ "", AGENT_NONE },
};

static void run_agent(void **state)
{
	const struct agent_case *c = *state;

	assert_int_equal(http_agent_of(c->name), c->kind);
}

static struct http_manner manner_of(const char *host, bool *is_of_interest)
{
	struct attributes said = { 0 };
	struct http_manner manner = { 0 };

	attributes_add_text(&said, ATTRIBUTE_METHOD, "GET");
	attributes_add_text(&said, ATTRIBUTE_HOST, host);
	attributes_add_text(&said, ATTRIBUTE_URI, "/");
	*is_of_interest = http_manner_of(&said, &manner);
	return manner;
}

static void hosts_are_names_or_addresses(void **state)
{
	bool is_of_interest;

	(void)state;
	assert_string_equal(manner_of("a.example:8080", &is_of_interest).host, "a.example");
	assert_true(is_of_interest);
	assert_true(manner_of("192.0.2.1:81", &is_of_interest).is_by_address);
	assert_true(manner_of("[2001:db8::1]:80", &is_of_interest).is_by_address);
	assert_string_equal(manner_of("192.0.2.1", &is_of_interest).host, "");
}

static uint16_t signs_with(const char *uri, const char *version, const char *language,
			   const char *encoding)
{
	struct attributes said = { 0 };
	struct http_manner manner;

	attributes_add_text(&said, ATTRIBUTE_METHOD, "GET");
	attributes_add_text(&said, ATTRIBUTE_HOST, "203.0.113.5");
	attributes_add_text(&said, ATTRIBUTE_URI, uri);
	attributes_add_text(&said, ATTRIBUTE_USER_AGENT,
			    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0");
	attributes_add_text(&said, ATTRIBUTE_VERSION, version);
	attributes_add_text(&said, ATTRIBUTE_ACCEPT_LANGUAGE, language);
	attributes_add_text(&said, ATTRIBUTE_ACCEPT_ENCODING, encoding);
	return http_manner_of(&said, &manner) ? manner.signs : UINT16_MAX;
}

static void what_browsers_send(void **state)
{
	(void)state;
	assert_int_equal(signs_with("/a", "", "ja", "gzip"), 0);
	assert_int_equal(signs_with("/a", "", "ja", ""), 0);
	assert_int_equal(signs_with("/a", "", "", "gzip"), HTTP_HALF_BROWSER);
	assert_int_equal(signs_with("/a", "", "", ""), HTTP_FALSE_BROWSER);
	assert_int_equal(signs_with("/a", "HTTP/1.0", "ja", "gzip"), HTTP_FALSE_BROWSER);
}

/* A server's own address in the line, as for a proxy: it is none. */
static void whole_addresses(void **state)
{
	(void)state;
	assert_int_equal(signs_with("http://203.0.113.5/a", "", "", ""), HTTP_FALSE_BROWSER);
	assert_int_equal(signs_with("http://203.0.113.5:443/a", "", "", ""), HTTP_FALSE_BROWSER);
	assert_int_equal(signs_with("http://203.0.113.50/a", "", "", ""), UINT16_MAX);
	assert_int_equal(signs_with("http://b.example/a", "", "", ""), UINT16_MAX);
	assert_int_equal(signs_with("203.0.113.5:443", "", "", ""), UINT16_MAX);
}

static void what_systems_send_says_nothing(void **state)
{
	static const struct {
		enum attribute attribute;
		const char *text;
	} excuses[] = { { ATTRIBUTE_TARGET_HOST, "b.example" },
			{ ATTRIBUTE_USER_AGENT, "Microsoft-CryptoAPI/10.0" },
			{ ATTRIBUTE_CONTENT_TYPE, "application/ocsp-request" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(excuses); i++) {
		struct attributes said = { 0 };
		struct http_manner manner;

		attributes_add_text(&said, ATTRIBUTE_URI, "/");
		attributes_add_text(&said, excuses[i].attribute, excuses[i].text);
		assert_false(http_manner_of(&said, &manner));
	}
}

static void paths_of_many_sites_are_no_pattern(void **state)
{
	(void)state;
	assert_true(http_path_hash("/") == 0);
	assert_true(http_path_hash("/favicon.ico") == 0);
	assert_true(http_path_hash("/index.html?a") == 0);
	assert_true(http_path_hash("/q7z/?a=1") != 0);
	assert_true(http_path_hash("/q7z/?a=1") == http_path_hash("/q7z/?b=2"));
	assert_true(http_path_hash("/q7z/") != http_path_hash("/q8z/"));
	assert_true(http_path_is_harmless("/a/b.JPG?x=y"));
	assert_false(http_path_is_harmless("/a/setup.exe"));
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(hosts_are_names_or_addresses),
		cmocka_unit_test(what_browsers_send),
		cmocka_unit_test(whole_addresses),
		cmocka_unit_test(what_systems_send_says_nothing),
		cmocka_unit_test(paths_of_many_sites_are_no_pattern),
	};
	struct CMUnitTest tests[ARRAY_LEN(agents) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, agents, run_agent);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("http_manner", tests, NULL, NULL);
}
