/* What Maltrail's own words for a trail are worth. */
#include "sensor/feed/trail_trust.h"

#include "tests/support/cmocka.h"

#include <stdbool.h>

struct info_case {
	const char *info;
	const char *family;
	unsigned trust;
	bool is_refused;
};

static struct info_case infos[] = {
	{ "emotet (malware)", "emotet", 0, false },
	{ "fin7 (apt) (malware)", "fin7 (apt)", 0, false },
	{ "phishing", "phishing", 0, false },
	{ "mass scanner", "mass scanner", TRAIL_TRUST_REPUTATION, false },
	{ "Known attacker", "Known attacker", TRAIL_TRUST_REPUTATION, false },
	{ "tor exit node (suspicious)", "tor exit node (suspicious)", TRAIL_TRUST_REPUTATION,
	  false },
	{ "pua (suspicious)", "pua (suspicious)", TRAIL_TRUST_SUSPICIOUS, false },
	{ "dynamic domain (suspicious)", "dynamic domain (suspicious)", TRAIL_TRUST_SUSPICIOUS,
	  true },
	/* What it says is malware is so, whatever its name. */
	{ "domain (malware)", "domain", 0, false },
	{ "", "", 0, false },
	{ "(suspicious)", "(suspicious)", TRAIL_TRUST_SUSPICIOUS, false },
};

static void an_info_is_worth(void **state)
{
	const struct info_case *c = *state;
	char family[TRAIL_FAMILY_LEN];
	unsigned trust;

	assert_int_equal(trail_of_info(c->info, &trust, family) != NULL, c->is_refused);
	assert_int_equal(trust, c->trust);
	assert_string_equal(family, c->family);
}

struct path_case {
	const char *path;
	unsigned trust;
	bool is_refused;
};

static struct path_case paths[] = {
	{ "/a/static/malware/emotet.txt", 0, false },
	{ "emotet.txt", 0, false },
	{ "/domain.txt", 0, false },
	{ "/a/static/suspicious/pua.txt", TRAIL_TRUST_SUSPICIOUS, false },
	{ "suspicious/bad_history.txt", TRAIL_TRUST_REPUTATION, false },
	{ "/a/static/suspicious/dynamic_domain.txt", TRAIL_TRUST_SUSPICIOUS, true },
	{ "/a/malware/dynamic_domain.txt", 0, false },
	{ "/a/static/mass_scanner_cidr.txt", TRAIL_TRUST_REPUTATION, false },
	{ "suspicious", 0, false },
	{ "", 0, false },
};

static void a_place_is_worth(void **state)
{
	const struct path_case *c = *state;
	unsigned trust;

	assert_int_equal(trail_of_path(c->path, &trust) != NULL, c->is_refused);
	assert_int_equal(trust, c->trust);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(infos) + ARRAY_LEN(paths)];
	size_t count = add_rows(tests, infos, &infos[0].info, ARRAY_LEN(infos), sizeof(infos[0]),
				an_info_is_worth);

	count += add_rows(tests + count, paths, &paths[0].path, ARRAY_LEN(paths), sizeof(paths[0]),
			  a_place_is_worth);
	return _cmocka_run_group_tests("trail_trust", tests, count, NULL, NULL);
}
