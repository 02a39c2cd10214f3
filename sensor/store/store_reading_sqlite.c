#include "sensor/store/store_reading_sqlite.h"

#include "sensor/store/store_check_sqlite.h"

static struct span column_span(sqlite3_stmt *statement, int column)
{
	const uint8_t *data = sqlite3_column_blob(statement, column);

	return (struct span){ .data = data,
			      .len = (size_t)sqlite3_column_bytes(statement, column) };
}

/* Never NULL; what is not there is empty. */
static const char *column_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

static uint64_t column_number(sqlite3_stmt *statement, int column)
{
	return (uint64_t)sqlite3_column_int64(statement, column);
}

/* Steps through what `sql` gives; `row` is false to end it. */
static enum err each(sqlite3 *db, const char *sql, bool (*row)(sqlite3_stmt *, void *), void *arg)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW && !row(statement, arg))
			rc = SQLITE_DONE;
	}
	(void)sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? ERR_OK : store_load_answer(rc);
}

struct case_taker {
	store_case_fn *take;
	void *arg;
};

static bool give_case(sqlite3_stmt *s, void *arg)
{
	const struct case_taker *to = arg;
	const struct store_case row = { .id = column_text(s, 0),
					.revision = column_number(s, 1),
					.opened = column_number(s, 2),
					.changed = column_number(s, 3),
					.priority = (uint8_t)sqlite3_column_int(s, 4),
					.is_withdrawn = sqlite3_column_int(s, 5) != 0,
					.json = column_span(s, 6),
					.record = column_span(s, 7) };

	return to->take(to->arg, &row);
}

struct case_walk {
	sqlite3_stmt *one;
	struct case_taker to;
	int rc;
};

static bool give_one(sqlite3_stmt *order, void *arg)
{
	struct case_walk *walk = arg;
	bool goes_on = true;

	(void)sqlite3_bind_int64(walk->one, 1, sqlite3_column_int64(order, 0));
	walk->rc = sqlite3_step(walk->one);
	if (walk->rc == SQLITE_ROW)
		goes_on = give_case(walk->one, &walk->to);
	(void)sqlite3_reset(walk->one);
	if (walk->rc == SQLITE_ROW || walk->rc == SQLITE_DONE)
		walk->rc = SQLITE_OK;
	return goes_on && walk->rc == SQLITE_OK;
}

/*
 * Only numbers are put in order, then each row is read by its own: all rows at once would be more
 * than SQLite may take where there are thousands of cases, and then none could be read.
 */
enum err rows_read_cases(sqlite3 *db, enum case_order order, store_case_fn *take, void *arg)
{
	struct case_walk walk = { .to = { take, arg } };
	enum err err;

	walk.rc = sqlite3_prepare_v2(db,
				     "SELECT id, revision, opened, changed, priority, withdrawn,"
				     " json, record FROM cases WHERE rowid=?1",
				     -1, &walk.one, NULL);
	if (walk.rc != SQLITE_OK)
		return store_load_answer(walk.rc);
	err = each(db,
		   order == CASES_BY_CHANGE ? "SELECT rowid FROM cases ORDER BY changed, id"
					    : "SELECT rowid FROM cases ORDER BY opened, id",
		   give_one, &walk);
	(void)sqlite3_finalize(walk.one);
	return err == ERR_OK ? store_load_answer(walk.rc) : err;
}

enum err rows_read_case_states(sqlite3 *db, store_case_fn *take, void *arg)
{
	return each(db,
		    "SELECT id, revision, opened, changed, priority, withdrawn, NULL, NULL"
		    " FROM cases ORDER BY priority, changed, id",
		    give_case, &(struct case_taker){ take, arg });
}

enum err rows_read_case(sqlite3 *db, const char *id, store_case_fn *take, void *arg)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db,
				    "SELECT id, revision, opened, changed, priority, withdrawn,"
				    " json, record FROM cases WHERE id=?1",
				    -1, &statement, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
		rc = sqlite3_step(statement);
	}
	if (rc == SQLITE_ROW)
		(void)give_case(statement, &(struct case_taker){ take, arg });
	(void)sqlite3_finalize(statement);
	if (rc == SQLITE_DONE)
		return ERR_MISSING;
	return rc == SQLITE_ROW ? ERR_OK : store_load_answer(rc);
}

struct capsule_taker {
	store_capsule_fn *take;
	void *arg;
};

static bool give_capsule(sqlite3_stmt *s, void *arg)
{
	const struct capsule_taker *to = arg;
	const struct store_capsule row = { .case_id = column_text(s, 0),
					   .revision = column_number(s, 1),
					   .bytes = column_span(s, 2) };

	return to->take(to->arg, &row);
}

enum err rows_read_capsule(sqlite3 *db, const char *case_id, store_capsule_fn *take, void *arg)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db,
				    "SELECT case_id, revision, bytes FROM capsules"
				    " WHERE case_id=?1 ORDER BY revision DESC LIMIT 1",
				    -1, &statement, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_text(statement, 1, case_id, -1, SQLITE_STATIC);
		rc = sqlite3_step(statement);
	}
	if (rc == SQLITE_ROW)
		(void)give_capsule(statement, &(struct capsule_taker){ take, arg });
	(void)sqlite3_finalize(statement);
	if (rc == SQLITE_DONE)
		return ERR_MISSING;
	return rc == SQLITE_ROW ? ERR_OK : store_load_answer(rc);
}

enum err rows_read_capsules(sqlite3 *db, bool only_last, store_capsule_fn *take, void *arg)
{
	return each(db,
		    only_last ? "SELECT case_id, revision, bytes FROM capsules"
				" ORDER BY number DESC LIMIT 1"
			      : "SELECT case_id, revision, bytes FROM capsules ORDER BY number",
		    give_capsule, &(struct capsule_taker){ take, arg });
}

struct device_taker {
	store_device_fn *take;
	void *arg;
};

static bool give_device(sqlite3_stmt *s, void *arg)
{
	const struct device_taker *to = arg;
	const struct store_device row = { .key = column_text(s, 0),
					  .name = column_text(s, 1),
					  .address = column_text(s, 2),
					  .first = column_number(s, 3),
					  .last = column_number(s, 4),
					  .json = column_span(s, 5) };

	return to->take(to->arg, &row);
}

enum err rows_read_devices(sqlite3 *db, store_device_fn *take, void *arg)
{
	return each(db, "SELECT key, name, address, first, last, json FROM devices ORDER BY key",
		    give_device, &(struct device_taker){ take, arg });
}

struct health_taker {
	store_health_fn *take;
	void *arg;
};

static bool give_health(sqlite3_stmt *s, void *arg)
{
	const struct health_taker *to = arg;
	const struct store_health row = { .id = column_text(s, 0),
					  .code = column_text(s, 1),
					  .opened = column_number(s, 2),
					  .last = column_number(s, 3),
					  .closed = column_number(s, 4),
					  .json = column_span(s, 5) };

	return to->take(to->arg, &row);
}

enum err rows_read_health(sqlite3 *db, bool only_open, store_health_fn *take, void *arg)
{
	return each(db,
		    only_open ? "SELECT id, code, opened, last, closed, json FROM health"
				" WHERE closed IS NULL ORDER BY opened, id"
			      : "SELECT id, code, opened, last, closed, json FROM health"
				" ORDER BY opened, id",
		    give_health, &(struct health_taker){ take, arg });
}

struct kept_taker {
	const char *table;
	kept_take_fn *take;
	void *arg;
};

static bool give_kept(sqlite3_stmt *s, void *arg)
{
	const struct kept_taker *to = arg;
	const struct kept_row row = { .table = to->table,
				      .layout = (uint32_t)sqlite3_column_int64(s, 0),
				      .used = column_number(s, 1),
				      .key = column_span(s, 2),
				      .value = column_span(s, 3) };

	return to->take(to->arg, &row);
}

enum err rows_read_kept(sqlite3 *db, const char *table, kept_take_fn *take, void *arg)
{
	struct kept_taker to = { table, take, arg };
	char *sql = sqlite3_mprintf(
		"SELECT t.layout, k.used, k.key, k.value FROM kept k JOIN kept_tables t"
		" ON k.tbl=t.number WHERE t.name=%Q AND k.stamp IN"
		" (SELECT max(stamp) FROM kept WHERE tbl=t.number GROUP BY key)"
		" ORDER BY k.used, k.stamp",
		table);
	enum err err = sql ? each(db, sql, give_kept, &to) : ERR_MEMORY;

	sqlite3_free(sql);
	return err;
}

static bool give_life(sqlite3_stmt *s, void *arg)
{
	struct store_life *life = arg;

	int ended = sqlite3_column_int(s, 2);

	*life = (struct store_life){ .started = column_number(s, 0),
				     .last_alive = column_number(s, 1),
				     .stopped_clean = ended == LIFE_STOPPED_CLEAN,
				     .found_damaged = ended == LIFE_FOUND_DAMAGED };
	return true;
}

bool rows_last_life(sqlite3 *db, struct store_life *out)
{
	struct store_life life = { 0 };

	if (each(db,
		 "SELECT started, last_alive, stopped_clean FROM lives ORDER BY number DESC LIMIT "
		 "1",
		 give_life, &life) != ERR_OK ||
	    life.started == 0)
		return false;
	*out = life;
	return true;
}

uint64_t rows_count_of(sqlite3 *db, uint64_t day, const char *name)
{
	sqlite3_stmt *statement = NULL;
	uint64_t value = 0;

	if (sqlite3_prepare_v2(db, "SELECT value FROM counters WHERE day=?1 AND name=?2", -1,
			       &statement, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)day);
		(void)sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
		if (sqlite3_step(statement) == SQLITE_ROW)
			value = column_number(statement, 0);
	}
	(void)sqlite3_finalize(statement);
	return value;
}
