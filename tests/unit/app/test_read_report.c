#include "sensor/app/read_report.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

struct flood {
	const char *host;
	bool is_target;
	uint64_t count;
};

struct report_case {
	const char *name;
	struct flood floods[2];
	uint64_t duplicates;
	uint64_t agents_refused;
	const char *want_text; /* somewhere in it */
	const char *want_json; /* likewise */
};

#define FLOOD(host, side, count)                                            \
	"{\"host\":\"" host "\",\"side\":\"" side "\",\"count\":" count "," \
	"\"first\":\"2026-03-02T00:00:00.000000Z\",\"last\":\"2026-03-02T00:00:03.000000Z\"}"

static struct report_case cases[] = {
	{ .name = "nothing out of the ordinary",
	  .want_text = "0 frames not read; 0.00 s\n",
	  .want_json =
		  "\"packets\":500,\"bytes\":0,\"flows\":0,\"flows_evicted\":0,\"epochs\":0," },
	{ .name = "one flood",
	  .floods = { { "10.20.0.5", true, 299000 } },
	  .want_text = "0 frames not read; 299000 unanswered contacts to 10.20.0.5 were only "
		       "counted; 0.00 s\n",
	  .want_json = "\"attempts_counted\":299000,\"floods\":[" FLOOD("10.20.0.5", "target",
									"299000") "]," },
	{ .name = "the larger of two is named",
	  .floods = { { "10.20.0.5", true, 10 }, { "2001:db8::1", false, 30 } },
	  .want_text = "; 40 unanswered contacts were only counted, 30 of them from 2001:db8::1;",
	  .want_json = "\"attempts_counted\":40,\"floods\":[" FLOOD(
		  "2001:db8::1", "source", "30") "," FLOOD("10.20.0.5", "target", "10") "]," },
	{ .name = "copies",
	  .duplicates = 7,
	  .want_text = "; 7 copies that a mirror port made were dropped;",
	  .want_json = "\"packets\":500,\"duplicates\":7," },
	{ .name = "too many User-Agents",
	  .agents_refused = 3,
	  .want_text = "; 3 agents refused;",
	  .want_json = "\"limits\":{\"agents_refused\":3}" },
};

static void take_floods(struct judge *judge, const struct report_case *c)
{
	for (size_t i = 0; i < ARRAY_LEN(c->floods) && c->floods[i].host; i++) {
		struct fact fact = test_fact(FACT_ATTEMPTS, test_after_seconds(3), NULL);

		fact.attempts.host = test_address(c->floods[i].host);
		fact.attempts.is_target = c->floods[i].is_target;
		fact.attempts.count = c->floods[i].count;
		fact.attempts.first = test_start;
		fact.attempts.last = test_after_seconds(3);
		judge_take(judge, &fact);
	}
	judge_finish(judge);
}

static void expect_within(struct judge *judge, const struct pipeline_totals *totals, bool as_json,
			  const char *want)
{
	const struct read_report report = { .as_json = as_json, .languages = 1 };
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	read_report_print(&report, judge, totals, out);
	assert_int_equal(fclose(out), 0);
	if (!strstr(text, want))
		assert_string_equal(text, want); /* shows both */
	free(text);
}

static void run_case(void **state)
{
	const struct report_case *c = *state;
	struct config config;
	const struct judge_setup setup = { .config = &config, .identity = "" };
	const struct pipeline_totals totals = { .frames = 500,
						.packets = 500,
						.duplicates = c->duplicates,
						.lanes = { .agents_refused = c->agents_refused } };
	struct judge *judge;

	config_defaults(&config);
	assert_int_equal(judge_new(&judge, &setup), ERR_OK);
	take_floods(judge, c);
	expect_within(judge, &totals, false, c->want_text);
	expect_within(judge, &totals, true, c->want_json);
	judge_free(judge);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	(void)ADD_ROWS(tests, cases, run_case);
	return cmocka_run_group_tests_name("read_report", tests, NULL, NULL);
}
