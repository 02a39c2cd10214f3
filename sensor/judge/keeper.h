/*
 * Hands out the rows of tables as they change, and takes them back after a restart. It knows the
 * tables by what their owners say of them (sensor/base/kept_table.h), and no more.
 *
 * Owner: the judge. One thread. Nothing is allocated after keeper_new(). A round hands out of each
 * table at most as many rows as it held when its turn came, however busy it is.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/kept.h"
#include "sensor/base/kept_table.h"
#include "sensor/base/lru_journal.h"

struct keeper;

enum { KEEPER_TABLES_MAX = 128 };

MUST_USE enum err keeper_new(struct keeper **out);
void keeper_free(struct keeper *keeper);

/*
 * The tables up to one without a name, whose maps stand in `owner`; both borrowed for the keeper's
 * life. Tables are handed out in the order in which they were added. ERR_FULL beyond
 * KEEPER_TABLES_MAX.
 */
MUST_USE enum err keeper_add(struct keeper *keeper, const struct kept_table *tables, void *owner);

/* What a table needs at most of who keeps it. */
struct keeper_room {
	const char *name; /* as long as the keeper lives */
	uint32_t layout;
	uint32_t rows;
};

size_t keeper_tables(const struct keeper *keeper, struct keeper_room *out, size_t most);

/* A round begins anew with the first table. */
void keeper_begin(struct keeper *keeper);

/*
 * Hands out at most `rows` rows that changed since they were last taken. True when the round is
 * over; false when there is more, or `take` had no room: to be called again.
 */
bool keeper_some(struct keeper *keeper, size_t rows, kept_take_fn *take, void *arg);

/*
 * After all tables were added and before there is anything in them: what is looked at of them goes
 * into `journal`, borrowed, numbered from `first` on. What is kept at the end alone is left out.
 */
MUST_USE enum err keeper_watch(struct keeper *keeper, struct lru_journal *journal, uint32_t first);

/* The values in place as they are now: what keeper_images() hands out of them. */
void keeper_note_places(struct keeper *keeper);

/*
 * Hands out as rows what the journal holds of these tables, and the values in place as they were
 * noted, in an order in which they can be restored; `used` counts from 1. False when `take` has no
 * room.
 */
bool keeper_images(struct keeper *keeper, struct lru_journal *journal, kept_take_fn *take,
		   void *arg);

/* How a row came back. */
enum keeper_answer {
	KEEPER_TAKEN,
	KEEPER_OTHER_LAYOUT, /* of another version of the sensor, or of no table that it knows */
	KEEPER_UNSOUND,
};

/* The rows of a table in the order of `used`, before anything else is put into it. */
enum keeper_answer keeper_restore(struct keeper *keeper, const struct kept_row *row);

/* All that is there now is kept: what has just been restored. Or nothing is: it was lost. */
void keeper_note_all(struct keeper *keeper);
void keeper_note_none(struct keeper *keeper);
