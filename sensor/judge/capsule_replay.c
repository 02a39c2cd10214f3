#include "sensor/judge/capsule_replay.h"

#include "sensor/fact/fact_sound.h"
#include "sensor/judge/judge_inside.h"

#include <stdlib.h>
#include <string.h>

enum { IDENTITY_ROOM = CONFIG_PATH_LEN };

/* One replay; large, so not on the stack. */
struct replay {
	const struct capsule *capsule;
	struct replay_answer *answer;
	char case_id[CASE_ID_LEN];
	char identity[IDENTITY_ROOM];
	char verdict[CAPSULE_VERDICT_LEN];
	struct fact fact;
};

/* A judge_case_fn. */
static void case_changed(void *arg, const struct case_record *c, enum case_change how)
{
	struct replay *r = arg;
	struct text verdict = text_over(r->verdict, sizeof(r->verdict));

	if (!case_change_is_urgent(how) || how == CASE_WITHDRAWN || strcmp(c->id, r->case_id) != 0)
		return;
	capsule_verdict_write(c, &verdict);
	r->answer->outcome = capsule_verdict_differs(
				     r->capsule->parts[CAPSULE_VERDICT],
				     (struct span){ (const uint8_t *)verdict.chars, verdict.len },
				     &r->answer->first)
				     ? REPLAY_DIFFERS
				     : REPLAY_SAME;
}

static bool copy_text(struct span from, char *out, size_t room)
{
	if (from.len >= room || (from.len > 0 && memchr(from.data, '\0', from.len)))
		return false;
	if (from.len > 0)
		memcpy(out, from.data, from.len);
	out[from.len] = '\0';
	return true;
}

static void put_row(struct replay *r, struct judge *judge, const struct capsule_row *row)
{
	enum keeper_answer answer = keeper_restore(judge->keeper, &row->row);

	if (answer == KEEPER_OTHER_LAYOUT)
		answer = keeper_restore(judge->cases, &row->row);
	if (answer == KEEPER_TAKEN)
		return;
	if (r->answer->rows_refused++ == 0)
		memcpy(r->answer->refused, row->table, sizeof(row->table));
}

static void put_rows(struct replay *r, struct judge *judge)
{
	struct capsule_row row;
	uint64_t used = 0;
	size_t at = 0;

	while (capsule_next_row(r->capsule, &at, &row)) {
		row.row.used = ++used;
		put_row(r, judge, &row);
	}
	judge->kept.began = judge->moment.began;
	judge->totals.dns_seen = judge->moment.dns_seen;
	devices_skip_to(judge->devices, judge->moment.last_device);
	devices_settle(judge->devices);
}

static bool finish(struct judge *judge, struct span detector)
{
	for (size_t i = 0; i < detectors_count; i++) {
		if (strlen(detectors[i]->name) == detector.len &&
		    memcmp(detectors[i]->name, detector.data, detector.len) == 0) {
			judge_finish_detector(judge, i);
			return true;
		}
	}
	return false;
}

/* False: there is nothing in it that could be taken. */
static bool take(struct replay *r, struct judge *judge)
{
	struct span finished = r->capsule->parts[CAPSULE_FINISHED];

	if (finished.len == 0)
		judge_take(judge, &r->fact);
	else if (!finish(judge, finished))
		return false;
	judge_tell_changes(judge);
	return true;
}

static enum err replay(struct replay *r, const struct replay_setup *setup)
{
	const struct judge_setup with = {
		.config = setup->config,
		.indicators = setup->indicators,
		.decisions = setup->decisions,
		.identity = r->identity,
		.case_changed = case_changed,
		.case_arg = r,
	};
	struct judge *judge;
	enum err err = judge_new(&judge, &with);

	if (err != ERR_OK)
		return err;
	put_rows(r, judge);
	if (setup->place_databases)
		judge_use_place_databases(judge, setup->place_databases);
	if (!take(r, judge))
		err = ERR_MALFORMED;
	judge_free(judge);
	return err;
}

static bool is_readable(struct replay *r)
{
	const struct capsule *c = r->capsule;

	capsule_verdict_field(c->parts[CAPSULE_VERDICT], "case", r->case_id, sizeof(r->case_id));
	return c->head.layout == capsule_layout() &&
	       copy_text(c->parts[CAPSULE_IDENTITY], r->identity, sizeof(r->identity)) &&
	       (c->parts[CAPSULE_FINISHED].len > 0 ||
		fact_from_bytes(c->parts[CAPSULE_FACT], &r->fact));
}

enum err capsule_replay(const struct capsule *capsule, const struct replay_setup *setup,
			struct replay_answer *out)
{
	struct replay *r = calloc(1, sizeof(*r));
	enum err err = ERR_MALFORMED;

	*out = (struct replay_answer){ .outcome = REPLAY_NOTHING };
	if (!r)
		return ERR_MEMORY;
	r->capsule = capsule;
	r->answer = out;
	if (is_readable(r))
		err = replay(r, setup);
	free(r);
	return err;
}
