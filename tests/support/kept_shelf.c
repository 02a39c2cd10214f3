#include "tests/support/kept_shelf.h"

#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_LEN = 40, KEY_LEN = 40, BUCKETS = 1 << 14, ROUND_ROWS = 100 };

/* A row; a case has its id as its key and no table. */
struct kept {
	char table[TABLE_LEN];
	uint32_t layout;
	uint64_t used;
	uint8_t key[KEY_LEN];
	size_t key_len;
	uint8_t *value;
	size_t value_len;
	struct kept *next; /* in its bucket */
};

struct kept_shelf {
	struct kept *buckets[BUCKETS];
	size_t count;
	uint64_t random;
	unsigned refuse_one_in;
};

static void *or_abort(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

struct kept_shelf *kept_shelf_new(void)
{
	struct kept_shelf *shelf = or_abort(calloc(1, sizeof(*shelf)));

	shelf->random = 1;
	return shelf;
}

static struct kept *drop(struct kept_shelf *shelf, struct kept *kept)
{
	struct kept *next = kept->next;

	free(kept->value);
	free(kept);
	shelf->count--;
	return next;
}

void kept_shelf_free(struct kept_shelf *shelf)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (shelf->buckets[i])
			shelf->buckets[i] = drop(shelf, shelf->buckets[i]);
	}
	free(shelf);
}

void kept_shelf_refuse(struct kept_shelf *shelf, unsigned one_in)
{
	shelf->refuse_one_in = one_in;
}

static struct kept **bucket_of(struct kept_shelf *shelf, const char *table, struct span key)
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a */

	for (size_t i = 0; i < key.len + strlen(table); i++) {
		hash ^= i < key.len ? key.data[i] : (uint8_t)table[i - key.len];
		hash *= 1099511628211U;
	}
	return &shelf->buckets[(hash >> 20) % BUCKETS];
}

static struct kept *find_or_make(struct kept_shelf *shelf, const char *table, struct span key)
{
	struct kept **bucket = bucket_of(shelf, table, key);
	struct kept *kept = *bucket;

	while (kept && (strcmp(kept->table, table) != 0 || kept->key_len != key.len ||
			memcmp(kept->key, key.data, key.len) != 0))
		kept = kept->next;
	if (kept)
		return kept;
	if (strlen(table) >= TABLE_LEN || key.len > KEY_LEN)
		abort();
	kept = or_abort(calloc(1, sizeof(*kept)));
	memcpy(kept->table, table, strlen(table));
	memcpy(kept->key, key.data, key.len);
	kept->key_len = key.len;
	kept->next = *bucket;
	*bucket = kept;
	shelf->count++;
	return kept;
}

static void set_value(struct kept *kept, struct span value)
{
	free(kept->value);
	kept->value = or_abort(malloc(value.len + 1));
	memcpy(kept->value, value.data, value.len);
	kept->value_len = value.len;
}

static bool is_refused(struct kept_shelf *shelf)
{
	return shelf->refuse_one_in > 0 && test_random(&shelf->random) % shelf->refuse_one_in == 0;
}

bool kept_shelf_take(void *arg, const struct kept_row *row)
{
	struct kept_shelf *shelf = arg;
	struct kept *kept;

	if (is_refused(shelf))
		return false;
	kept = find_or_make(shelf, row->table, row->key);
	kept->layout = row->layout;
	kept->used = row->used;
	set_value(kept, row->value);
	return true;
}

bool kept_shelf_take_case(void *arg, const struct case_record *c, struct span record)
{
	struct kept_shelf *shelf = arg;

	if (is_refused(shelf))
		return false;
	set_value(find_or_make(shelf, "", (struct span){ (const uint8_t *)c->id, CASE_ID_LEN }),
		  record);
	return true;
}

static void damage(struct kept *kept, uint64_t *random)
{
	unsigned changes = 1 + (unsigned)(test_random(random) % 4);

	switch (test_random(random) % 16) {
	case 0:
		kept->layout ^= 1U << test_random(random) % 32;
		return;
	case 1:
		kept->used = test_random(random);
		return;
	case 2:
		kept->key[test_random(random) % kept->key_len] ^= (uint8_t)test_random(random);
		return;
	case 3:
		kept->value_len = test_random(random) % (kept->value_len + 1);
		return;
	default:
		break;
	}
	for (unsigned i = 0; i < changes && kept->value_len > 0; i++)
		kept->value[test_random(random) % kept->value_len] =
			test_random(random) % 2 ? (uint8_t)test_random(random) : 0xff;
}

void kept_shelf_spoil(struct kept_shelf *shelf, uint64_t *random, unsigned lost, unsigned damaged)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct kept **at = &shelf->buckets[i];

		while (*at) {
			if (damaged > 0 && test_random(random) % damaged == 0)
				damage(*at, random);
			if (lost > 0 && test_random(random) % lost == 0)
				*at = drop(shelf, *at);
			else
				at = &(*at)->next;
		}
	}
}

static int compare(const void *left, const void *right)
{
	const struct kept *const *a = left;
	const struct kept *const *b = right;
	int order = strcmp((*a)->table, (*b)->table);

	if (order != 0)
		return order;
	return ((*a)->used > (*b)->used) - ((*a)->used < (*b)->used);
}

static void restore_table(struct kept *const *all, size_t count, struct judge *judge)
{
	for (size_t i = 0; i < count; i++) {
		const struct kept *kept = all[i];
		struct kept_row row = { .table = kept->table,
					.layout = kept->layout,
					.used = kept->used,
					.key = { kept->key, kept->key_len },
					.value = { kept->value, kept->value_len } };

		if (kept->table[0] == '\0')
			(void)judge_restore_case(judge, row.value);
		else
			(void)judge_restore(judge, &row);
	}
}

static size_t table_length(struct kept *const *all, size_t count)
{
	size_t len = 1;

	while (len < count && strcmp(all[len]->table, all[0]->table) == 0)
		len++;
	return len;
}

struct judge_restored kept_shelf_restore(const struct kept_shelf *shelf, struct judge *judge,
					 bool backwards)
{
	struct kept **all = or_abort(calloc(shelf->count + 1, sizeof(struct kept *)));
	size_t starts[128] = { 0 };
	size_t tables = 0;
	size_t count = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct kept *kept = shelf->buckets[i]; kept; kept = kept->next)
			all[count++] = kept;
	}
	qsort((void *)all, count, sizeof(struct kept *), compare);
	for (size_t at = 0; at < count; at += table_length(all + at, count - at))
		starts[tables++] = at;
	for (size_t i = 0; i < tables; i++) {
		size_t at = starts[backwards ? tables - 1 - i : i];

		restore_table(all + at, table_length(all + at, count - at), judge);
	}
	free((void *)all);
	return judge_restored(judge);
}

void kept_shelf_fill(struct kept_shelf *shelf, struct judge *judge, bool is_last)
{
	judge_keep_begin(judge, is_last);
	while (!judge_keep_some(judge, ROUND_ROWS, kept_shelf_take, shelf))
		continue;
	while (!judge_keep_cases(judge, kept_shelf_take_case, shelf))
		continue;
}

size_t kept_shelf_rows(const struct kept_shelf *shelf)
{
	return shelf->count;
}

size_t kept_shelf_bytes(const struct kept_shelf *shelf)
{
	size_t bytes = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (const struct kept *kept = shelf->buckets[i]; kept; kept = kept->next)
			bytes += kept->key_len + kept->value_len;
	}
	return bytes;
}
