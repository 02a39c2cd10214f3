#include "sensor/store/store_kept_state_sqlite.h"

enum {
	STEPS = 16,      /* of a sweep: a bound for each day must not meet it all at once */
	LOOKS = 1 << 16, /* rows looked at in one step */
	CHUNK = 512,
};

static uint64_t count_keys(const struct kept_rows *kept)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < kept->table_count; i++)
		keys += lru_map_count(kept->tables[i].stamps);
	return keys;
}

static struct table *table_numbered(struct kept_rows *kept, sqlite3_int64 number)
{
	for (size_t i = 0; i < kept->table_count; i++) {
		if (kept->tables[i].number == number)
			return &kept->tables[i];
	}
	return NULL;
}

/* Whether the row that kept->from stands on is the latest of its key. */
static bool is_latest(struct kept_rows *kept, sqlite3_int64 stamp)
{
	struct table *t = table_numbered(kept, sqlite3_column_int64(kept->from, 1));
	const void *key = sqlite3_column_blob(kept->from, 2);
	uint64_t hash =
		hash_bytes(&kept->hash_key, key, (size_t)sqlite3_column_bytes(kept->from, 2));
	const sqlite3_int64 *latest = t ? lru_map_find(t->stamps, &hash) : NULL;

	return latest && *latest == stamp;
}

/*
 * Stamps of outdated rows behind the last one that was looked at; returns how many. `*rc` is
 * SQLITE_ROW when there may be more.
 */
static size_t find_outdated(struct kept_rows *kept, sqlite3_int64 stamps[static CHUNK],
			    unsigned *looks, int *rc)
{
	size_t count = 0;

	(void)sqlite3_bind_int64(kept->from, 1, kept->swept);
	do {
		*rc = sqlite3_step(kept->from);
		if (*rc != SQLITE_ROW)
			break;
		kept->swept = sqlite3_column_int64(kept->from, 0);
		if (!is_latest(kept, kept->swept))
			stamps[count++] = kept->swept;
	} while (count < CHUNK && ++*looks < LOOKS);
	(void)sqlite3_reset(kept->from);
	return count;
}

/* Never while another statement steps through the table. */
static int remove_all(struct kept_rows *kept, const sqlite3_int64 *stamps, size_t count)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = kept_rows_remove(kept, stamps[i]);
	kept->outdated -= count < kept->outdated ? count : kept->outdated;
	return rc;
}

/* One that has begun goes on, but not where outdated rows have to be many. */
static bool is_due(struct kept_rows *kept, unsigned times)
{
	if (kept->is_stale || !kept->may_write || kept->outdated == 0)
		return false;
	if (kept->is_sweeping && times <= 1)
		return true;
	return kept->outdated >= times * count_keys(kept);
}

static void begin(struct kept_rows *kept)
{
	kept->is_sweeping = true;
	kept->swept = 0;
	kept->a_time = kept->outdated / STEPS + CHUNK;
}

int kept_rows_sweep(struct kept_rows *kept, unsigned times)
{
	sqlite3_int64 stamps[CHUNK];
	unsigned looks = 0;
	uint64_t removed = 0;
	int found = SQLITE_ROW;
	int rc = SQLITE_OK;

	if (!is_due(kept, times))
		return SQLITE_OK;
	if (!kept->is_sweeping)
		begin(kept);
	while (rc == SQLITE_OK && found == SQLITE_ROW && removed < kept->a_time && looks < LOOKS) {
		size_t count = find_outdated(kept, stamps, &looks, &found);

		rc = remove_all(kept, stamps, count);
		removed += count;
	}
	kept->is_sweeping = found == SQLITE_ROW;
	return rc == SQLITE_OK && found != SQLITE_ROW && found != SQLITE_DONE ? found : rc;
}
