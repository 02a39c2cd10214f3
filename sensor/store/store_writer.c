#include "sensor/store/store_writer.h"

#include "sensor/store/store_reading_sqlite.h"
#include "sensor/store/store_writer_state.h"

#include <stdlib.h>

enum {
	RETRY_SECONDS_MOST = 64,
	CAPSULE_SHARE = 4,
	HELD_LOGS = 2,    /* as often as store.log: then a reader holds it */
	FOLD_EIGHTHS = 6, /* of store.log: the rest is for cases when the disk is full */
	FOLD_RETRY_SECONDS = 600,
	FOLD_RETRY_SECONDS_MOST = 6 * 3600,
	FRAME_BYTES = STORE_BLOCK_BYTES + 24,
	/* What a start writes, and counts itself: a life that ends at once has no later batch. */
	LIFE_BYTES = 12 * STORE_BLOCK_BYTES,
	/* … and what the last batch does, with which nothing comes but the counter and the life. */
	END_BYTES = 12 * STORE_BLOCK_BYTES,
};

static void say(const struct store_writer *w, const char *line)
{
	w->say(w->say_arg, line);
}

static enum store_state worst(const struct store_writer *w)
{
	return w->state != STORE_OK ? w->state : w->fold_state;
}

static void publish(struct store_writer *w)
{
	struct store_sides *s = w->sides;
	bool is_failing = worst(w) != STORE_OK;
	uint64_t waiting = backlog_first_ticket(w->backlog);

	for (size_t i = 0; i < STORE_CLASSES; i++)
		atomic_store(&s->dropped[i], w->dropped[i]);
	if (is_failing && atomic_load(&s->state) == STORE_OK)
		atomic_store(&s->failing_since, atomic_load(&s->alive));
	if (!is_failing)
		atomic_store(&s->failing_since, 0);
	atomic_store(&s->state, (int)worst(w));
	atomic_store(&s->durable, waiting <= w->taken_ticket ? waiting - 1 : w->taken_ticket);
	atomic_store(&s->written_bytes, store_vfs_written(w->file.vfs));
	atomic_store(&s->written_today,
		     w->day_bytes + store_vfs_written(w->file.vfs) - w->counted_bytes);
	atomic_store(&s->commits, w->commits);
	atomic_store(&s->contacts_let_go, w->contacts_let_go);
	atomic_store(&s->log_is_held, w->log_frames * FRAME_BYTES > HELD_LOGS * w->file.log_bytes);
}

static void say_state(struct store_writer *w)
{
	char line[STORE_PROBLEM_LEN];

	if (worst(w) == w->told_state)
		return;
	w->told_state = worst(w);
	switch (w->told_state) {
	case STORE_OK:
		(void)snprintf(line, sizeof(line), "store: %s is written again", w->file.path);
		break;
	case STORE_FULL:
		(void)snprintf(
			line, sizeof(line),
			"store: no room for %s: the disk is full or store.size reached; what "
			"can wait does, the rest is dropped and counted",
			w->file.path);
		break;
	case STORE_READ_ONLY:
		(void)snprintf(line, sizeof(line),
			       "store: %s takes no writes: the disk is read-only; check it (dmesg) "
			       "and restart",
			       w->file.path);
		break;
	case STORE_FAILING:
		if (store_file_is_gone(&w->file)) {
			(void)snprintf(
				line, sizeof(line),
				"store: %s was removed while the sensor ran: restart it; what "
				"is found until then is kept nowhere",
				w->file.path);
			break;
		}
		(void)snprintf(line, sizeof(line),
			       "store: %s cannot be written (%s); it is tried again", w->file.path,
			       w->file.db ? sqlite3_errmsg(w->file.db) : "not opened");
		break;
	}
	say(w, line);
}

/*
 * Bytes count for the day that the sensor's packets say it is. A day ends with the first commit of
 * the next, which notes what the last one of the old cost.
 */
static void turn_day(struct store_writer *w)
{
	nanotime alive = atomic_load(&w->sides->alive);
	uint64_t day = alive / NANOTIME_DAY;

	if (alive == 0 || day == w->day)
		return;
	/* Not always a new one: a clock that was wrong goes back. */
	w->day = day;
	w->day_bytes = rows_count_of(w->file.db, day, STORE_BYTES_COUNTER);
}

/* What stands in the log is written once more when it is folded in. */
static void spend(struct store_writer *w)
{
	uint64_t written = store_vfs_written(w->file.vfs);

	store_pace_spend(&w->pace, written - w->paced_bytes);
	store_pace_reserve(&w->pace, w->log_frames * STORE_BLOCK_BYTES);
	w->paced_bytes = written;
}

static nanotime back_off(nanotime now, unsigned failures, unsigned seconds, unsigned seconds_most)
{
	uint64_t wait = (uint64_t)seconds << (failures < 16 ? failures : 16);

	return now + (wait < seconds_most ? wait : seconds_most) * NANOTIME_SECOND;
}

/* What could not be folded in is written again the next time: so that is not soon. */
static void fold_log(struct store_writer *w, nanotime now)
{
	if (now < w->next_fold)
		return;
	w->fold_state = store_fold_log(&w->target, &w->log_frames);
	spend(w);
	if (w->fold_state == STORE_OK) {
		w->fold_failures = 0;
		return;
	}
	w->next_fold =
		back_off(now, w->fold_failures++, FOLD_RETRY_SECONDS, FOLD_RETRY_SECONDS_MOST);
}

static void fail(struct store_writer *w, enum store_state state, enum item_hurry hurry,
		 nanotime now)
{
	w->state = state;
	if (hurry == HURRY_NOW)
		w->retry_at = back_off(now, w->failures++, 1, RETRY_SECONDS_MOST);
	else
		w->batch_retry_at = back_off(now, w->batch_failures++, 1, RETRY_SECONDS_MOST);
	/* They are all still in the sensor's memory: what waits is for others. */
	atomic_store(&w->sides->kept_are_lost, true);
	backlog_drop(w->backlog, STORE_KEPT, w->dropped);
	if (state == STORE_FULL)
		fold_log(w, now); /* the log may hold room that the disk has not */
}

static void succeed(struct store_writer *w, const struct commit_notes *notes, nanotime now)
{
	w->commits++;
	w->last_commit = now;
	w->failures = 0;
	w->retry_at = now;
	if (notes->hurry == HURRY_NOW)
		return;
	/* What kept the log from being folded in may be over too. */
	if (w->state != STORE_OK && store_pace_has_any(&w->pace))
		w->next_fold = now;
	w->state = STORE_OK;
	w->owes_life = false;
	w->batch_failures = 0;
	w->next_batch = now + BATCH_SECONDS * NANOTIME_SECOND;
	w->day_bytes += notes->day_bytes;
	w->counted_bytes += notes->day_bytes;
	turn_day(w);
	if (notes->prunes)
		w->next_prune = now + NANOTIME_DAY;
}

static uint64_t uncounted(const struct store_writer *w)
{
	uint64_t written = store_vfs_written(w->file.vfs);

	return written > w->counted_bytes ? written - w->counted_bytes : 0;
}

static enum store_state commit(struct store_writer *w, enum item_hurry hurry, bool is_last,
			       nanotime now)
{
	nanotime alive = atomic_load(&w->sides->alive);
	struct commit_notes notes = {
		.hurry = hurry,
		.begins_life = hurry != HURRY_NOW && w->owes_life,
		.has_alive = hurry != HURRY_NOW && alive != 0,
		.end = atomic_load(&w->sides->is_damaged) ? LIFE_FOUND_DAMAGED
		       : is_last                          ? LIFE_STOPPED_CLEAN
							  : LIFE_GOES_ON,
		.prunes = hurry == HURRY_LATER && now >= w->next_prune,
		.makes_room = w->state == STORE_FULL,
		.has_spare = !is_last && store_pace_has_half(&w->pace),
		.alive = alive,
		.now = now,
	};
	enum store_state state;

	notes.day = w->day;
	if (hurry != HURRY_NOW)
		notes.day_bytes =
			uncounted(w) + (w->owes_life ? LIFE_BYTES : 0) + (is_last ? END_BYTES : 0);
	state = store_file_is_gone(&w->file) ? STORE_FAILING : store_commit(&w->target, &notes);
	spend(w);
	if (state == STORE_OK)
		succeed(w, &notes, now);
	else
		fail(w, state, hurry, now);
	return state;
}

/* After every commit: how long the log is. */
static int note_log(void *arg, sqlite3 *db, const char *name, int frames)
{
	struct store_writer *w = arg;

	(void)db;
	(void)name;
	w->log_frames = (uint64_t)frames;
	return SQLITE_OK;
}

static bool is_log_long(const struct store_writer *w)
{
	return w->log_frames * FRAME_BYTES > w->file.log_bytes / 8 * FOLD_EIGHTHS;
}

bool store_writer_step(struct store_writer *writer, nanotime monotonic)
{
	struct store_writer *w = writer;
	unsigned rounds = atomic_load(&w->sides->kept_rounds);
	unsigned scans = atomic_load(&w->sides->scans);
	bool is_committed = false;
	bool is_scanning;
	enum item_hurry hurry;
	bool is_left;

	store_pace_pass(&w->pace, monotonic);
	writer_look_at_check(w);
	/* Both were read first: what was put before them stands in the ring now. */
	is_left = writer_take_in(w);
	is_scanning = !is_left && writer_scan(w, scans);
	if (rounds != w->rounds_seen && !is_left && !writer_holds_kept(w)) {
		w->rounds_seen = rounds;
		w->is_round_due = true;
	}
	if (writer_is_due(w, monotonic, is_left && !backlog_is_empty(w->backlog), &hurry)) {
		w->is_round_due &= hurry != HURRY_LATER;
		is_committed = commit(w, hurry, false, monotonic) == STORE_OK;
		if (is_log_long(w) || w->fold_state != STORE_OK)
			fold_log(w, monotonic);
	}
	publish(w);
	say_state(w);
	return is_scanning || (is_left && is_committed);
}

void store_writer_begin(struct store_writer *writer, nanotime now, nanotime monotonic)
{
	struct store_writer *w = writer;
	w->day = now / NANOTIME_DAY;
	w->day_bytes = rows_count_of(w->file.db, w->day, STORE_BYTES_COUNTER);
	store_pace_start(&w->pace, w->daily_bytes, w->day_bytes, now % NANOTIME_DAY, monotonic);
	atomic_store(&w->sides->alive, now);
	(void)sqlite3_wal_hook(w->file.db, note_log, w);
	store_file_make_log(&w->file);
	writer_begin_check(w);
	w->owes_life = true;
	w->last_commit = monotonic;
	w->retry_at = monotonic;
	w->batch_retry_at = monotonic;
	w->next_batch = monotonic + BATCH_SECONDS * NANOTIME_SECOND;
	w->next_round = monotonic + w->interval;
	w->next_prune = monotonic;
	/* Not where the day's bytes are used up: by a sensor that starts again and again. */
	if (store_pace_has_any(&w->pace))
		(void)commit(w, HURRY_SOON, false, monotonic);
	publish(w);
	say_state(w);
}

bool store_writer_end(struct store_writer *writer, nanotime now, nanotime monotonic)
{
	struct store_writer *w = writer;
	bool is_left = true;
	enum store_state state = STORE_OK;

	atomic_store(&w->sides->alive, now);
	while (is_left && state == STORE_OK) {
		is_left = writer_take_in(w);
		state = commit(w, HURRY_LATER, false, monotonic);
	}
	/* Else closing the file does it, and the day's counter never hears of it. */
	if (state == STORE_OK) {
		(void)store_fold_log(&w->target, &w->log_frames);
		state = commit(w, HURRY_LATER, true, monotonic);
	}
	publish(w);
	return state == STORE_OK;
}

static enum err start_writer(struct store_writer *w, const struct store_setup *setup,
			     size_t backlog_bytes)
{
	bool may_write = w->file.state == STORE_OK;
	enum err err = backlog_new(&w->backlog, backlog_bytes);

	if (err != ERR_OK || !w->file.db)
		return err;
	err = kept_rows_new(&w->kept, w->file.db, setup, may_write);
	if (err == ERR_OK && may_write)
		err = store_load_answer(row_statements_prepare(&w->rows, w->file.db));
	return err;
}

enum err store_writer_new(struct store_writer **out, struct store_sides *sides,
			  const struct store_setup *setup, size_t backlog_bytes,
			  char problem[static STORE_PROBLEM_LEN])
{
	struct store_writer *w = calloc(1, sizeof(*w));
	enum err err = w ? store_file_open(&w->file, setup, problem) : ERR_MEMORY;

	if (err != ERR_OK) {
		if (!w)
			(void)snprintf(problem, STORE_PROBLEM_LEN, "store: %s", err_text(err));
		free(w);
		return err;
	}
	w->sides = sides;
	w->vfs = setup->vfs;
	w->say = setup->say;
	w->say_arg = setup->say_arg;
	w->interval = setup->config->interval;
	w->daily_bytes = setup->config->daily_bytes;
	w->state = w->file.state;
	err = start_writer(w, setup, backlog_bytes);
	if (err != ERR_OK) {
		(void)snprintf(problem, STORE_PROBLEM_LEN, "store: %.300s: %s", w->file.path,
			       err == ERR_IO || err == ERR_MALFORMED ? sqlite3_errmsg(w->file.db)
								     : err_text(err));
		store_writer_free(w);
		return err;
	}
	w->target =
		(struct commit_target){ .file = &w->file,
					.rows = &w->rows,
					.kept = w->kept,
					.backlog = w->backlog,
					.capsule_bytes_most =
						setup->config->size_bytes / CAPSULE_SHARE,
					.contact_bytes_most = writer_contact_bytes(setup->config),
					.contacts_let_go = &w->contacts_let_go,
					.dropped = w->dropped };
	publish(w);
	say_state(w);
	*out = w;
	return ERR_OK;
}

void store_writer_free(struct store_writer *writer)
{
	if (!writer)
		return;
	store_check_free(writer->check);
	row_statements_free(&writer->rows);
	kept_rows_free(writer->kept);
	backlog_free(writer->backlog);
	store_file_close(&writer->file);
	free(writer);
}

bool store_writer_can_write(const struct store_writer *writer)
{
	return writer->file.db && writer->file.state == STORE_OK;
}

struct sqlite3 *store_writer_data_base(struct store_writer *writer)
{
	return writer->file.db;
}

struct kept_rows *store_writer_kept(struct store_writer *writer)
{
	return writer->kept;
}

size_t store_writer_descriptors(const struct store_writer *writer,
				int fds[static STORE_DESCRIPTORS_MAX])
{
	return store_file_descriptors(&writer->file, fds);
}
