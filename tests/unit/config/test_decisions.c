#include "sensor/config/decisions.h"

#include "tests/unit/capture/scratch_dir.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "owner: Sato, reason: backup, since: 2026-11-01, expires: 2026-12-01"

struct file_case {
	const char *name;
	const char *yaml;
	const char *want_problem; /* its beginning; NULL: the file is read */
	size_t want_suppressions;
};

static struct file_case files[] = {
	{ "an empty file", "", NULL, 0 },
	{ "comments", "# suppressions:\n", NULL, 0 },
	{ "a section whose entries are comments", "suppressions:\n  # - id: a\n", NULL, 0 },
	{ "one", "suppressions:\n- { id: a, device: nas, " WHO " }\n", NULL, 1 },
	{ "in several documents",
	  "suppressions:\n- { id: a, device: nas, " WHO " }\n---\nsuppressions:\n"
	  "- { id: b, port: 445, " WHO " }\n",
	  NULL, 2 },
	{ "one id twice",
	  "suppressions:\n- { id: a, device: nas, " WHO " }\n- { id: a, port: 445, " WHO " }\n",
	  "line 3, column 9: id: 'a' stands in the file twice", 0 },
	{ "of everything", "suppressions:\n- { id: a, " WHO " }\n",
	  "line 2, column 3: this entry would hold back everything", 0 },
	{ "without an owner",
	  "suppressions:\n- { id: a, port: 1, reason: x, since: 2026-11-01, expires: 2026-12-01 "
	  "}\n",
	  "line 2, column 3: 'owner' is missing", 0 },
	{ "without a reason",
	  "suppressions:\n- { id: a, port: 1, owner: x, since: 2026-11-01, expires: 2026-12-01 "
	  "}\n",
	  "line 2, column 3: 'reason' is missing", 0 },
	{ "for ever",
	  "suppressions:\n- { id: a, port: 1, owner: x, reason: y, since: 2026-11-01 }\n",
	  "line 2, column 3: 'expires' is missing", 0 },
	{ "for a year and two days",
	  "suppressions:\n- { id: a, port: 1, owner: x, reason: y, since: 2026-01-01, expires: "
	  "2027-01-03 }\n",
	  "line 2, column 3: this entry lasts longer than a year", 0 },
	{ "for a year",
	  "suppressions:\n- { id: a, port: 1, owner: x, reason: y, since: 2026-01-01, expires: "
	  "2027-01-01 }\n",
	  NULL, 1 },
	{ "backwards",
	  "suppressions:\n- { id: a, port: 1, owner: x, reason: y, since: 2026-01-02, expires: "
	  "2026-01-02 }\n",
	  "line 2, column 3: this entry expires before it begins", 0 },
	{ "a day that is none",
	  "suppressions:\n- { id: a, port: 1, owner: x, reason: y, since: 2026-02-29, expires: "
	  "2026-03-02 }\n",
	  "line 2, column 49: since: '2026-02-29' is no day", 0 },
	{ "a rule that is none", "suppressions:\n- { id: a, rule: NIX-1, " WHO " }\n",
	  "line 2, column 18: rule: 'NIX-1' is no rule", 0 },
	{ "a destination with a port",
	  "suppressions:\n- { id: a, destination: a.jp:80, " WHO " }\n",
	  "line 2, column 25: destination: 'a.jp:80' is no name", 0 },
	{ "a port that is none", "suppressions:\n- { id: a, port: 0, " WHO " }\n",
	  "line 2, column 18: port: '0' is no port", 0 },
	{ "a field that is none", "suppressions:\n- { id: a, prot: 4, " WHO " }\n",
	  "line 2, column 12: prot: suppressions have no such field", 0 },
	{ "a field twice", "suppressions:\n- { id: a, port: 4, port: 5, " WHO " }\n",
	  "line 2, column 21: port: stands there twice", 0 },
	{ "a list for a text", "suppressions:\n- { id: a, device: [b], " WHO " }\n",
	  "line 2, column 20: device: '' takes one text", 0 },
	{ "control characters", "suppressions:\n- { id: a, device: \"b\\ec\", " WHO " }\n",
	  "line 2, column 20: device: 'b\xef\xbf\xbd"
	  "c' holds characters",
	  0 },
	{ "a NUL", "suppressions:\n- { id: a, device: \"b\\0c\", " WHO " }\n",
	  "line 2, column 20: device: 'b' holds characters", 0 },
	{ "an entry that is none", "suppressions:\n- a\n", "line 2, column 3: an entry is", 0 },
	{ "a section that is none", "supressions: []\n", "line 1, column 1: expected suppressions",
	  0 },
	{ "a text for a list", "devices: nas\n", "line 1, column 10: expected a list", 0 },
	{ "a list at the top", "- a\n", "line 1, column 1: expected 'suppressions:'", 0 },
	{ "an alias of itself", "&a { suppressions: [ *a ] }\n", "line 1, column ", 0 },
	{ "a tally without a count", "feedback:\n- { rule: BCN-1, true: 1 }\n",
	  "line 2, column 3: 'false' is missing", 0 },
	{ "a tally of a kind", "feedback:\n- { rule: beacon, true: 1, false: 2 }\n",
	  "line 2, column 11: rule: 'beacon' is no rule", 0 },
	{ "a verdict that is none",
	  "verdicts:\n- { case: 4b74a792-ed05-8ad3-b17b-c179a91ad48a, verdict: fine, rules: BCN-1,"
	  " owner: a, reason: b, when: 2026-11-22 }\n",
	  "line 2, column 58: verdict: 'fine' is no verdict", 0 },
	{ "an importance that is none", "devices:\n- { device: a, importance: 5 }\n",
	  "line 2, column 28: importance: '5' is neither", 0 },
	{ "an open brace", "suppressions: [ {\n", "line ", 0 },
	{ "not UTF-8", "suppressions:\n# \x83\x7c\n", "line 2, column ", 0 },
};

static bool is_rule(const char *text)
{
	return strcmp(text, "BCN-1") == 0 || strcmp(text, "DNS-1") == 0;
}

static bool is_kind(const char *text)
{
	return strcmp(text, "beacon") == 0;
}

static const struct decisions_words words = { .is_rule = is_rule, .is_kind = is_kind };

/* The first fault. */
static void tell(void *arg, const char *fault)
{
	char *first = arg;

	for (const char *c = fault; *c; c++)
		assert_true((unsigned char)*c >= ' ');
	if (first[0] == '\0')
		(void)snprintf(first, CONFIG_PROBLEM_LEN, "%s", fault);
}

static enum err read_text(const char *yaml, struct decisions **out,
			  char problem[static CONFIG_PROBLEM_LEN])
{
	struct scratch_dir scratch;
	enum err err;

	*out = NULL;
	problem[0] = '\0';
	scratch_make(&scratch);
	err = decisions_read(out, scratch_write(&scratch, yaml, strlen(yaml)), NULL, &words, tell,
			     problem);
	scratch_remove(&scratch);
	return err;
}

static void run_file(void **state)
{
	const struct file_case *c = *state;
	char problem[CONFIG_PROBLEM_LEN];
	struct decisions *d;
	enum err err = read_text(c->yaml, &d, problem);

	if (!c->want_problem) {
		assert_string_equal(problem, "");
		assert_int_equal(err, ERR_OK);
		assert_int_equal(d->suppression_count, c->want_suppressions);
	} else {
		assert_int_not_equal(err, ERR_OK);
		assert_null(d);
		if (strncmp(problem, c->want_problem, strlen(c->want_problem)) != 0)
			fail_msg("'%s', not '%s'", problem, c->want_problem);
	}
	decisions_free(d);
}

static void all_that_an_entry_says_is_kept(void **state)
{
	char problem[CONFIG_PROBLEM_LEN];
	const struct suppression *s;
	struct decisions *d;
	nanotime when;

	(void)state;
	assert_int_equal(read_text("suppressions:\n"
				   "- { id: a.b-c_1, device: NAS, rule: beacon, destination: "
				   ".Backup.Example.JP, port: 443, owner: 佐藤, reason: 毎晩, "
				   "since: 2026-11-01, expires: 2026-11-02T10:00:00Z }\n"
				   "- { id: b, destination: 203.0.113.0/24, " WHO " }\n",
				   &d, problem),
			 ERR_OK);
	s = &d->suppressions[0];
	assert_string_equal(s->id, "a.b-c_1");
	assert_string_equal(s->scope.device, "NAS");
	assert_string_equal(s->scope.rule, "beacon");
	assert_string_equal(s->scope.name, "backup.example.jp");
	assert_false(s->scope.has_prefix);
	assert_int_equal(s->scope.port, 443);
	assert_string_equal(s->owner, "佐藤");
	assert_string_equal(s->reason, "毎晩");
	assert_true(s->expires - s->since == NANOTIME_DAY + 10 * NANOTIME_HOUR);
	assert_int_equal(decisions_parse_time("2026-11-01", &when), ERR_OK);
	assert_true(s->since == when && when == UINT64_C(1793491200) * NANOTIME_SECOND);
	assert_true(d->suppressions[1].scope.has_prefix);
	assert_string_equal(d->suppressions[1].scope.name, "");
	decisions_free(d);
}

#define VERDICT(last, verdict, rules)                                              \
	"- { case: 4b74a792-ed05-8ad3-b17b-c179a91ad48" last ", verdict: " verdict \
	", rules: " rules ", owner: a, reason: b, when: 2026-11-22 }\n"

static void verdicts_become_tallies(void **state)
{
	char problem[CONFIG_PROBLEM_LEN];
	struct decisions *d;

	(void)state;
	assert_int_equal(
		read_text("feedback:\n- { rule: BCN-1, true: 2, false: 10 }\nverdicts:\n" VERDICT(
				  "a", "incident-serious", "BCN-1 DNS-1")
				  VERDICT("b", "false-positive", "BCN-1")
					  VERDICT("c", "exercise", "BCN-1")
						  VERDICT("a", "benign-expected", "BCN-1 DNS-1"),
			  &d, problem),
		ERR_OK);
	assert_int_equal(d->verdict_count, 3);
	assert_int_equal(decisions_tally(d, "BCN-1")->told_true, 2);
	assert_int_equal(decisions_tally(d, "BCN-1")->told_false, 12);
	assert_int_equal(decisions_tally(d, "DNS-1")->told_true, 0);
	assert_int_equal(decisions_tally(d, "DNS-1")->told_false, 1);
	assert_null(decisions_tally(d, "SCN-1"));
	decisions_free(d);
}

static void too_many_are_refused(void **state)
{
	enum { ROOM = 64 * (DECISIONS_DEVICES_MAX + 2) };
	char problem[CONFIG_PROBLEM_LEN];
	char *yaml = malloc(ROOM);
	struct decisions *d;
	int len;

	(void)state;
	assert_non_null(yaml);
	len = snprintf(yaml, ROOM, "devices:\n");
	for (int i = 0; i <= DECISIONS_DEVICES_MAX; i++)
		len += snprintf(yaml + len, (size_t)(ROOM - len),
				"- { device: d%d, importance: high }\n", i);
	assert_int_equal(read_text(yaml, &d, problem), ERR_SYNTAX);
	assert_non_null(strstr(problem, "is one device too many"));
	free(yaml);
}

static void a_file_that_is_not_there_is_a_fault(void **state)
{
	char problem[CONFIG_PROBLEM_LEN] = "";
	struct decisions *d = NULL;

	(void)state;
	assert_int_equal(decisions_read(&d, "/nonexistent/decisions", NULL, &words, tell, problem),
			 ERR_IO);
	assert_null(d);
	assert_string_not_equal(problem, "");
}

static void verdicts_are_a_closed_list(void **state)
{
	enum verdict verdict;

	(void)state;
	for (int i = 0; i < VERDICTS; i++) {
		assert_true(verdict_parse(verdict_text((enum verdict)i), &verdict));
		assert_int_equal(verdict, i);
	}
	assert_false(verdict_parse("", &verdict));
	assert_false(verdict_parse("infected", &verdict));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(files) + 5] = {
		cmocka_unit_test(all_that_an_entry_says_is_kept),
		cmocka_unit_test(verdicts_become_tallies),
		cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_a_fault),
		cmocka_unit_test(verdicts_are_a_closed_list),
	};

	(void)ADD_ROWS(tests + 5, files, run_file);
	return cmocka_run_group_tests_name("decisions", tests, NULL, NULL);
}
