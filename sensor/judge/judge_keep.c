#include "sensor/judge/judge_inside.h"

#include "sensor/base/kept_bytes.h"

#include <stddef.h>
#include <string.h>

/* After a crash: devices may have been numbered, and kept by other rows, since the last. */
enum { NUMBERS_SKIPPED = 1 << 16 };

static bool is_kept_sound(const void *key, const void *value)
{
	const struct judge_kept *kept = value;
	const struct floods *floods = &kept->totals.floods;

	(void)key;
	if (floods->count > FLOODS_MAX || !kept_are_flags(&kept->totals.dns_seen, 1) ||
	    !kept_are_flags(&kept->is_whole, 1) || kept->last_device > DEVICE_NUMBER_MOST)
		return false;
	for (size_t i = 0; i < floods->count; i++) {
		if (!kept_are_flags(&floods->hosts[i].is_target, 1))
			return false;
	}
	return true;
}

static bool is_moment_sound(const void *key, const void *value)
{
	const struct judge_moment *moment = value;

	(void)key;
	return kept_are_flags(&moment->dns_seen, 1) && moment->last_device <= DEVICE_NUMBER_MOST;
}

/* First: a device's number that is not kept yet must not be given again after a crash. */
static const struct kept_table judge_kept[] = {
	{ .name = "judge",
	  .version = 1,
	  .at = offsetof(struct judge, kept),
	  .size = sizeof(struct judge_kept),
	  .use = KEPT_AT_THE_END,
	  .is_sound = is_kept_sound },
	{ .name = "judge.capsules",
	  .version = 1,
	  .at = offsetof(struct judge, chain),
	  .size = sizeof(struct capsule_chain),
	  .use = KEPT_AT_THE_END },
	{ .name = "judge.moment",
	  .version = 1,
	  .at = offsetof(struct judge, moment),
	  .size = sizeof(struct judge_moment),
	  .use = KEPT_AS_READ,
	  .is_sound = is_moment_sound },
	{ 0 },
};

static enum err add_detectors(struct judge *judge)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < detectors_count && err == ERR_OK; i++) {
		if (detectors[i]->kept)
			err = keeper_add(judge->keeper, detectors[i]->kept, judge->states[i]);
	}
	return err;
}

enum err judge_keep_start(struct judge *judge)
{
	enum err err = keeper_new(&judge->keeper);

	if (err == ERR_OK)
		err = keeper_new(&judge->cases);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, judge_kept, judge);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, site_kept, judge->site);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, devices_kept, judge->devices);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, resolved_names_kept, judge->names);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, places_kept, judge->places);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, regions_kept, judge->regions);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, standings_kept, judge->standings);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, suppressions_kept, judge->suppressions);
	if (err == ERR_OK)
		err = keeper_add(judge->keeper, doubts_kept, judge->doubts);
	if (err == ERR_OK)
		err = add_detectors(judge);
	if (err == ERR_OK)
		err = keeper_add(judge->cases, case_book_kept, judge->book);
	return err;
}

void judge_tell_changes(struct judge *judge)
{
	const struct capsule_data data = { .indicators = judge->setup.indicators,
					   .decisions = judge->setup.decisions,
					   .place_databases = judge->setup.place_databases };
	const struct case_record *c;
	enum case_change how;

	while ((c = case_book_changed(judge->book, &how))) {
		if (judge->setup.case_changed)
			judge->setup.case_changed(judge->setup.case_arg, c, how);
		if (judge->capsules && case_change_is_urgent(how) && how != CASE_WITHDRAWN)
			capsules_make(judge->capsules, c, &data, &judge->chain);
	}
}

void judge_keep_begin(struct judge *judge, bool is_last)
{
	judge->kept = (struct judge_kept){
		.totals = judge_totals(judge),
		.began = judge->kept.began,
		.signals_let_go = case_book_signals_let_go(judge->book),
		.last_device = devices_last_number(judge->devices),
		.is_whole = is_last,
	};
	keeper_begin(judge->keeper);
}

void judge_keep_forget(struct judge *judge)
{
	keeper_note_none(judge->keeper);
}

size_t judge_keep_tables(const struct judge *judge, struct keeper_room *out, size_t most)
{
	return keeper_tables(judge->keeper, out, most);
}

const struct device *judge_device(struct judge *judge, uint32_t number)
{
	return devices_get(judge->devices, number);
}

bool judge_keep_some(struct judge *judge, size_t rows, kept_take_fn *take, void *arg)
{
	return keeper_some(judge->keeper, rows, take, arg);
}

/* Before a case's value: what is the same in every version of the sensor. */
struct record_head {
	uint64_t used;
	uint32_t layout;
	uint32_t number;
	uint32_t revision;
	char id[CASE_ID_LEN];
	char spare[7];
};

struct case_taker {
	struct judge *judge;
	judge_keep_case_fn *take;
	void *arg;
};

static bool take_case(void *arg, const struct kept_row *row)
{
	const struct case_taker *taker = arg;
	const struct case_record *c = case_book_of_row(taker->judge->book, row->key.data);
	struct record_head head = { .used = row->used,
				    .layout = row->layout,
				    .revision = c->revision };
	uint8_t record[sizeof(head) + KEPT_PACKED_MOST(KEPT_VALUE_MAX)];

	memcpy(&head.number, row->key.data, sizeof(head.number));
	memcpy(head.id, c->id, CASE_ID_LEN);
	memcpy(record, &head, sizeof(head));
	memcpy(record + sizeof(head), row->value.data, row->value.len);
	return taker->take(taker->arg, c,
			   (struct span){ .data = record, .len = sizeof(head) + row->value.len });
}

bool judge_keep_cases(struct judge *judge, judge_keep_case_fn *take, void *arg)
{
	struct case_taker taker = { .judge = judge, .take = take, .arg = arg };

	keeper_begin(judge->cases);
	return keeper_some(judge->cases, SIZE_MAX, take_case, &taker);
}

static bool restore(struct judge *judge, struct keeper *keeper, uint64_t *taken,
		    const struct kept_row *row)
{
	switch (keeper_restore(keeper, row)) {
	case KEEPER_TAKEN:
		(*taken)++;
		return true;
	case KEEPER_OTHER_LAYOUT:
		judge->restored.other_layout++;
		break;
	case KEEPER_UNSOUND:
		judge->restored.unsound++;
		break;
	}
	return false;
}

bool judge_restore(struct judge *judge, const struct kept_row *row)
{
	return restore(judge, judge->keeper, &judge->restored.rows, row);
}

bool judge_restore_case(struct judge *judge, struct span record)
{
	uint64_t *other_layout = &judge->restored.other_layout;
	uint64_t before = *other_layout;
	struct record_head head;
	struct kept_row row = { .table = case_book_kept[0].name };

	if (record.len < sizeof(head)) {
		judge->restored.unsound++;
		return false;
	}
	memcpy(&head, record.data, sizeof(head));
	row.layout = head.layout;
	row.used = head.used;
	row.key = (struct span){ (const uint8_t *)&head.number, sizeof(head.number) };
	row.value = (struct span){ record.data + sizeof(head), record.len - sizeof(head) };
	if (restore(judge, judge->cases, &judge->restored.cases, &row))
		return true;
	if (*other_layout > before && case_id_is_sound(head.id))
		case_book_note_unread(judge->book, head.id, head.revision);
	return false;
}

/*
 * Whether the rows are all that the last process knew. Not when it crashed, be it before it handed
 * out any row at all: then a case, kept at once, may have a device of which there is no row.
 */
static bool is_whole(struct judge *judge)
{
	struct case_record *c = NULL;

	while ((c = case_book_next(judge->book, c))) {
		if (c->device.number > judge->kept.last_device)
			return false;
	}
	return judge->kept.is_whole;
}

/* What a crash lost: devices that only cases know, and numbers that only other rows may. */
static void recover_devices(struct judge *judge)
{
	struct case_record *c = NULL;

	while ((c = case_book_next(judge->book, c)))
		devices_adopt(judge->devices, &c->device);
	devices_skip_to(judge->devices, devices_last_number(judge->devices) + NUMBERS_SKIPPED);
}

/* signals = in cases + held back, whatever was lost. */
static void settle_totals(struct judge *judge)
{
	const struct judge_kept *kept = &judge->kept;

	judge->totals = kept->totals;
	/* Rows that had been forgotten before are not forgotten twice. */
	judge->totals.devices_forgotten -= devices_forgotten(judge->devices);
	judge->totals.names_forgotten -= resolved_names_forgotten(judge->names);
	case_book_settle(judge->book, kept->signals_let_go);
	judge->totals.in_cases = case_book_signals(judge->book) + kept->signals_let_go;
	judge->totals.signals = judge->totals.in_cases;
	for (size_t i = 0; i < GATE_ANSWERS; i++)
		judge->totals.signals += judge->totals.held[i];
}

struct judge_restored judge_restored(struct judge *judge)
{
	const struct judge_restored *restored = &judge->restored;

	if (restored->rows + restored->cases + restored->unsound + restored->other_layout == 0)
		return *restored;
	devices_skip_to(judge->devices, judge->kept.last_device);
	if (!is_whole(judge))
		recover_devices(judge);
	devices_settle(judge->devices);
	settle_totals(judge);
	keeper_note_all(judge->keeper);
	keeper_note_all(judge->cases);
	return *restored;
}
