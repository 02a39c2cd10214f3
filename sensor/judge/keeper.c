#include "sensor/judge/keeper.h"

#include "sensor/base/hash.h"
#include "sensor/base/kept_bytes.h"
#include "sensor/base/lru_map.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_AT = 24, KEY_SIZE_AT = 16, IN_PLACE_KEY_SIZE = 4 };

/* An order that was tampered with must not run out. */
static const uint64_t used_most = INT64_MAX / 2;

struct part {
	const struct kept_table *table;
	void *owner;
	uint64_t kept_hash; /* of a value in place, as it was handed out last */
};

struct keeper {
	struct part parts[KEEPER_TABLES_MAX];
	size_t part_count;
	size_t at;     /* whose turn it is */
	uint32_t left; /* rows that it may still hand out in this round */
	bool has_turn; /* `left` is set */
	uint64_t used; /* of the last row */
	alignas(16) uint8_t value[KEPT_VALUE_MAX];
	alignas(16) uint8_t key[KEPT_KEY_MAX];
	uint8_t packed[KEPT_PACKED_MOST(KEPT_VALUE_MAX)];
};

enum err keeper_new(struct keeper **out)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		return ERR_MEMORY;
	*out = keeper;
	return ERR_OK;
}

void keeper_free(struct keeper *keeper)
{
	free(keeper);
}

static void *place_of(const struct part *part)
{
	return (char *)part->owner + part->table->at;
}

/* NULL for a value in place. */
static struct lru_map *map_of(const struct part *part)
{
	struct lru_map **map = place_of(part);

	return part->table->size > 0 ? NULL : *map;
}

static size_t key_size_of(const struct part *part)
{
	return part->table->size > 0 ? IN_PLACE_KEY_SIZE : lru_map_key_size(map_of(part));
}

static size_t value_size_of(const struct part *part)
{
	return part->table->size > 0 ? part->table->size : lru_map_value_size(map_of(part));
}

static uint32_t layout_of(const struct part *part)
{
	return (uint32_t)part->table->version << VERSION_AT |
	       (uint32_t)key_size_of(part) << KEY_SIZE_AT | (uint32_t)value_size_of(part);
}

enum err keeper_add(struct keeper *keeper, const struct kept_table *tables, void *owner)
{
	for (const struct kept_table *table = tables; table->name; table++) {
		struct part *part = &keeper->parts[keeper->part_count];

		if (keeper->part_count == KEEPER_TABLES_MAX)
			return ERR_FULL;
		*part = (struct part){ .table = table, .owner = owner };
		assert(value_size_of(part) <= KEPT_VALUE_MAX && key_size_of(part) <= KEPT_KEY_MAX);
		keeper->part_count++;
	}
	return ERR_OK;
}

size_t keeper_tables(const struct keeper *keeper, struct keeper_room *out, size_t most)
{
	size_t count = keeper->part_count < most ? keeper->part_count : most;

	for (size_t i = 0; i < count; i++) {
		const struct part *part = &keeper->parts[i];
		const struct lru_map *map = map_of(part);

		out[i] = (struct keeper_room){ .name = part->table->name,
					       .layout = layout_of(part),
					       .rows = map ? lru_map_capacity(map) : 1 };
	}
	return count;
}

void keeper_begin(struct keeper *keeper)
{
	keeper->at = 0;
	keeper->has_turn = false;
}

static bool hand_out(struct keeper *keeper, const struct part *part, const void *key,
		     kept_take_fn *take, void *arg)
{
	struct kept_row row = { .table = part->table->name,
				.layout = layout_of(part),
				.used = keeper->used + 1,
				.key = { .data = key, .len = key_size_of(part) },
				.value = { .data = keeper->packed } };

	row.value.len = kept_pack(keeper->value, value_size_of(part), keeper->packed);
	if (!take(arg, &row))
		return false;
	keeper->used++;
	return true;
}

/* What is handed out is a tidy copy. */
static void copy_value(struct keeper *keeper, const struct part *part, const void *value)
{
	memcpy(keeper->value, value, value_size_of(part));
	if (part->table->tidy)
		part->table->tidy(keeper->value);
}

enum step { STEP_TAKEN, STEP_NO_ROOM, STEP_OVER };

static enum step step_in_place(struct keeper *keeper, struct part *part, kept_take_fn *take,
			       void *arg)
{
	static const struct hash_key unkeyed;
	static const uint8_t key[IN_PLACE_KEY_SIZE];
	uint64_t hash;

	copy_value(keeper, part, place_of(part));
	hash = hash_bytes(&unkeyed, keeper->value, part->table->size);
	if (hash == part->kept_hash)
		return STEP_OVER;
	if (!hand_out(keeper, part, key, take, arg))
		return STEP_NO_ROOM;
	part->kept_hash = hash;
	return STEP_TAKEN;
}

static enum step step(struct keeper *keeper, struct part *part, kept_take_fn *take, void *arg)
{
	struct lru_map *map = map_of(part);
	const void *key;
	const void *value;

	if (!keeper->has_turn) {
		keeper->left = map ? lru_map_count(map) : 1;
		keeper->has_turn = true;
	}
	if (keeper->left == 0)
		return STEP_OVER;
	if (!map)
		return step_in_place(keeper, part, take, arg);
	value = lru_map_unkept(map, &key);
	if (!value)
		return STEP_OVER;
	copy_value(keeper, part, value);
	if (!hand_out(keeper, part, key, take, arg))
		return STEP_NO_ROOM;
	lru_map_note_kept(map);
	return STEP_TAKEN;
}

bool keeper_some(struct keeper *keeper, size_t rows, kept_take_fn *take, void *arg)
{
	while (keeper->at < keeper->part_count && rows > 0) {
		enum step done = step(keeper, &keeper->parts[keeper->at], take, arg);

		if (done == STEP_NO_ROOM)
			return false;
		if (done == STEP_TAKEN) {
			rows--;
			keeper->left--;
		} else {
			keeper->at++;
			keeper->has_turn = false;
		}
	}
	return keeper->at == keeper->part_count;
}

static struct part *find_part(struct keeper *keeper, const char *name)
{
	for (size_t i = 0; i < keeper->part_count; i++) {
		if (strcmp(keeper->parts[i].table->name, name) == 0)
			return &keeper->parts[i];
	}
	return NULL;
}

static bool put(struct keeper *keeper, const struct part *part)
{
	const struct kept_table *table = part->table;
	size_t size = value_size_of(part);
	bool is_new;

	if (table->put)
		return table->put(part->owner, keeper->key, keeper->value);
	memcpy(table->size > 0 ? place_of(part) : lru_map_touch(map_of(part), keeper->key, &is_new),
	       keeper->value, size);
	return true;
}

enum keeper_answer keeper_restore(struct keeper *keeper, const struct kept_row *row)
{
	const struct part *part = find_part(keeper, row->table);
	const struct kept_table *table = part ? part->table : NULL;

	if (!part || row->layout != layout_of(part))
		return KEEPER_OTHER_LAYOUT;
	if (row->key.len != key_size_of(part) || row->used > used_most ||
	    !kept_unpack(row->value, keeper->value, value_size_of(part)))
		return KEEPER_UNSOUND;
	memcpy(keeper->key, row->key.data, row->key.len);
	if (table->is_sound && !table->is_sound(keeper->key, keeper->value))
		return KEEPER_UNSOUND;
	if (!put(keeper, part))
		return KEEPER_UNSOUND;
	if (row->used > keeper->used)
		keeper->used = row->used;
	return KEEPER_TAKEN;
}

void keeper_note_all(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->part_count; i++) {
		struct lru_map *map = map_of(&keeper->parts[i]);

		if (map)
			lru_map_note_all_kept(map);
	}
}

void keeper_note_none(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->part_count; i++) {
		struct lru_map *map = map_of(&keeper->parts[i]);

		keeper->parts[i].kept_hash = 0;
		if (map)
			lru_map_note_none_kept(map);
	}
}
