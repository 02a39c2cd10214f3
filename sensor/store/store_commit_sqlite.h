/*
 * One transaction: what of the backlog is to be written now, all of it or nothing. The writer's
 * thread.
 */
#pragma once

#include "sensor/store/store_backlog.h"
#include "sensor/store/store_file_sqlite.h"
#include "sensor/store/store_kept_sqlite.h"
#include "sensor/store/store_rows_sqlite.h"

/* What is written, besides the rows that wait. */
struct commit_notes {
	enum item_hurry hurry; /* rows that are in that hurry, or in more */
	bool begins_life;
	bool has_alive;
	enum life_end end;
	bool prunes;
	bool makes_room; /* the disk is full: half of the capsules go, and outdated rows */
	bool has_spare;  /* bytes of the day, for tidying up */
	nanotime alive;
	nanotime now; /* of the monotonic clock */
	uint64_t day;
	uint64_t day_bytes; /* added to the day's counter of bytes written */
};

struct commit_target {
	struct store_file *file;
	struct row_statements *rows;
	struct kept_rows *kept;
	struct backlog *backlog;
	uint64_t capsule_bytes_most;
	uint64_t contact_bytes_most;
	uint64_t *contacts_let_go;
	uint64_t *dropped; /* STORE_CLASSES; rows that no data base would take */
};

/* The counter's name in `counters`. */
#define STORE_BYTES_COUNTER "store.bytes"

/* Synced when it returns STORE_OK, and the rows are forgotten; else everything is as before. */
enum store_state store_commit(const struct commit_target *target, const struct commit_notes *notes);

/*
 * The next start is to move the data base aside: noted in a transaction of its own, which reads and
 * writes next to nothing of it. False: not even that could be written.
 */
bool store_note_damaged(const struct commit_target *target);

/*
 * Folds the log in, as far as readers allow. `*frames` is how many pages stay in it to be folded
 * in another time.
 */
enum store_state store_fold_log(const struct commit_target *target, uint64_t *frames);
