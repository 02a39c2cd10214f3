/*
 * What the writer's thread remembers, for the files that are the writer: store_writer.c,
 * store_intake.c, store_schedule.c, store_later_check.c and nobody else.
 */
#pragma once

#include "sensor/store/store_check_sqlite.h"
#include "sensor/store/store_commit_sqlite.h"
#include "sensor/store/store_pace.h"
#include "sensor/store/store_writer.h"

/* Between two batches: with something that is wanted soon, and with what says only how it goes on.
 */
enum { BATCH_SECONDS = 60, CALM_SECONDS = 180 };

struct store_writer {
	struct store_sides *sides;
	struct store_file file;
	struct row_statements rows;
	struct kept_rows *kept;
	struct backlog *backlog;
	struct store_pace pace;
	struct commit_target target;
	struct store_check *check; /* of a large file; else NULL */
	const char *vfs;
	store_say_fn *say;
	void *say_arg;
	nanotime interval;
	uint64_t daily_bytes;
	uint64_t dropped[STORE_CLASSES];
	uint64_t contacts_let_go;
	uint64_t taken_ticket;  /* of the latest case in the backlog */
	uint64_t paced_bytes;   /* of those written, what the pace knows */
	uint64_t counted_bytes; /* … and what the day's counter has */
	uint64_t day;
	uint64_t day_bytes;
	uint64_t log_frames;
	uint64_t commits;
	nanotime last_commit; /* from here on of the monotonic clock */
	nanotime next_batch;
	nanotime next_round;
	nanotime next_prune;
	nanotime next_fold;
	nanotime retry_at; /* for urgent cases */
	nanotime batch_retry_at;
	unsigned failures; /* in a row, of commits of urgent cases */
	unsigned batch_failures;
	unsigned fold_failures;
	unsigned rounds_seen;
	enum store_state state;      /* of the last batch, or what failed since */
	enum store_state fold_state; /* of the last folding in */
	enum store_state told_state;
	bool is_round_due; /* every row of a round is taken: to be committed */
	bool has_closing_round;
	bool owes_life; /* its row is to be written with the next batch */
	bool is_scanning;
	unsigned scans_seen;
	sqlite3_int64 scanned; /* the last block of contacts that was shown */
};

/* Something was not taken by the disk, and no whole batch since. */
static inline bool writer_is_failing(const struct store_writer *w)
{
	return w->state != STORE_OK;
}

/* Whether kept rows stay in their ring, so that the judge keeps the rest: for the day's bytes. */
bool writer_holds_kept(const struct store_writer *w);

/* A large data base is checked while the sensor runs; damage is said and noted, once. */
void writer_begin_check(struct store_writer *w);
void writer_look_at_check(struct store_writer *w);

/*
 * Shows the next block of contacts to who asked for a scan, once all that was put before stands in
 * the data base: `scans` were asked for before the rings were looked at. True: there is more.
 */
bool writer_scan(struct store_writer *w, unsigned scans);
/* Whether a scan waits for what is in the backlog. */
bool writer_scan_waits(const struct store_writer *w);

/* The most that contacts may come to. */
uint64_t writer_contact_bytes(const struct store_config *config);

/* From the rings to the backlog; true when something is left for want of room. */
bool writer_take_in(struct store_writer *w);

/* Whether there is anything to commit now, and how much of it; asks the judge for kept rows. */
bool writer_is_due(struct store_writer *w, nanotime now, bool is_left, enum item_hurry *hurry);
