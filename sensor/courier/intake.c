#include "sensor/courier/intake.h"

#include "sensor/base/hash.h"
#include "sensor/base/monotonic.h"
#include "sensor/courier/capsule_body.h"
#include "sensor/courier/intake_group.h"
#include "sensor/store/store_view.h"

#include <stdlib.h>
#include <string.h>

#define CANARY_PREFIX "canary-"

/* What a finding of health was when it was put, as outbox_row.source. */
enum { HEALTH_OPEN = 1, HEALTH_CLOSED = 2 };

struct intake {
	struct intake_setup setup;
	struct store_view *view;
	bool is_behind;                  /* something may stand there that was not put */
	nanotime retry;                  /* monotonic; not before */
	char trouble[STORE_PROBLEM_LEN]; /* what was last said; "" when all is well */
	struct intake_group group;
	struct {
		char id[PARCEL_KEY_LEN];
		uint64_t mark;
	} found[INTAKE_GROUP]; /* cases to read, most urgent first */
	size_t found_count;
	bool has_more; /* than there was room for */
	enum err err;
	/* By a hash of the key: a mark of the row that is known to need nothing. */
	uint64_t known[INTAKE_KNOWN];
};

struct intake *intake_new(const struct intake_setup *setup)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return NULL;
	intake->setup = *setup;
	intake->is_behind = true;
	return intake;
}

void intake_free(struct intake *intake)
{
	if (!intake)
		return;
	intake_group_clear(&intake->group);
	store_view_close(intake->view);
	free(intake);
}

static nanotime wall_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (nanotime)now.tv_sec * NANOTIME_SECOND + (nanotime)now.tv_nsec;
}

/* Not 0. Ids come from the sensor, so nobody chooses where they fall. */
static uint64_t mark_of(const char *id, uint64_t a, uint64_t b)
{
	static const struct hash_key key;
	char text[PARCEL_KEY_LEN + 48];
	int len = snprintf(text, sizeof(text), "%.63s %llu %llu", id, (unsigned long long)a,
			   (unsigned long long)b);

	return hash_bytes(&key, text, (size_t)len) | 1;
}

static uint64_t *place_of(struct intake *intake, const char *id)
{
	return &intake->known[mark_of(id, 0, 0) / 2 % INTAKE_KNOWN];
}

static void say(struct intake *intake, const char *problem)
{
	intake->retry = monotonic_now() + INTAKE_RETRY_SECONDS * NANOTIME_SECOND;
	if (strcmp(intake->trouble, problem) == 0)
		return;
	(void)snprintf(intake->trouble, sizeof(intake->trouble), "%s", problem);
	intake->setup.say(intake->setup.say_arg, problem);
}

static void say_well(struct intake *intake)
{
	if (intake->trouble[0] != '\0')
		intake->setup.say(intake->setup.say_arg, "cases are taken again");
	intake->trouble[0] = '\0';
}

static void say_unfit(const struct intake *intake, const char *what, const char *id, enum err err)
{
	char line[OUTBOX_PROBLEM_LEN];

	(void)snprintf(line, sizeof(line), "%s %.63s cannot be delivered and is left out: %s", what,
		       id, err_text(err));
	intake->setup.say(intake->setup.say_arg, line);
}

/*
 * The number that this state of a case is delivered under; 0: it was. Where cases.db was replaced
 * by an earlier one, a case counts on from a lower revision, and what came later there is new.
 */
static uint64_t revision_for(struct outbox *outbox, const struct store_case *row)
{
	struct outbox_seen was;

	outbox_seen(outbox, PARCEL_CASE, row->id, &was);
	if (row->revision > was.source ||
	    (row->revision < was.source && row->changed > was.changed))
		return row->revision > was.revision ? row->revision : was.revision + 1;
	return 0;
}

static bool find_case(void *arg, const struct store_case *row)
{
	struct intake *intake = arg;
	uint64_t mark = mark_of(row->id, row->revision, row->changed);
	uint64_t *known = place_of(intake, row->id);

	if (*known == mark)
		return true;
	if (revision_for(intake->setup.outbox, row) == 0) {
		*known = mark;
		return true;
	}
	if (intake->found_count == INTAKE_GROUP) {
		intake->has_more = true;
		return false;
	}
	intake->found[intake->found_count].mark = mark;
	(void)snprintf(intake->found[intake->found_count++].id, PARCEL_KEY_LEN, "%s", row->id);
	return true;
}

static bool take_case(void *arg, const struct store_case *row)
{
	struct intake *intake = arg;
	const struct outbox_row to = { .stream =
					       row->priority == 1 ? PARCEL_URGENT : PARCEL_ROUTINE,
				       .kind = PARCEL_CASE,
				       .revision = revision_for(intake->setup.outbox, row),
				       .made = wall_now(),
				       .source = row->revision,
				       .changed = row->changed };

	if (to.revision != 0)
		intake->err = intake_group_add(&intake->group, &to, row->id,
					       (const char *)row->json.data, row->json.len);
	return true;
}

static enum err take_cases(struct intake *intake)
{
	enum err err;

	intake->found_count = 0;
	intake->has_more = false;
	err = store_view_case_states(intake->view, find_case, intake);
	for (size_t i = 0; i < intake->found_count && err == ERR_OK; i++) {
		if (intake_group_is_full(&intake->group)) {
			intake->has_more = true;
			break;
		}
		intake->err = ERR_OK;
		err = store_view_case(intake->view, intake->found[i].id, take_case, intake);
		if (err == ERR_MISSING)
			err = ERR_OK; /* let go by the sensor meanwhile */
		if (intake->err == ERR_MEMORY)
			return ERR_MEMORY;
		if (intake->err != ERR_OK) {
			say_unfit(intake, "case", intake->found[i].id, intake->err);
			*place_of(intake, intake->found[i].id) = intake->found[i].mark;
		}
	}
	return err;
}

/* The row's JSON, with when it opened and closed behind its last member. */
static char *health_body(const struct store_health *row, size_t *len)
{
	char opened[NANOTIME_TEXT_LEN];
	char closed[NANOTIME_TEXT_LEN];
	char *text = NULL;
	size_t used = row->json.len;

	while (used > 0 && row->json.data[used - 1] != '}')
		used--;
	if (used < 3)
		return NULL;
	(void)nanotime_text(row->opened, opened);
	(void)nanotime_text(row->closed, closed);
	*len = (size_t)asprintf(&text, "%.*s,\"opened\":\"%s\"%s%s%s}", (int)used - 1,
				(const char *)row->json.data, opened,
				row->closed != 0 ? ",\"closed\":\"" : "",
				row->closed != 0 ? closed : "", row->closed != 0 ? "\"" : "");
	return text;
}

static void add_health(struct intake *intake, const struct store_health *row, uint64_t revision)
{
	const struct outbox_row to = { .stream = PARCEL_ROUTINE,
				       .kind = PARCEL_HEALTH,
				       .revision = revision,
				       .made = wall_now(),
				       .source = row->closed != 0 ? HEALTH_CLOSED : HEALTH_OPEN,
				       .changed = row->last };
	size_t len = 0;
	char *body = health_body(row, &len);
	enum err err =
		body ? intake_group_add(&intake->group, &to, row->id, body, len) : ERR_SYNTAX;

	free(body);
	if (err == ERR_MEMORY)
		intake->err = err;
	else if (err != ERR_OK)
		say_unfit(intake, "finding", row->id, err);
	if (err != ERR_OK && err != ERR_MEMORY)
		*place_of(intake, row->id) = mark_of(row->id, row->closed != 0, 0);
}

static bool take_finding(void *arg, const struct store_health *row)
{
	struct intake *intake = arg;
	uint64_t *known = place_of(intake, row->id);
	uint64_t mark = mark_of(row->id, row->closed != 0, 0);
	struct outbox_seen was;

	if (*known == mark)
		return true;
	if (strncmp(row->id, CANARY_PREFIX, strlen(CANARY_PREFIX)) == 0) {
		if (intake->setup.see_canary)
			intake->setup.see_canary(intake->setup.canary_arg,
						 row->id + strlen(CANARY_PREFIX), row->opened);
		*known = mark;
		return true;
	}
	if (intake_group_is_full(&intake->group)) {
		intake->has_more = true;
		return false;
	}
	outbox_seen(intake->setup.outbox, PARCEL_HEALTH, row->id, &was);
	if (was.source == (row->closed != 0 ? HEALTH_CLOSED : HEALTH_OPEN))
		*known = mark;
	else
		add_health(intake, row, was.revision + 1);
	return intake->err == ERR_OK;
}

/* Rows come by priority. */
static bool find_urgent(void *arg, const struct store_case *row)
{
	struct intake *intake = arg;

	if (row->priority != 1 || intake->found_count == INTAKE_GROUP)
		return false;
	(void)snprintf(intake->found[intake->found_count++].id, PARCEL_KEY_LEN, "%s", row->id);
	return true;
}

static bool take_capsule(void *arg, const struct store_capsule *row)
{
	struct intake *intake = arg;
	const struct outbox_row to = { .stream = PARCEL_EVIDENCE,
				       .kind = PARCEL_CAPSULE,
				       .revision = row->revision > 0 ? row->revision : 1,
				       .made = wall_now() };
	bool is_too_large;
	size_t len = 0;
	char *body;

	if (outbox_revision(intake->setup.outbox, PARCEL_CAPSULE, row->case_id) >= to.revision)
		return true;
	body = capsule_body(row, &len, &is_too_large);
	/* One that is too large stays here, where rangers may still ask why. */
	if (body)
		intake->err = intake_group_add(&intake->group, &to, row->case_id, body, len);
	free(body);
	return true;
}

/* The evidence of the most urgent cases, unasked: where the office allows it. */
static enum err take_capsules(struct intake *intake)
{
	enum err err;

	intake->found_count = 0;
	err = store_view_case_states(intake->view, find_urgent, intake);
	for (size_t i = 0; i < intake->found_count && err == ERR_OK && intake->err != ERR_MEMORY &&
			   !intake_group_is_full(&intake->group);
	     i++) {
		err = store_view_capsule(intake->view, intake->found[i].id, take_capsule, intake);
		if (err == ERR_MISSING)
			err = ERR_OK; /* it comes a little later than its case, or not at all */
	}
	return err;
}

static enum err read_group(struct intake *intake)
{
	enum err err = take_cases(intake);

	intake->err = ERR_OK;
	if (err == ERR_OK && !intake->has_more)
		err = store_view_health(intake->view, take_finding, intake);
	if (err == ERR_OK && !intake->has_more && intake->setup.sends_evidence)
		err = take_capsules(intake);
	if (err == ERR_OK && intake->err == ERR_MEMORY)
		err = ERR_MEMORY;
	return err;
}

static const char *put_problem(enum err err)
{
	if (err == ERR_FULL)
		return "courier.db is full: what is found waits in cases.db until something was "
		       "delivered; see 'hinomi-courier status', or raise courier.size";
	if (err == ERR_IO)
		return "courier.db cannot be written: make room on its disk, or mount it writable";
	return "cases cannot be put: not enough memory";
}

/* Where a group has no room, its first and most urgent may have. */
static enum err put(struct intake *intake)
{
	struct intake_group *group = &intake->group;
	size_t count = group->count;
	enum err err = outbox_put(intake->setup.outbox, group->rows, count);

	while (err == ERR_FULL && count > 1) {
		count /= 2;
		err = outbox_put(intake->setup.outbox, group->rows, count);
	}
	return err;
}

static bool is_open(struct intake *intake)
{
	char problem[STORE_PROBLEM_LEN];
	enum store_view_news news =
		intake->view ? store_view_news(intake->view) : STORE_VIEW_REPLACED;

	if (news == STORE_VIEW_CHANGED)
		intake->is_behind = true;
	if (news != STORE_VIEW_REPLACED)
		return true;
	store_view_close(intake->view);
	intake->view = NULL;
	intake->is_behind = true;
	if (store_view_open(&intake->view, intake->setup.folder, problem) == ERR_OK) {
		(void)store_view_news(intake->view);
		return true;
	}
	intake->view = NULL;
	say(intake, problem);
	return false;
}

static enum intake_answer take(struct intake *intake)
{
	enum err err;

	intake_group_clear(&intake->group);
	err = read_group(intake);
	if (err != ERR_OK) {
		say(intake, err == ERR_MEMORY
				    ? put_problem(err)
				    : "cases.db cannot be read, or is damaged; the sensor "
				      "moves a damaged one aside when it starts");
		/* A connection that met damage is not trusted again. */
		store_view_close(intake->view);
		intake->view = NULL;
		return INTAKE_WAITS;
	}
	if (intake->group.count > 0)
		err = put(intake);
	if (err != ERR_OK) {
		say(intake, put_problem(err));
		return INTAKE_WAITS;
	}
	say_well(intake);
	intake->is_behind = intake->has_more || intake->group.count > 0;
	return intake->is_behind ? INTAKE_MORE : INTAKE_NOTHING;
}

enum intake_answer intake_look(struct intake *intake)
{
	if (monotonic_now() < intake->retry)
		return INTAKE_WAITS;
	intake->retry = 0;
	if (!is_open(intake))
		return INTAKE_WAITS;
	return intake->is_behind ? take(intake) : INTAKE_NOTHING;
}
