/*
 * The table `kept`: rows of the sensor's tables in memory, each the latest of its key.
 *
 * Which row a key has is known from memory: a map for each table, of its capacity, in the order in
 * which rows were handed in. A full one deletes its oldest row. The row that another takes the
 * place of stays where it is, outdated, until there are as many such as others: then all are swept
 * out together. One by one each would make a page dirty that holds a dozen of them: in a quiet
 * office that was most of what was written. One thread at a time.
 */
#pragma once

#include "sensor/store/store.h"
#include "sensor/store/store_item.h"

#include <sqlite3.h>

struct kept_rows;

/*
 * Finds the setup's tables in `db`, which must outlive it; those of another layout, or that nobody
 * has any more, are emptied, and it is said. ERR_MEMORY, ERR_IO, ERR_MALFORMED, ERR_RANGE for a
 * capacity of 0 or more than STORE_TABLES_MAX tables.
 */
MUST_USE enum err kept_rows_new(struct kept_rows **out, sqlite3 *db,
				const struct store_setup *setup, bool may_write);
void kept_rows_free(struct kept_rows *kept);

/* As store_load_kept(). */
MUST_USE enum err kept_rows_load(struct kept_rows *kept, kept_take_fn *take, void *arg,
				 struct store_loaded *loaded);

/* The setup's index of a table, for item_of_kept(); STORE_TABLES_MAX when it has none. */
size_t kept_rows_table(const struct kept_rows *kept, const char *name);
uint32_t kept_rows_layout(const struct kept_rows *kept, size_t table);

/* In the writer's open transaction. An SQLite result. */
int kept_rows_write(struct kept_rows *kept, const struct item *item);

/* The same: removes outdated rows, some at a time, when there are `times` as many as others. */
int kept_rows_sweep(struct kept_rows *kept, unsigned times);

/* What was written since the last commit is not there: the maps are made anew when next needed. */
void kept_rows_rolled_back(struct kept_rows *kept);
