#include "sensor/store/store_kept_sqlite.h"

#include "sensor/store/store_check_sqlite.h"
#include "sensor/store/store_kept_state_sqlite.h"
#include "sensor/store/store_schema_sqlite.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

/* Over everything that says what the row is. */
static uint64_t checksum(const struct table *t, uint64_t used, struct span key, struct span value)
{
	struct hash_key chain = { hash_bytes(&(struct hash_key){ 0 }, t->name, strlen(t->name)),
				  t->layout };

	chain.k0 = hash_bytes(&chain, key.data, key.len);
	chain.k1 = used;
	return hash_bytes(&chain, value.data, value.len);
}

static int prepare(struct kept_rows *kept)
{
	const struct {
		sqlite3_stmt **statement;
		const char *sql;
	} wanted[] = {
		{ &kept->insert, "INSERT INTO kept(stamp, tbl, used, sum, key, value)"
				 " VALUES(?1, ?2, ?3, ?4, ?5, ?6)" },
		{ &kept->remove, "DELETE FROM kept WHERE stamp=?1" },
		{ &kept->order, "SELECT stamp FROM kept WHERE tbl=?1 ORDER BY used, stamp" },
		{ &kept->one, "SELECT used, sum, key, value FROM kept WHERE stamp=?1" },
		{ &kept->from, "SELECT stamp, tbl, key FROM kept WHERE stamp>?1 ORDER BY stamp" },
	};
	int rc = schema_number(kept->db, "SELECT coalesce(max(stamp), 0) + 1 FROM kept", 1,
			       &kept->next_stamp);

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(kept->db, wanted[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
					wanted[i].statement, NULL);
	return rc;
}

enum err kept_rows_new(struct kept_rows **out, sqlite3 *db, const struct store_setup *setup,
		       bool may_write)
{
	struct kept_rows *kept;
	int rc;

	if (setup->table_count > STORE_TABLES_MAX)
		return ERR_RANGE;
	for (size_t i = 0; i < setup->table_count; i++) {
		if (setup->tables[i].capacity == 0 ||
		    strlen(setup->tables[i].name) >= TABLE_NAME_LEN)
			return ERR_RANGE;
	}
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return ERR_MEMORY;
	kept->db = db;
	kept->is_stale = true;
	kept->may_write = may_write;
	if (getrandom(&kept->hash_key, sizeof(kept->hash_key), 0) != sizeof(kept->hash_key))
		kept->hash_key = (struct hash_key){ 0 };
	rc = kept_rows_bind_tables(kept, setup);
	if (rc == SQLITE_OK)
		rc = prepare(kept);
	if (rc != SQLITE_OK) {
		kept_rows_free(kept);
		return rc == SQLITE_NOMEM ? ERR_MEMORY : store_load_answer(rc);
	}
	*out = kept;
	return ERR_OK;
}

void kept_rows_free(struct kept_rows *kept)
{
	if (!kept)
		return;
	(void)sqlite3_finalize(kept->insert);
	(void)sqlite3_finalize(kept->remove);
	(void)sqlite3_finalize(kept->order);
	(void)sqlite3_finalize(kept->one);
	(void)sqlite3_finalize(kept->from);
	for (size_t i = 0; i < kept->table_count; i++)
		lru_map_free(kept->tables[i].stamps);
	free(kept);
}

size_t kept_rows_table(const struct kept_rows *kept, const char *name)
{
	for (size_t i = 0; i < kept->table_count; i++) {
		if (strcmp(kept->tables[i].name, name) == 0)
			return i;
	}
	return STORE_TABLES_MAX;
}

uint32_t kept_rows_layout(const struct kept_rows *kept, size_t table)
{
	return kept->tables[table].layout;
}

int kept_rows_remove(struct kept_rows *kept, sqlite3_int64 stamp)
{
	int rc;

	if (!kept->may_write)
		return SQLITE_OK;
	(void)sqlite3_bind_int64(kept->remove, 1, stamp);
	rc = sqlite3_step(kept->remove);
	(void)sqlite3_reset(kept->remove);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Notes where the key's latest row stands; what it takes the place of is outdated. */
static int note_stamp(struct kept_rows *kept, struct table *t, struct span key, sqlite3_int64 stamp)
{
	uint64_t hash = hash_bytes(&kept->hash_key, key.data, key.len);
	sqlite3_int64 *known = lru_map_find(t->stamps, &hash);
	bool is_new = false;
	int rc = SQLITE_OK;

	if (known) {
		kept->outdated++;
		if (*known > stamp)
			return SQLITE_OK;
	} else if (lru_map_count(t->stamps) == t->capacity) {
		const sqlite3_int64 *oldest = lru_map_next(t->stamps, NULL, NULL);

		rc = kept_rows_remove(kept, *oldest);
	}
	if (rc == SQLITE_OK) {
		sqlite3_int64 *place = lru_map_touch(t->stamps, &hash, &is_new);

		*place = stamp;
	}
	return rc;
}

static struct span column_span(sqlite3_stmt *statement, int column)
{
	const uint8_t *data = sqlite3_column_blob(statement, column);

	return (struct span){ .data = data,
			      .len = (size_t)sqlite3_column_bytes(statement, column) };
}

/* The row that kept->one stands on. Its bytes are borrowed until that is reset. */
static struct kept_row row_of(struct kept_rows *kept, const struct table *t)
{
	return (struct kept_row){ .table = t->name,
				  .layout = t->layout,
				  .used = (uint64_t)sqlite3_column_int64(kept->one, 0),
				  .key = column_span(kept->one, 2),
				  .value = column_span(kept->one, 3) };
}

/* That one again: finds its place, or leaves it out. */
static int place_row(struct kept_rows *kept, struct table *t, sqlite3_int64 stamp,
		     struct store_loaded *loaded)
{
	struct kept_row row = row_of(kept, t);
	uint64_t sum = (uint64_t)sqlite3_column_int64(kept->one, 1);
	uint64_t before = lru_map_forgotten(t->stamps);
	int rc;

	if (row.key.len == 0 || sum != checksum(t, row.used, row.key, row.value)) {
		loaded->damaged++;
		return kept_rows_remove(kept, stamp);
	}
	rc = note_stamp(kept, t, row.key, stamp);
	loaded->beyond += lru_map_forgotten(t->stamps) - before;
	return rc;
}

/* From the longest unused on, so that a full map forgets those first. */
static int place_rows(struct kept_rows *kept, struct table *t, struct store_loaded *loaded)
{
	int rc;

	(void)sqlite3_bind_int64(kept->order, 1, t->number);
	while ((rc = sqlite3_step(kept->order)) == SQLITE_ROW) {
		sqlite3_int64 stamp = sqlite3_column_int64(kept->order, 0);

		(void)sqlite3_bind_int64(kept->one, 1, stamp);
		rc = sqlite3_step(kept->one);
		if (rc == SQLITE_ROW)
			rc = place_row(kept, t, stamp, loaded);
		else if (rc == SQLITE_DONE)
			rc = SQLITE_OK;
		(void)sqlite3_reset(kept->one);
		if (rc != SQLITE_OK)
			break;
	}
	(void)sqlite3_reset(kept->order);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* What the map holds is the latest of each key, in order. */
static int hand_back(struct kept_rows *kept, struct table *t, kept_take_fn *take, void *arg,
		     struct store_loaded *loaded)
{
	sqlite3_int64 *stamp = NULL;
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && (stamp = lru_map_next(t->stamps, stamp, NULL))) {
		(void)sqlite3_bind_int64(kept->one, 1, *stamp);
		rc = sqlite3_step(kept->one);
		if (rc == SQLITE_ROW) {
			struct kept_row row = row_of(kept, t);
			bool is_taken = take(arg, &row);

			loaded->rows += is_taken;
			loaded->refused += !is_taken;
			rc = SQLITE_OK;
		}
		(void)sqlite3_reset(kept->one);
	}
	return rc;
}

/* Makes the maps anew; with `take` the rows are handed back. */
static int walk(struct kept_rows *kept, kept_take_fn *take, void *arg, struct store_loaded *loaded)
{
	int rc = SQLITE_OK;

	kept->outdated = 0;
	kept->is_sweeping = false;
	for (size_t i = 0; i < kept->table_count && rc == SQLITE_OK; i++) {
		struct table *t = &kept->tables[i];
		const void *key = NULL;

		while (lru_map_next(t->stamps, NULL, &key))
			lru_map_remove(t->stamps, key);
		if (t->number != 0)
			rc = place_rows(kept, t, loaded);
		if (rc == SQLITE_OK && take)
			rc = hand_back(kept, t, take, arg, loaded);
	}
	kept->is_stale = rc != SQLITE_OK;
	return rc;
}

enum err kept_rows_load(struct kept_rows *kept, kept_take_fn *take, void *arg,
			struct store_loaded *loaded)
{
	int rc;

	*loaded = (struct store_loaded){ .forgotten = kept->strangers };
	for (size_t i = 0; i < kept->table_count; i++)
		loaded->forgotten += kept->tables[i].forgotten;
	if (kept->may_write)
		(void)sqlite3_exec(kept->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	rc = walk(kept, take, arg, loaded);
	/* Removing what is damaged may fail: it is left out again the next time. */
	if (kept->may_write && sqlite3_exec(kept->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
		(void)sqlite3_exec(kept->db, "ROLLBACK", NULL, NULL, NULL);
		kept->is_stale = true;
	}
	return store_load_answer(rc);
}

int kept_rows_write(struct kept_rows *kept, const struct item *item)
{
	struct table *t = &kept->tables[item->numbers[0]];
	struct span key = item_part(item, 0);
	struct span value = item_part(item, 1);
	struct store_loaded ignored = { 0 };
	sqlite3_int64 stamp;
	int rc = kept->is_stale ? walk(kept, NULL, NULL, &ignored) : SQLITE_OK;

	assert(item->numbers[0] < kept->table_count);
	if (rc != SQLITE_OK)
		return rc;
	stamp = kept->next_stamp++;
	rc = note_stamp(kept, t, key, stamp);
	if (rc != SQLITE_OK)
		return rc;
	(void)sqlite3_bind_int64(kept->insert, 1, stamp);
	(void)sqlite3_bind_int64(kept->insert, 2, t->number);
	(void)sqlite3_bind_int64(kept->insert, 3, (sqlite3_int64)item->numbers[1]);
	(void)sqlite3_bind_int64(kept->insert, 4,
				 (sqlite3_int64)checksum(t, item->numbers[1], key, value));
	(void)sqlite3_bind_blob64(kept->insert, 5, key.data, key.len, SQLITE_STATIC);
	(void)sqlite3_bind_blob64(kept->insert, 6, value.data, value.len, SQLITE_STATIC);
	rc = sqlite3_step(kept->insert);
	(void)sqlite3_reset(kept->insert);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void kept_rows_rolled_back(struct kept_rows *kept)
{
	kept->is_stale = true;
}
