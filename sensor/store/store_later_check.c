#include "sensor/store/store_schema_sqlite.h"
#include "sensor/store/store_writer_state.h"

void writer_look_at_check(struct store_writer *w)
{
	char why[STORE_CHECK_WHY_LEN] = "found when it was written";
	char line[STORE_PROBLEM_LEN];
	bool is_noted;

	if (atomic_load(&w->sides->is_damaged) ||
	    (!w->file.is_damaged && !store_check_found(w->check, why)))
		return;
	is_noted = store_note_damaged(&w->target);
	(void)snprintf(
		line, sizeof(line),
		is_noted ? "store: %.200s is damaged (%s): the next start moves it aside, and "
			   "takes its cases over"
			 : "store: %.200s is damaged (%s) past all writing: stop the sensor and "
			   "move it away",
		w->file.path, why);
	w->say(w->say_arg, line);
	/* Last: whoever sees it stops. */
	atomic_store(&w->sides->is_damaged, true);
}

/* Not of one that was checked when it was opened. */
void writer_begin_check(struct store_writer *w)
{
	sqlite3_int64 pages = 0;

	if (schema_number(w->file.db, "PRAGMA page_count", 0, &pages) != SQLITE_OK ||
	    pages <= STORE_CHECKED_AT_START / STORE_BLOCK_BYTES)
		return;
	if (store_check_begin(&w->check, w->file.path, w->vfs) != ERR_OK)
		w->say(w->say_arg,
		       "store: cases.db is not checked: no memory, or no descriptor, for it");
}
