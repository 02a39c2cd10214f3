#include "sensor/store/store_commit_sqlite.h"

#include "sensor/store/store_contacts_sqlite.h"
#include "sensor/store/store_schema_sqlite.h"

#include <stdio.h>

/* Of outdated rows for each other: what is waited for when there are no bytes to spare. */
enum { OUTDATED_MOST = 2 };

static int exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static bool is_due(const struct item *item, enum item_hurry hurry)
{
	/* A capsule goes with its case. */
	return item->hurry <= (uint8_t)hurry || item->class == STORE_CAPSULES;
}

static int write_item(const struct commit_target *t, struct item *item,
		      bool has[static STORE_CLASSES])
{
	int rc;

	item->is_tried = true;
	if (item->class == STORE_KEPT)
		return kept_rows_write(t->kept, item);
	has[item->class] = true;
	rc = rows_write(t->rows, item);
	if (!rows_is_unfit(rc))
		return rc;
	t->dropped[item->class]++;
	return SQLITE_OK;
}

static int trim_contacts(const struct commit_target *t, nanotime alive)
{
	const nanotime kept = STORE_CONTACTS_DAYS * NANOTIME_DAY;

	return contacts_trim(t->file->db, t->contact_bytes_most, alive > kept ? alive - kept : 0,
			     t->contacts_let_go);
}

static int write_backlog(const struct commit_target *t, const struct commit_notes *notes)
{
	bool has[STORE_CLASSES] = { false };
	int rc = SQLITE_OK;

	for (struct item *i = backlog_next(t->backlog, NULL); i && rc == SQLITE_OK;
	     i = backlog_next(t->backlog, i)) {
		if (is_due(i, notes->hurry))
			rc = write_item(t, i, has);
	}
	if (rc == SQLITE_OK && has[STORE_CAPSULES])
		rc = rows_trim_capsules(t->rows, t->capsule_bytes_most);
	if (rc == SQLITE_OK && has[STORE_CONTACTS])
		rc = trim_contacts(t, notes->alive);
	return rc;
}

static int count_bytes(const struct commit_target *t, const struct commit_notes *notes)
{
	static const char name[] = STORE_BYTES_COUNTER;
	_Alignas(struct item) uint8_t room[sizeof(struct item) + sizeof(name) + ITEM_ALIGN];
	const struct item_draft draft = {
		.class = STORE_COUNTS,
		.numbers = { notes->day, notes->day_bytes },
		.parts = { { .data = (const uint8_t *)name, .len = sizeof(name) - 1 } },
	};

	if (notes->day_bytes == 0)
		return SQLITE_OK;
	item_write(&draft, room);
	return rows_write(t->rows, (const struct item *)(const void *)room);
}

static int make_room(const struct commit_target *t)
{
	uint64_t bytes = 0;
	int rc = kept_rows_sweep(t->kept, 0);

	if (rc == SQLITE_OK)
		rc = rows_capsule_bytes(t->file->db, &bytes);
	return rc == SQLITE_OK ? rows_trim_capsules(t->rows, bytes / 2) : rc;
}

/* Whether the data base has grown to three quarters of what it may come to. */
static bool is_large(sqlite3 *db)
{
	sqlite3_int64 pages = 0;
	sqlite3_int64 free_pages = 0;
	sqlite3_int64 most = 0;

	return schema_number(db, "PRAGMA page_count", 0, &pages) == SQLITE_OK &&
	       schema_number(db, "PRAGMA freelist_count", 0, &free_pages) == SQLITE_OK &&
	       schema_number(db, "PRAGMA max_page_count", 0, &most) == SQLITE_OK &&
	       pages - free_pages > most / 4 * 3;
}

static int sweep(const struct commit_target *t, const struct commit_notes *notes)
{
	if (is_large(t->file->db))
		return kept_rows_sweep(t->kept, 0);
	return kept_rows_sweep(t->kept, notes->has_spare ? 1 : OUTDATED_MOST);
}

static int write_all(const struct commit_target *t, const struct commit_notes *notes)
{
	int rc = SQLITE_OK;

	if (notes->makes_room)
		rc = make_room(t);
	if (rc == SQLITE_OK)
		rc = write_backlog(t, notes);
	if (rc == SQLITE_OK && notes->begins_life)
		rc = rows_begin_life(t->rows, notes->alive);
	if (rc == SQLITE_OK && notes->has_alive)
		rc = rows_note_alive(t->rows, notes->alive, notes->end);
	if (rc == SQLITE_OK)
		rc = count_bytes(t, notes);
	if (rc == SQLITE_OK && notes->hurry != HURRY_NOW)
		rc = sweep(t, notes);
	if (rc == SQLITE_OK && notes->prunes)
		rc = rows_prune(t->file->db);
	return rc;
}

static void take_back(const struct commit_target *t)
{
	(void)exec(t->file->db, "ROLLBACK");
	kept_rows_rolled_back(t->kept);
	for (struct item *i = backlog_next(t->backlog, NULL); i; i = backlog_next(t->backlog, i))
		i->is_tried = false;
}

enum store_state store_commit(const struct commit_target *target, const struct commit_notes *notes)
{
	sqlite3 *db = target->file->db;
	uint64_t before = store_vfs_written(target->file->vfs);
	enum store_state state;
	int rc;

	(void)store_vfs_take_failure(target->file->vfs);
	rc = exec(db, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = write_all(target, notes);
	if (rc == SQLITE_OK)
		rc = exec(db, "COMMIT");
	if (rc != SQLITE_OK) {
		/* Asked first: what rolls back also sets the connection's error. */
		state = store_file_trouble(target->file, db);
		take_back(target);
		return state;
	}
	backlog_forget_tried(target->backlog);
	store_vfs_note_shared(target->file->vfs,
			      (store_vfs_written(target->file->vfs) - before) / STORE_BLOCK_BYTES,
			      notes->now);
	return STORE_OK;
}

bool store_note_damaged(const struct commit_target *target)
{
	char sql[120];

	(void)snprintf(
		sql, sizeof(sql),
		"UPDATE lives SET stopped_clean=%d WHERE number=(SELECT max(number) FROM lives)",
		LIFE_FOUND_DAMAGED);
	return exec(target->file->db, sql) == SQLITE_OK;
}

enum store_state store_fold_log(const struct commit_target *target, uint64_t *frames)
{
	int in_log = 0;
	int folded = 0;
	int rc = sqlite3_wal_checkpoint_v2(target->file->db, NULL, SQLITE_CHECKPOINT_PASSIVE,
					   &in_log, &folded);

	if (rc != SQLITE_OK && rc != SQLITE_BUSY)
		return store_file_trouble(target->file, target->file->db);
	*frames = folded < in_log ? (uint64_t)in_log : 0;
	return STORE_OK;
}
