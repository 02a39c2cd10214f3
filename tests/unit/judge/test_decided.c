/* People's decisions through the whole judge, and through restarts. */
#include "tests/unit/judge/keep_bench.h"

enum { SERVER = 50, CLIENTS = 3 };

static struct decisions *decide(void)
{
	struct decisions *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	return d;
}

static void suppress(struct decisions *d, const char *id, const struct suppression_scope *scope)
{
	struct suppression *s = &d->suppressions[d->suppression_count++];

	*s = (struct suppression){ .scope = *scope,
				   .owner = "Sato",
				   .reason = "x",
				   .since = test_start,
				   .expires = test_start + 30 * NANOTIME_DAY };
	(void)snprintf(s->id, sizeof(s->id), "%s", id);
}

static void judged(struct decisions *d, const char *rule, uint64_t told_true, uint64_t told_false)
{
	struct rule_tally *t = &d->tallies[d->tally_count++];

	*t = (struct rule_tally){ .told_true = told_true, .told_false = told_false };
	(void)snprintf(t->rule, sizeof(t->rule), "%s", rule);
}

static struct suppression_use use_of(struct trial *t, size_t i)
{
	return suppressions_use_of(judge_decided(t->judge).suppressions, i);
}

static uint64_t held(struct trial *t, enum gate gate)
{
	struct judge_totals totals = judge_totals(t->judge);
	uint64_t sum = totals.in_cases;

	for (int i = 0; i < GATE_ANSWERS; i++)
		sum += totals.held[i];
	assert_int_equal(sum, totals.signals); /* exactly, at any time */
	return totals.held[gate];
}

static void end(struct trial *t, struct decisions *d)
{
	stop(t);
	decisions_free(d);
}

static void what_is_suppressed_opens_no_case(void **state)
{
	struct decisions *d = decide();
	struct trial t;

	(void)state;
	suppress(d, "other", &(struct suppression_scope){ .rule = "BCN-1" });
	suppress(d, "scanner",
		 &(struct suppression_scope){ .device = "02:00:00:00:00:0a", .rule = "SCN-1" });
	start(&t);
	judge_use_decisions(t.judge, d);
	scan_hosts(&t, 10, 0);
	(void)cases_of(&t, 0);
	assert_int_equal(held(&t, GATE_SUPPRESSED), 1);
	assert_int_equal(use_of(&t, 0).held, 0);
	assert_int_equal(use_of(&t, 1).held, 1);
	assert_true(use_of(&t, 1).last == test_start);
	scan_hosts(&t, 11, 10); /* another device */
	(void)cases_of(&t, 1);
	judge_use_decisions(t.judge, NULL);
	scan_ports(&t, 10, 20);
	(void)cases_of(&t, 2);
	assert_int_equal(held(&t, GATE_SUPPRESSED), 1);
	end(&t, d);
}

static void what_is_expired_does_nothing(void **state)
{
	struct decisions *d = decide();
	struct trial t;

	(void)state;
	suppress(d, "scanner", &(struct suppression_scope){ .rule = "SCN-1" });
	start(&t);
	judge_use_decisions(t.judge, d);
	scan_hosts(&t, 10, 31 * 86400.0);
	(void)cases_of(&t, 1);
	assert_int_equal(held(&t, GATE_SUPPRESSED), 0);
	assert_int_equal(use_of(&t, 0).held, 0);
	end(&t, d);
}

static void the_most_urgent_is_shown_all_the_same(void **state)
{
	struct decisions *d = decide();
	const struct case_record *c;
	struct trial t;

	(void)state;
	suppress(d, "list", &(struct suppression_scope){ .rule = "IOC-1" });
	start(&t);
	judge_use_decisions(t.judge, d);
	contact_listed(&t, 10, 0);
	c = cases_of(&t, 1)[0];
	assert_int_equal(c->priority, PRIORITY_1);
	assert_string_equal(c->findings[0].considered.suppression, "list");
	assert_int_equal(held(&t, GATE_SUPPRESSED), 0);
	assert_true(use_of(&t, 0).held == 0 && use_of(&t, 0).shown == 1);
	end(&t, d);
}

static void counts_outlive_the_process(void **state)
{
	struct decisions *d = decide();
	struct judge_restored restored;
	struct trial t;

	(void)state;
	suppress(d, "scanner", &(struct suppression_scope){ .rule = "SCN-1" });
	suppress(d, "list", &(struct suppression_scope){ .rule = "IOC-1" });
	start(&t);
	judge_use_decisions(t.judge, d);
	scan_hosts(&t, 10, 0);
	contact_listed(&t, 11, 5);
	kept_shelf_fill(t.shelf, t.judge, true);
	restored = restart(&t);
	assert_int_equal(restored.unsound + restored.other_layout, 0);
	judge_use_decisions(t.judge, d);
	assert_int_equal(held(&t, GATE_SUPPRESSED), 1);
	assert_int_equal(use_of(&t, 0).held, 1);
	assert_int_equal(use_of(&t, 1).shown, 1);
	assert_string_equal(cases_of(&t, 1)[0]->findings[0].considered.suppression, "list");
	scan_hosts(&t, 12, 60);
	assert_int_equal(held(&t, GATE_SUPPRESSED), 2);
	assert_int_equal(use_of(&t, 0).held, 2);
	end(&t, d);
}

static void a_bad_rule_is_set_aside_but_for_the_most_urgent(void **state)
{
	struct decisions *d = decide();
	struct trial t;

	(void)state;
	judged(d, "SCN-1", 0, 30);
	judged(d, "IOC-1", 0, 30);
	start(&t);
	judge_use_decisions(t.judge, d);
	scan_hosts(&t, 10, 0);
	(void)cases_of(&t, 0);
	assert_int_equal(held(&t, GATE_REPORT_ONLY), 1);
	contact_listed(&t, 11, 5);
	assert_int_equal(cases_of(&t, 1)[0]->priority, PRIORITY_1);
	assert_null(signal_find_reason(&cases_of(&t, 1)[0]->findings[0].signal, REASON_VERDICTS));
	end(&t, d);
}

static void false_alerts_weigh_less_the_next_time(void **state)
{
	double before = 2;

	(void)state;
	for (uint64_t wrong = 0; wrong < 3; wrong++) {
		struct decisions *d = decide();
		const struct case_record *c;
		struct trial t;

		judged(d, "SCN-1", 0, wrong);
		start(&t);
		judge_use_decisions(t.judge, d);
		scan_hosts(&t, 10, 0);
		c = cases_of(&t, 1)[0];
		assert_true(c->confidence < before);
		before = c->confidence;
		end(&t, d);
	}
}

/* A computer whose files three others use. */
static void use_files(struct trial *t, uint8_t client, double seconds)
{
	struct fact_flow flow;
	struct fact fact;

	(void)open_flow(t, SERVER, "192.168.1.1", 80, seconds); /* it is there */
	flow = open_flow(t, client, "192.168.1.50", 445, seconds);
	fact = test_flow_ended(test_after_seconds(seconds), &flow, true);
	fact.ended.bytes_up = 4096;
	judge_take(t->judge, &fact);
}

static void who_serves_others_is_graver(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < CLIENTS; i++)
		use_files(&t, (uint8_t)(20 + i), i);
	kept_shelf_fill(t.shelf, t.judge, true);
	(void)restart(&t);
	scan_hosts(&t, SERVER, 60);
	assert_int_equal(case_of(&t, SERVER)->standing, STANDING(STANDING_SERVES));
	assert_int_equal(case_of(&t, SERVER)->impact, 4);
	scan_hosts(&t, 20, 90); /* one of those */
	assert_int_equal(case_of(&t, 20)->standing, 0);
	assert_int_equal(case_of(&t, 20)->impact, 3);
	stop(&t);
}

static void one_client_makes_no_server(void **state)
{
	struct trial t;

	(void)state;
	start(&t);
	for (uint8_t i = 0; i < 2 * CLIENTS; i++)
		use_files(&t, (uint8_t)(20 + i % (CLIENTS - 1)), i);
	scan_hosts(&t, SERVER, 60);
	assert_int_equal(case_of(&t, SERVER)->standing, 0);
	stop(&t);
}

static void the_office_says_which_devices_matter(void **state)
{
	struct decisions *d = decide();
	struct trial t;

	(void)state;
	d->device_count = 2;
	d->devices[0] = (struct device_decision){ .device = "02:00:00:00:00:0A",
						  .importance = IMPORTANCE_HIGH };
	d->devices[1] =
		(struct device_decision){ .device = "192.168.1.11", .importance = IMPORTANCE_LOW };
	start(&t);
	judge_use_decisions(t.judge, d);
	for (uint8_t device = 10; device <= 12; device++)
		scan_hosts(&t, device, device);
	assert_int_equal(case_of(&t, 10)->impact, 4);
	assert_int_equal(case_of(&t, 10)->standing, STANDING(STANDING_IMPORTANT));
	assert_int_equal(case_of(&t, 11)->impact, 2);
	assert_int_equal(case_of(&t, 12)->impact, 3);
	assert_int_equal(case_of(&t, 12)->priority, case_of(&t, 10)->priority);
	end(&t, d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_suppressed_opens_no_case),
		cmocka_unit_test(what_is_expired_does_nothing),
		cmocka_unit_test(the_most_urgent_is_shown_all_the_same),
		cmocka_unit_test(counts_outlive_the_process),
		cmocka_unit_test(a_bad_rule_is_set_aside_but_for_the_most_urgent),
		cmocka_unit_test(false_alerts_weigh_less_the_next_time),
		cmocka_unit_test(who_serves_others_is_graver),
		cmocka_unit_test(one_client_makes_no_server),
		cmocka_unit_test(the_office_says_which_devices_matter),
	};

	return cmocka_run_group_tests_name("decided", tests, NULL, NULL);
}
