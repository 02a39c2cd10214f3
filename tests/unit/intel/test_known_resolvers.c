/* Every resolver of the tables is found, and nobody beside them. */
#include "sensor/intel/known_resolvers.h"

#include "tests/support/cmocka.h"

static const char *const known[] = {
	"1.0.0.1",
	"1.0.0.2",
	"1.0.0.3",
	"1.1.1.1",
	"1.1.1.2",
	"1.1.1.3",
	"8.8.4.4",
	"8.8.8.8",
	"9.9.9.9",
	"9.9.9.10",
	"9.9.9.11",
	"94.140.14.14",
	"94.140.15.15",
	"103.2.57.5",
	"103.2.57.6",
	"149.112.112.10",
	"149.112.112.11",
	"149.112.112.112",
	"208.67.220.220",
	"208.67.222.222",
	"2001:4860:4860::8844",
	"2606:4700:4700::1111",
	"2620:fe::fe",
};

static const char *const offered[] = {
	"4.2.2.1",         "4.2.2.2",         "4.2.2.3",         "4.2.2.4",
	"4.2.2.5",         "4.2.2.6",         "8.20.247.20",     "8.26.56.26",
	"45.11.45.11",     "45.90.28.0",      "45.90.30.0",      "64.6.64.6",
	"64.6.65.6",       "76.76.2.0",       "76.76.10.0",      "76.76.19.19",
	"76.223.122.150",  "77.88.8.1",       "77.88.8.2",       "77.88.8.3",
	"77.88.8.7",       "77.88.8.8",       "77.88.8.88",      "101.101.101.101",
	"101.102.103.104", "101.226.4.6",     "114.114.114.114", "114.114.115.115",
	"119.29.29.29",    "129.250.35.250",  "129.250.35.251",  "156.154.70.1",
	"156.154.71.1",    "168.126.63.1",    "168.126.63.2",    "180.76.76.76",
	"182.254.116.116", "185.222.222.222", "185.228.168.9",   "185.228.168.10",
	"185.228.168.168", "185.253.5.0",     "193.110.81.0",    "208.67.220.123",
	"208.67.220.222",  "208.67.222.123",  "208.67.222.220",  "218.30.118.6",
	"223.5.5.5",       "223.6.6.6",
};

static const char *const nobodys[] = {
	"0.0.0.0",
	"1.0.0.0",
	"1.1.1.4",
	"8.8.8.7",
	"9.9.9.8",
	"192.168.1.1",
	"208.67.222.221",
	"223.6.6.7",
	"255.255.255.255",
	"::",
	"2001:4860:4860::8889",
	"::808:808",
};

static struct address address_of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), ERR_OK);
	return address;
}

static void check(const char *const *list, size_t count, bool is_known, bool is_public)
{
	for (size_t i = 0; i < count; i++) {
		struct address address = address_of(list[i]);

		if (resolver_is_known(&address) != is_known ||
		    resolver_is_public(&address) != is_public)
			fail_msg("%s", list[i]);
	}
}

static void each_is_found(void **state)
{
	(void)state;
	check(known, ARRAY_LEN(known), true, true);
	check(offered, ARRAY_LEN(offered), false, true);
	check(nobodys, ARRAY_LEN(nobodys), false, false);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_found) };

	return cmocka_run_group_tests_name("known_resolvers", tests, NULL, NULL);
}
