/* Judge, store and memory of contacts as `hinomi watch` puts them together; only time is the
 * test's. */
#include "sensor/app/watch_contacts.h"

#include "sensor/case/case_words.h"
#include "sensor/judge/capsule_replay.h"
#include "tests/support/facts.h"
#include "tests/support/kept_shelf.h"
#include "tests/unit/store/scratch.h"

enum { ROUTER = 1, LOG_LEN = 8192, LEAST_WAIT_SECONDS = 30 };

static const double day = 86400;

/* One office, and what outlives its sensor's lives. */
struct office {
	struct scratch scratch; /* its folder */
	struct config config;
	struct kept_shelf *shelf;
	struct journal journal;
	FILE *log;
	uint64_t flow_id;
	/* Of the life at hand: */
	struct judge *judge;
	struct store *store;
	struct watch_contacts *contacts;
	struct intel_sets *sets;
	unsigned passes; /* that were told */
	double now;
	uint8_t *capsule; /* the latest */
	size_t capsule_len;
};

/* A judge_capsule_fn. */
static bool keep_capsule(void *arg, const struct capsule_made *made)
{
	struct office *o = arg;

	free(o->capsule);
	o->capsule = malloc(made->bytes.len);
	assert_non_null(o->capsule);
	memcpy(o->capsule, made->bytes.data, made->bytes.len);
	o->capsule_len = made->bytes.len;
	return true;
}

static void open_office(struct office *o)
{
	memset(o, 0, sizeof(*o));
	scratch_make(&o->scratch);
	config_defaults(&o->config);
	o->shelf = kept_shelf_new();
	o->log = tmpfile();
	assert_non_null(o->log);
	o->journal = (struct journal){ .fd = -1, .plain = fileno(o->log) };
}

static void close_office(struct office *o)
{
	free(o->capsule);
	(void)fclose(o->log);
	kept_shelf_free(o->shelf);
	scratch_remove(&o->scratch);
}

static unsigned said(struct office *o, const char *words)
{
	char log[LOG_LEN];
	unsigned count = 0;
	ssize_t len = pread(fileno(o->log), log, sizeof(log) - 1, 0);

	log[len > 0 ? len : 0] = '\0';
	for (const char *at = strstr(log, words); at; at = strstr(at + 1, words))
		count++;
	return count;
}

static void begin(struct office *o, const char *list)
{
	o->sets = list ? test_indicators(list) : NULL;

	const struct judge_setup setup = { .config = &o->config,
					   .indicators = o->sets,
					   .identity = "",
					   .capsule_made = keep_capsule,
					   .capsule_arg = o,
					   .keeps_contacts = true };

	assert_int_equal(judge_new(&o->judge, &setup), ERR_OK);
	(void)kept_shelf_restore(o->shelf, o->judge, false);
	assert_int_equal(watch_contacts_new(&o->contacts, o->judge, &o->journal), ERR_OK);
	o->store = scratch_open(&o->scratch);
	watch_contacts_begin(o->contacts, o->store);
	assert_int_equal(store_start(o->store, test_after_seconds(o->now)), ERR_OK);
	store_alive(o->store, test_after_seconds(o->now));
	o->passes = said(o, "event=earlier_contacts");
}

static void end(struct office *o)
{
	watch_contacts_end(o->contacts, test_after_seconds(o->now));
	kept_shelf_fill(o->shelf, o->judge, true);
	assert_int_equal(store_close(o->store, test_after_seconds(o->now)), ERR_OK);
	watch_contacts_free(o->contacts);
	judge_free(o->judge);
	intel_sets_free(o->sets);
}

static void look(struct office *o)
{
	watch_contacts_look(o->contacts, test_after_seconds(o->now));
}

/* Until one more pass is told. */
static void await_pass(struct office *o)
{
	for (unsigned i = 0; i < LEAST_WAIT_SECONDS * 1000; i++) {
		look(o);
		if (said(o, "event=earlier_contacts") > o->passes)
			break;
		pause_shortly();
	}
	assert_int_equal(said(o, "event=earlier_contacts"), ++o->passes);
}

static void take_up(struct office *o, const char *list)
{
	struct intel_sets *before = o->sets;

	o->sets = list ? test_indicators(list) : NULL;
	judge_use_indicators(o->judge, o->sets);
	watch_contacts_use(o->contacts, judge_lists(o->judge), test_after_seconds(o->now));
	intel_sets_free(before);
}

static void contact(struct office *o, uint8_t device, const char *server, uint64_t bytes_up)
{
	char client[16];

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);

	struct fact_flow flow = test_flow(++o->flow_id, client, server, 443, TEST_TCP);
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(o->now), &flow);

	fact.sighting = (struct fact_sighting){ .source = flow.client,
						.source_mac = test_mac(device),
						.has_destination = true,
						.destination = flow.server,
						.destination_mac = test_mac(ROUTER) };
	judge_take(o->judge, &fact);
	fact = test_flow_ended(test_after_seconds(o->now), &flow, true);
	fact.ended.bytes_up = bytes_up;
	judge_take(o->judge, &fact);
}

/* The one finding of that kind, if there is one; other detectors say what they like. */
static const struct finding *finding_of(struct office *o, enum signal_kind kind,
					const struct case_record **of)
{
	const struct finding *found = NULL;
	size_t count;
	const struct case_record *const *cases = judge_cases(o->judge, &count);

	for (size_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < cases[i]->finding_count; k++) {
			const struct finding *f = &cases[i]->findings[k];

			if (f->signal.kind != kind)
				continue;
			assert_null(found);
			found = f;
			*of = cases[i];
		}
	}
	return found;
}

static void expect_told(struct office *o, enum signal_kind kind, uint64_t times)
{
	const struct case_record *c;
	const struct finding *f = finding_of(o, kind, &c);

	assert_int_equal(f ? f->signal_count : 0, times);
}

static void expect_sentence(struct office *o, const char *words)
{
	const struct case_record *c;
	const struct finding *f = finding_of(o, SIGNAL_LISTED_BEFORE, &c);
	char chars[1024];
	struct text text = text_over(chars, sizeof(chars));

	assert_non_null(f);
	words_sentence(f, &c->device, LANGUAGE_EN, &text);
	if (!strstr(chars, words))
		fail_msg("%s", chars);
	assert_true(f->signal.last == test_after_seconds(o->now));
}

static const char list[] = "203.0.113.7\n";

/* Day 1 a contact, day 12 a list: told then, of then, once, also after a restart. */
static void twelve_days_before_it_was_listed(void **state)
{
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, NULL);
	contact(&o, 10, "203.0.113.7", 48000000);
	contact(&o, 11, "203.0.113.8", 1000);
	look(&o);
	end(&o);

	o.now = 12 * day;
	begin(&o, NULL);
	contact(&o, 11, "203.0.113.8", 1000);
	expect_told(&o, SIGNAL_LISTED_BEFORE, 0);
	take_up(&o, list);
	await_pass(&o);
	expect_sentence(&o,
			"203.0.113.7 12 days before that was put on the warning list: 1 contact "
			"in all, 48 MB sent there");
	expect_told(&o, SIGNAL_LISTED_BEFORE, 1);
	take_up(&o, list);
	await_pass(&o);
	end(&o);

	o.now = 13 * day;
	begin(&o, list);
	contact(&o, 11, "203.0.113.8", 1000);
	await_pass(&o);
	expect_told(&o, SIGNAL_LISTED_BEFORE, 1);
	assert_int_equal(judge_told_of(o.judge, SIGNAL_LISTED_BEFORE), 0);
	end(&o);
	close_office(&o);
}

/* What has not been written down yet is looked at too, and added to what was. */
static void what_is_in_memory_counts(void **state)
{
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, NULL);
	contact(&o, 10, "203.0.113.7", 1000000);
	o.now = 2 * day;
	contact(&o, 11, "203.0.113.8", 1);
	look(&o); /* written down: two hours have passed … */
	o.now = 2 * day + 8000;
	contact(&o, 11, "203.0.113.8", 1);
	look(&o);
	contact(&o, 10, "203.0.113.7", 2000000);
	take_up(&o, list);
	await_pass(&o);
	expect_sentence(
		&o, "2 days before that was put on the warning list: 2 contacts in all, 3.0 MB");
	end(&o);
	close_office(&o);
}

/* That was told then; here the detector of listed contacts does. */
static void what_was_listed_then_is_not_told_again(void **state)
{
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, list);
	contact(&o, 10, "203.0.113.7", 1000);
	await_pass(&o);
	expect_told(&o, SIGNAL_LISTED_BEFORE, 0);
	expect_told(&o, SIGNAL_LISTED_CONTACT, 1);
	o.now = day;
	contact(&o, 11, "203.0.113.8", 1000);
	take_up(&o, list);
	await_pass(&o);
	expect_told(&o, SIGNAL_LISTED_BEFORE, 0);
	end(&o);
	close_office(&o);
}

static void a_month_later_nothing_is_known(void **state)
{
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, NULL);
	contact(&o, 10, "203.0.113.7", 1000);
	end(&o);
	o.now = 31 * day;
	begin(&o, NULL);
	contact(&o, 11, "203.0.113.8", 1000);
	take_up(&o, list);
	await_pass(&o);
	expect_told(&o, SIGNAL_LISTED_BEFORE, 0);
	end(&o);
	close_office(&o);
}

/* Lists that come faster than they can be gone through: the last one counts, none that is freed. */
static void the_last_list_counts(void **state)
{
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, NULL);
	for (unsigned i = 0; i < 40; i++) {
		char server[32];

		(void)snprintf(server, sizeof(server), "203.0.113.%u", 10 + i);
		contact(&o, 10, server, 1000);
		take_up(&o, "203.0.113.0/25\n");
		look(&o);
	}
	take_up(&o, NULL);
	look(&o);
	take_up(&o, "198.51.100.7\n");
	o.passes = said(&o, "event=earlier_contacts");
	await_pass(&o);
	assert_true(said(&o, ": 0 are named by them now") >= 1);
	end(&o);
	close_office(&o);
}

/* All that the case rests on is in its capsule: no list is needed. */
static void a_capsule_comes_to_the_same(void **state)
{
	struct replay_answer answer;
	struct capsule capsule;
	char why[CAPSULE_WHY_LEN];
	struct office o;

	(void)state;
	open_office(&o);
	begin(&o, NULL);
	contact(&o, 10, "203.0.113.7", 48000000);
	o.now = 12 * day;
	contact(&o, 11, "203.0.113.8", 1000);
	take_up(&o, list);
	await_pass(&o);
	assert_non_null(o.capsule);
	assert_int_equal(capsule_open(&capsule, (struct span){ o.capsule, o.capsule_len }, why),
			 ERR_OK);

	const struct replay_setup setup = { .config = &o.config };

	assert_int_equal(capsule_replay(&capsule, &setup, &answer), ERR_OK);
	assert_int_equal(answer.outcome, REPLAY_SAME);
	end(&o);
	close_office(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twelve_days_before_it_was_listed),
		cmocka_unit_test(what_is_in_memory_counts),
		cmocka_unit_test(what_was_listed_then_is_not_told_again),
		cmocka_unit_test(a_month_later_nothing_is_known),
		cmocka_unit_test(the_last_list_counts),
		cmocka_unit_test(a_capsule_comes_to_the_same),
	};

	return cmocka_run_group_tests_name("watch_contacts", tests, NULL, NULL);
}
