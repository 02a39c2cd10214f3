#include "sensor/store/store_kept_state_sqlite.h"

#include <stdio.h>

/* ?1 is its number, ?2 its name, ?3 its layout. */
static int change(sqlite3 *db, const char *sql, const struct table *t)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (rc == SQLITE_OK) {
		/* Binding one that the statement does not have is refused, and does no harm. */
		(void)sqlite3_bind_int64(statement, 1, t->number);
		(void)sqlite3_bind_text(statement, 2, t->name, -1, SQLITE_STATIC);
		(void)sqlite3_bind_int64(statement, 3, t->layout);
		rc = sqlite3_step(statement);
	}
	(void)sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The table's number; its layout in `*layout`. 0 when there is none. */
static sqlite3_int64 find_table(sqlite3 *db, const char *name, sqlite3_int64 *layout)
{
	sqlite3_stmt *statement = NULL;
	sqlite3_int64 number = 0;

	if (sqlite3_prepare_v2(db, "SELECT number, layout FROM kept_tables WHERE name=?1", -1,
			       &statement, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
		if (sqlite3_step(statement) == SQLITE_ROW) {
			number = sqlite3_column_int64(statement, 0);
			*layout = sqlite3_column_int64(statement, 1);
		}
	}
	(void)sqlite3_finalize(statement);
	return number;
}

static void say_anew(const struct store_setup *setup, const struct table *t)
{
	char line[STORE_PROBLEM_LEN];

	(void)snprintf(line, sizeof(line),
		       "store: table %s has another layout than this program's: %llu rows are "
		       "forgotten, it starts anew",
		       t->name, (unsigned long long)t->forgotten);
	setup->say(setup->say_arg, line);
}

static int bind_table(struct kept_rows *kept, struct table *t, const struct store_setup *setup)
{
	sqlite3_int64 layout = t->layout;
	int rc = SQLITE_OK;

	t->number = find_table(kept->db, t->name, &layout);
	if (t->number != 0 && layout == t->layout)
		return SQLITE_OK;
	if (t->number != 0) {
		if (kept->may_write)
			rc = change(kept->db, "DELETE FROM kept WHERE tbl=?1", t);
		t->forgotten = (uint64_t)sqlite3_changes64(kept->db);
		say_anew(setup, t);
	}
	if (!kept->may_write) {
		t->number = 0;
		return SQLITE_OK;
	}
	if (rc == SQLITE_OK)
		rc = change(kept->db,
			    "INSERT OR REPLACE INTO kept_tables(number, name, layout)"
			    " VALUES(nullif(?1, 0), ?2, ?3)",
			    t);
	if (t->number == 0)
		t->number = sqlite3_last_insert_rowid(kept->db);
	return rc;
}

static int add_table(struct kept_rows *kept, const struct store_setup *setup, size_t i)
{
	struct table *t = &kept->tables[i];

	(void)snprintf(t->name, sizeof(t->name), "%s", setup->tables[i].name);
	t->layout = setup->tables[i].layout;
	t->capacity = setup->tables[i].capacity;
	kept->table_count++;
	if (lru_map_new(&t->stamps, t->capacity, sizeof(uint64_t), sizeof(sqlite3_int64)) != ERR_OK)
		return SQLITE_NOMEM;
	return bind_table(kept, t, setup);
}

/* Rows of tables that an earlier program had. */
static int remove_strangers(struct kept_rows *kept)
{
	char list[STORE_TABLES_MAX * 12 + 1] = "0";
	char sql[sizeof(list) + 80];
	size_t len = 1;
	int rc;

	for (size_t i = 0; i < kept->table_count; i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, ",%d",
					(int)kept->tables[i].number);
	(void)snprintf(sql, sizeof(sql), "DELETE FROM kept WHERE tbl NOT IN (%s)", list);
	rc = sqlite3_exec(kept->db, sql, NULL, NULL, NULL);
	kept->strangers = (uint64_t)sqlite3_changes64(kept->db);
	if (rc != SQLITE_OK)
		return rc;
	(void)snprintf(sql, sizeof(sql), "DELETE FROM kept_tables WHERE number NOT IN (%s)", list);
	return sqlite3_exec(kept->db, sql, NULL, NULL, NULL);
}

int kept_rows_bind_tables(struct kept_rows *kept, const struct store_setup *setup)
{
	int rc = kept->may_write ? sqlite3_exec(kept->db, "BEGIN IMMEDIATE", NULL, NULL, NULL)
				 : SQLITE_OK;

	for (size_t i = 0; i < setup->table_count && rc == SQLITE_OK; i++)
		rc = add_table(kept, setup, i);
	if (!kept->may_write)
		return rc;
	if (rc == SQLITE_OK)
		rc = remove_strangers(kept);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(kept->db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		(void)sqlite3_exec(kept->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
