/*
 * The store's own thread, as steps: takes rows out of the rings, holds them, and writes them down
 * when it is time. Everything here but the struct store_sides is that thread's alone.
 */
#pragma once

#include "sensor/base/ring.h"
#include "sensor/store/store.h"

#include <stdatomic.h>

enum store_lane { LANE_CASES, LANE_SENSOR, LANE_NOTES, LANE_KEPT, LANES };

/* What callers and the writer share. Rings have one producer each; see store.c. */
struct store_sides {
	struct ring *lanes[LANES];
	_Atomic nanotime alive;    /* packet time */
	atomic_int kept_wanted;    /* enum store_kept: set by the writer, cleared by the judge */
	atomic_uint kept_rounds;   /* ended by the judge */
	atomic_bool kept_are_lost; /* rows of an earlier round are not on the disk */
	atomic_bool is_closing;
	_Atomic uint64_t durable;
	_Atomic uint64_t dropped[STORE_CLASSES];
	atomic_int state; /* enum store_state */
	_Atomic nanotime failing_since;
	atomic_bool is_saving;
	atomic_bool is_damaged;
	atomic_bool log_is_held;
	_Atomic uint64_t written_bytes;
	_Atomic uint64_t written_today;
	_Atomic uint64_t commits;
	_Atomic uint64_t contacts_let_go;
	atomic_uint scans; /* that were asked for; the next two stand before the first */
	store_scan_fn *scan;
	void *scan_arg;
};

struct store_writer;

/* Opens the file; the errors are store_open()'s. `sides` outlives the writer. */
MUST_USE enum err store_writer_new(struct store_writer **out, struct store_sides *sides,
				   const struct store_setup *setup, size_t backlog_bytes,
				   char problem[static STORE_PROBLEM_LEN]);
/* Closes the file. NULL is fine. */
void store_writer_free(struct store_writer *writer);

/* Whether there is a data base that can be written. */
bool store_writer_can_write(const struct store_writer *writer);
/* For reading before the first step; NULL when there is none. */
struct sqlite3;
struct sqlite3 *store_writer_data_base(struct store_writer *writer);
struct kept_rows *store_writer_kept(struct store_writer *writer);
size_t store_writer_descriptors(const struct store_writer *writer,
				int fds[static STORE_DESCRIPTORS_MAX]);

/* A life begins: its row, the log's bytes, every file open. `now` is packet time. */
void store_writer_begin(struct store_writer *writer, nanotime now, nanotime monotonic);

/* Does what is due. `monotonic` is of a clock that never goes back. True: there is more to do. */
bool store_writer_step(struct store_writer *writer, nanotime monotonic);

/* All that waits, and a clean stop. False when the disk did not take it. */
bool store_writer_end(struct store_writer *writer, nanotime now, nanotime monotonic);
