#include "sensor/case/case.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdio.h>
#include <string.h>

struct compare_case {
	const char *name;
	struct case_record first; /* comes before `second`, or is its equal */
	struct case_record second;
	bool is_equal;
};

static struct compare_case comparisons[] = {
	{ "more urgent",
	  { .priority = PRIORITY_1, .impact = 1, .confidence = 0.1 },
	  { .priority = PRIORITY_2, .impact = 4, .confidence = 0.9 },
	  false },
	{ "more impact",
	  { .priority = PRIORITY_2, .impact = 4, .confidence = 0.6 },
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.6 },
	  false },
	{ "more certain",
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.7 },
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.6 },
	  false },
	{ "impact times confidence, not impact first",
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.9 },
	  { .priority = PRIORITY_2, .impact = 4, .confidence = 0.6 },
	  false },
	{ "earlier",
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.6, .first = 5 },
	  { .priority = PRIORITY_2, .impact = 3, .confidence = 0.6, .first = 6 },
	  false },
	{ "by id at last",
	  { .id = "a", .priority = PRIORITY_2, .impact = 3, .confidence = 0.6, .first = 5 },
	  { .id = "b", .priority = PRIORITY_2, .impact = 3, .confidence = 0.6, .first = 5 },
	  false },
	{ "the same",
	  { .id = "a", .priority = PRIORITY_2, .impact = 3, .confidence = 0.6 },
	  { .id = "a", .priority = PRIORITY_2, .impact = 3, .confidence = 0.6 },
	  true },
};

static void run_comparison(void **state)
{
	const struct compare_case *c = *state;

	if (c->is_equal) {
		assert_int_equal(case_compare(&c->first, &c->second), 0);
		return;
	}
	assert_true(case_compare(&c->first, &c->second) < 0);
	assert_true(case_compare(&c->second, &c->first) > 0);
	assert_int_equal(case_compare(&c->first, &c->first), 0);
}

struct lead_case {
	const char *name;
	struct finding findings[3];
	size_t want;
};

#define FINDING(p, i, c)                                                       \
	{                                                                      \
		.priority = (p), .impact = (i), .signal = {.confidence = (c) } \
	}

static struct lead_case leads[] = {
	{ "the most urgent leads",
	  { FINDING(PRIORITY_2, 4, 0.9), FINDING(PRIORITY_1, 4, 0.6), FINDING(PRIORITY_3, 2, 1) },
	  1 },
	{ "then the one with more impact",
	  { FINDING(PRIORITY_2, 2, 0.9), FINDING(PRIORITY_2, 3, 0.6), FINDING(PRIORITY_2, 4, 0.5) },
	  2 },
	{ "then the most certain",
	  { FINDING(PRIORITY_2, 3, 0.6), FINDING(PRIORITY_2, 3, 0.7), FINDING(PRIORITY_2, 3, 0.6) },
	  1 },
	{ "then the first",
	  { FINDING(PRIORITY_2, 3, 0.6), FINDING(PRIORITY_2, 3, 0.6), FINDING(PRIORITY_2, 3, 0.6) },
	  0 },
};

static void run_lead(void **state)
{
	const struct lead_case *c = *state;
	struct case_record record = { .finding_count = ARRAY_LEN(c->findings) };

	memcpy(record.findings, c->findings, sizeof(c->findings));
	assert_ptr_equal(case_lead(&record), &record.findings[c->want]);
}

struct name_case {
	const char *name;
	const char *told[DEVICE_NAME_SOURCES];
	const char *address;
	const char *want;
	const char *label; /* NULL is none, likewise the next */
	const char *place;
};

static struct name_case names[] = {
	{ "told by DHCP",
	  { "desk-3", "Desk 3", "DESK3", "D" },
	  "192.168.1.10",
	  "desk-3",
	  NULL,
	  NULL },
	{ "told by mDNS", { "", "printer", "PRN", "" }, "192.168.1.10", "printer", NULL, NULL },
	{ "told by NetBIOS", { "", "", "DESK3", "D" }, "192.168.1.10", "DESK3", NULL, NULL },
	{ "told in logins", { "", "", "", "DESK3" }, "192.168.1.10", "DESK3", NULL, NULL },
	{ "not told", { "", "", "", "" }, "192.168.1.10", "192.168.1.10", NULL, NULL },
	{ "not told, IPv6", { "", "", "", "" }, "2001:db8::7", "2001:db8::7", NULL, NULL },
	{ "only its MAC is known", { "", "", "", "" }, NULL, "02:00:00:00:00:0a", NULL, NULL },
	{ "the office's word goes first",
	  { "desk-3", "", "", "" },
	  NULL,
	  "会計のパソコン(2階)",
	  "会計のパソコン",
	  "2階" },
	{ "in English with a blank",
	  { "desk-3", "", "", "" },
	  NULL,
	  "Accounting PC (2nd floor)",
	  "Accounting PC",
	  "2nd floor" },
	{ "without a place",
	  { "desk-3", "", "", "" },
	  NULL,
	  "Accounting PC",
	  "Accounting PC",
	  NULL },
	{ "a place alone is no name", { "desk-3", "", "", "" }, NULL, "desk-3", "", "2階" },
};

static void run_name(void **state)
{
	const struct name_case *c = *state;
	struct device device = { .has_mac = true, .mac = test_mac(10) };
	char chars[DEVICE_CALLED_LEN];
	struct text text = text_over(chars, sizeof(chars));

	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++)
		(void)snprintf(device.names[i], FACT_HOST_LEN, "%s", c->told[i]);
	if (c->label)
		(void)snprintf(device.given.label, sizeof(device.given.label), "%s", c->label);
	if (c->place)
		(void)snprintf(device.given.place, sizeof(device.given.place), "%s", c->place);
	if (c->address) {
		device.addresses[0] = test_address(c->address);
		device.address_count = 1;
	}
	case_device_name(&device, &text);
	assert_string_equal(chars, c->want);
}

static void longest_name_is_whole(void **state)
{
	struct device device = { .number = 1 };
	char chars[FACT_HOST_LEN];
	struct text text = text_over(chars, sizeof(chars));

	(void)state;
	memset(device.names[DEVICE_NAME_MDNS], 'n', FACT_HOST_LEN - 1);
	case_device_name(&device, &text);
	assert_false(text.is_cut);
	assert_int_equal(text.len, FACT_HOST_LEN - 1);
}

/* What goes into an id, one part changed at a time. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): columns as people read them */
struct id_parts {
	const char *name;
	const char *identity;
	const char *rule;
	uint8_t mac;
	const char *address; /* NULL is a device with a MAC */
	const char *object;
	nanotime first;
	bool is_same; /* as the first row's */
};

static struct id_parts ids[] = {
	{ "an id", "office", "SCN-1", 10, NULL, "445/tcp", 0, true },
	{ "later that day", "office", "SCN-1", 10, NULL, "445/tcp", NANOTIME_DAY - 1, true },
	{ "the next day", "office", "SCN-1", 10, NULL, "445/tcp", NANOTIME_DAY, false },
	{ "another office", "", "SCN-1", 10, NULL, "445/tcp", 0, false },
	{ "another rule", "office", "BCN-1", 10, NULL, "445/tcp", 0, false },
	{ "another device", "office", "SCN-1", 11, NULL, "445/tcp", 0, false },
	{ "a device without a MAC", "office", "SCN-1", 10, "192.168.1.10", "445/tcp", 0, false },
	{ "another object", "office", "SCN-1", 10, NULL, "139/tcp", 0, false },
};

static void make_id(const struct id_parts *parts, char out[static CASE_ID_LEN])
{
	struct device device = { .has_mac = !parts->address, .mac = test_mac(parts->mac) };

	device.addresses[0] = test_address(parts->address ? parts->address : "192.168.1.77");
	device.address_count = 1;
	case_id(out, parts->identity, parts->rule, &device, parts->object, parts->first);
}

static void run_id(void **state)
{
	char first[CASE_ID_LEN];
	char id[CASE_ID_LEN];

	make_id(&ids[0], first);
	make_id(*state, id);
	assert_int_equal(strlen(id), CASE_ID_LEN - 1);
	assert_int_equal(strspn(id, "0123456789abcdef-"), CASE_ID_LEN - 1);
	assert_true(id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-');
	assert_int_equal(id[14], '8');           /* version, RFC 9562 5.8 */
	assert_non_null(strchr("89ab", id[19])); /* variant */
	assert_int_equal(strcmp(id, first) == 0, ((const struct id_parts *)*state)->is_same);
}

#define TABLES (ARRAY_LEN(comparisons) + ARRAY_LEN(leads) + ARRAY_LEN(names) + ARRAY_LEN(ids))

int main(void)
{
	struct CMUnitTest tests[TABLES + 1] = { cmocka_unit_test(longest_name_is_whole) };
	size_t n = 1;

	n += ADD_ROWS(tests + n, comparisons, run_comparison);
	n += ADD_ROWS(tests + n, leads, run_lead);
	n += ADD_ROWS(tests + n, names, run_name);
	n += ADD_ROWS(tests + n, ids, run_id);
	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
