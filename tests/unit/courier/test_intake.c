/* From cases.db, written by the sensor's own store, into the courier's memory. */
#include "sensor/courier/intake.h"
#include "sensor/store/store.h"
#include "tests/unit/courier/outbox_rig.h"

#define CASE_ID   "21e0ec02-1279-8961-89a2-1c0d2d7a3b9e"
#define HEALTH_ID "5d1f7c3a-0000-8000-8000-000000000001"
#define CASE_JSON                                                                           \
	"{\"schema\":\"hinomi.case/1\",\"id\":\"" CASE_ID "\",\"rev\":1,\"secret\":\"no\"," \
	"\"confidence\":0.85}"
#define HEALTH_JSON                                           \
	"{\"schema\":\"hinomi.health/1\",\"id\":\"" HEALTH_ID \
	"\",\"code\":\"drops\",\"severity\":"                 \
	"\"fault\"}\n"

static struct {
	struct store_config config;
	struct store *store;
	struct intake *intake;
	char token[32];
	unsigned canaries;
} office;

static void see_canary(void *arg, const char *token, nanotime when)
{
	(void)arg;
	assert_int_equal(when, RIG_MADE);
	(void)snprintf(office.token, sizeof(office.token), "%s", token);
	office.canaries++;
}

static void open_store(struct rig *rig)
{
	const struct store_setup setup = {
		.config = &office.config, .now = RIG_MADE, .say = rig_say, .say_arg = rig
	};

	assert_int_equal(store_open(&office.store, &setup, rig->problem), ERR_OK);
	assert_int_equal(store_start(office.store, RIG_MADE), ERR_OK);
}

static int make(void **state)
{
	static struct rig rig;
	struct intake_setup setup = { .say = rig_say, .say_arg = &rig, .see_canary = see_canary };

	rig_make(&rig);
	rig_open(&rig);
	memset(&office, 0, sizeof(office));
	office.config = (struct store_config){ .daily_bytes = UINT64_C(1) << 40,
					       .contact_bytes = 1 << 20,
					       .interval = NANOTIME_MINUTE,
					       .log_bytes = 1 << 20,
					       .queue_bytes = 1 << 20,
					       .size_bytes = 64 << 20 };
	/* One folder serves both: their files have different names. */
	(void)snprintf(office.config.folder, sizeof(office.config.folder), "%s/store", rig.folder);
	assert_int_equal(mkdir(office.config.folder, 0700), 0);
	setup.outbox = rig.outbox;
	setup.folder = office.config.folder;
	office.intake = intake_new(&setup);
	assert_non_null(office.intake);
	*state = &rig;
	return 0;
}

static void remove_store(void)
{
	DIR *folder = opendir(office.config.folder);

	assert_non_null(folder);
	for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), e->d_name, 0);
	}
	(void)closedir(folder);
}

static int clear(void **state)
{
	intake_free(office.intake);
	remove_store();
	(void)rmdir(office.config.folder);
	rig_remove(*state);
	return 0;
}

static void put_case(const char *id, uint64_t revision, nanotime changed, uint8_t priority)
{
	const struct store_case row = { .id = id,
					.revision = revision,
					.opened = RIG_MADE,
					.changed = changed,
					.priority = priority,
					.json = { (const uint8_t *)CASE_JSON, strlen(CASE_JSON) },
					.record = { (const uint8_t *)"r", 1 } };

	assert_int_not_equal(store_put_case(office.store, &row, true), 0);
}

static void put_health(const char *id, nanotime closed)
{
	const struct store_health row = { .id = id,
					  .code = "drops",
					  .opened = RIG_MADE,
					  .last = RIG_MADE,
					  .closed = closed,
					  .json = { (const uint8_t *)HEALTH_JSON,
						    strlen(HEALTH_JSON) } };

	assert_true(store_put_health(office.store, &row));
}

/* What was put so far is on the disk, and taken in. */
static void take_in(struct rig *rig)
{
	enum intake_answer answer = INTAKE_MORE;

	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
	while (answer == INTAKE_MORE)
		answer = intake_look(office.intake);
	assert_int_equal(answer, INTAKE_NOTHING);
	open_store(rig);
}

static uint64_t head(struct rig *rig, enum parcel_stream stream)
{
	struct outbox_status status;

	outbox_status(rig->outbox, &status);
	return status.head[stream].sequence;
}

static void cases_go_by_priority_and_filtered(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	struct outbox_batch batch;

	open_store(rig);
	put_case("a", 1, RIG_MADE, 2);
	put_case(CASE_ID, 3, RIG_MADE, 1);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_ROUTINE), 1);
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	assert_int_equal(batch.stream, PARCEL_URGENT);
	assert_string_equal(batch.parcels[0].key, CASE_ID);
	assert_int_equal(batch.parcels[0].revision, 3);
	assert_null(strstr(batch.parcels[0].body, "secret"));
	assert_non_null(strstr(batch.parcels[0].body, "\"confidence\":0.85"));
	outbox_batch_free(&batch);
	take_in(rig);
	put_case("a", 2, RIG_MADE, 1);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_ROUTINE), 1);
	assert_int_equal(head(rig, PARCEL_URGENT), 2);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void a_replaced_cases_db_counts_on(void **state)
{
	struct rig *rig = *state;

	open_store(rig);
	put_case("a", 5, RIG_MADE + 100, 2);
	put_case("b", 5, RIG_MADE + 100, 2);
	take_in(rig);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
	remove_store();
	open_store(rig);
	put_case("a", 1, RIG_MADE + 100, 2); /* an earlier state */
	put_case("b", 1, RIG_MADE + 101, 2); /* went on since */
	take_in(rig);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "a"), 5);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "b"), 6);
	put_case("b", 2, RIG_MADE + 102, 2);
	take_in(rig);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, "b"), 7);
	assert_int_equal(head(rig, PARCEL_ROUTINE), 4);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void findings_of_health_turn(void **state)
{
	struct rig *rig = *state;
	unsigned desk = rig_join(rig, "https", true);
	static struct replies replies;
	struct outbox_batch batch;
	size_t settled;

	open_store(rig);
	put_health(HEALTH_ID, 0);
	take_in(rig);
	put_health(HEALTH_ID, 0);
	take_in(rig);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_HEALTH, HEALTH_ID), 1);
	put_health(HEALTH_ID, RIG_MADE + NANOTIME_HOUR);
	take_in(rig);
	put_health(HEALTH_ID, 0);
	take_in(rig);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_HEALTH, HEALTH_ID), 3);
	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	assert_int_equal(batch.count, 3);
	assert_int_equal(batch.parcels[0].kind, PARCEL_HEALTH);
	assert_non_null(
		strstr(batch.parcels[0].body, "\"opened\":\"2026-10-01T00:12:08.000000Z\"}"));
	assert_non_null(
		strstr(batch.parcels[1].body, "\"closed\":\"2026-10-01T01:12:08.000000Z\"}"));
	rig_answer(&batch, REPLY_STORED, &replies);
	assert_int_equal(outbox_settle(rig->outbox, desk, &batch, &replies, &settled), ERR_OK);
	outbox_batch_free(&batch);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void canaries_are_told_and_not_delivered(void **state)
{
	struct rig *rig = *state;

	open_store(rig);
	put_health("canary-0123456789ab", RIG_MADE);
	take_in(rig);
	take_in(rig);
	assert_string_equal(office.token, "0123456789ab");
	assert_int_equal(office.canaries, 1);
	assert_int_equal(head(rig, PARCEL_ROUTINE), 0);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void what_is_unfit_is_said_once_and_the_rest_flows(void **state)
{
	struct rig *rig = *state;
	const char *first;

	open_store(rig);
	put_case("not a name", 1, RIG_MADE, 1);
	put_case("b", 1, RIG_MADE, 2);
	take_in(rig);
	take_in(rig);
	put_case("c", 1, RIG_MADE, 2);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_ROUTINE), 2);
	first = strstr(rig->said, "cannot be delivered");
	assert_non_null(first);
	assert_null(strstr(first + 1, "cannot be delivered"));
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void put_capsule(const char *id, uint64_t revision)
{
	const struct store_capsule row = { .case_id = id,
					   .revision = revision,
					   .bytes = { (const uint8_t *)"capsule", 7 } };

	assert_true(store_put_capsule(office.store, &row));
}

static void evidence_of_the_most_urgent_goes_unasked_where_allowed(void **state)
{
	struct rig *rig = *state;
	struct intake_setup setup = { .outbox = rig->outbox,
				      .folder = office.config.folder,
				      .say = rig_say,
				      .say_arg = rig,
				      .sends_evidence = true };

	open_store(rig);
	put_case("a", 1, RIG_MADE, 1);
	put_case("b", 1, RIG_MADE, 2);
	put_capsule("a", 1);
	put_capsule("b", 1);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_EVIDENCE), 0); /* not asked for */
	intake_free(office.intake);
	office.intake = intake_new(&setup);
	assert_non_null(office.intake);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_EVIDENCE), 1);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CAPSULE, "a"), 1);
	put_case("a", 2, RIG_MADE + 1, 1);
	put_capsule("a", 2);
	take_in(rig);
	take_in(rig);
	assert_int_equal(head(rig, PARCEL_EVIDENCE), 2);
	assert_int_equal(outbox_revision(rig->outbox, PARCEL_CAPSULE, "b"), 0);
	assert_int_equal(store_close(office.store, RIG_MADE), ERR_OK);
}

static void without_cases_db_it_waits_and_says_so_once(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(intake_look(office.intake), INTAKE_WAITS);
	assert_int_equal(intake_look(office.intake), INTAKE_WAITS);
	assert_non_null(strstr(rig->said, "cases.db: not there"));
	assert_null(strstr(strstr(rig->said, "not there") + 1, "not there"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, clear)
		CASE(cases_go_by_priority_and_filtered),
		CASE(a_replaced_cases_db_counts_on),
		CASE(findings_of_health_turn),
		CASE(canaries_are_told_and_not_delivered),
		CASE(what_is_unfit_is_said_once_and_the_rest_flows),
		CASE(evidence_of_the_most_urgent_goes_unasked_where_allowed),
		CASE(without_cases_db_it_waits_and_says_so_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
