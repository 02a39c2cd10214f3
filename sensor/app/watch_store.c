#include "sensor/app/watch_inside.h"

#include <stdio.h>

/* A store_say_fn. */
static void store_said(void *arg, const char *line)
{
	watch_say(arg, JOURNAL_WARNING, "store", line);
}

enum err watch_open_store(struct watch *w, bool is_suspect, char problem[static STORE_PROBLEM_LEN])
{
	enum { TABLES = STORE_TABLES_MAX };
	struct keeper_room rooms[TABLES];
	struct store_table tables[TABLES];
	size_t count = judge_keep_tables(watch_judge_of(w->judge), rooms, TABLES);
	enum err err;

	for (size_t i = 0; i < count; i++)
		tables[i] = (struct store_table){ rooms[i].name, rooms[i].layout, rooms[i].rows };

	const struct store_setup store = { .config = &w->options->config.store,
					   .tables = tables,
					   .table_count = count,
					   .now = w->started,
					   .is_suspect = is_suspect,
					   .say = store_said,
					   .say_arg = w };

	err = store_open(&w->store, &store, problem);
	if (err != ERR_OK)
		return err;
	w->had_life = store_last_life(w->store, &w->last_life);
	err = watch_judge_restore(w->judge, w->store);
	if (err != ERR_OK)
		(void)snprintf(problem, STORE_PROBLEM_LEN,
			       "the state cannot be read: see the lines above, or name another "
			       "--state");
	return err;
}

void watch_drop_store(struct watch *w)
{
	/* Its thread was never started: nothing waits to be written. */
	if (w->store && store_close(w->store, w->started) != ERR_OK)
		watch_say(w, JOURNAL_WARNING, "store", "the state could not be closed");
	w->store = NULL;
}
