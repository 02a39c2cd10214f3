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
	size_t place_at;    /* of it, in keeper.places … */
	size_t place_size;  /* … and how much of it counts */
};

struct keeper {
	struct part parts[KEEPER_TABLES_MAX];
	size_t part_count;
	uint32_t first;                           /* number of the first part in the journal */
	struct part *in_place[KEEPER_TABLES_MAX]; /* that are watched */
	size_t in_place_count;
	uint8_t *places; /* values in place as they were noted, one behind the other */
	size_t at;       /* whose turn it is */
	uint32_t left;   /* rows that it may still hand out in this round */
	bool has_turn;   /* `left` is set */
	uint64_t used;   /* of the last row */
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
	if (!keeper)
		return;
	free(keeper->places);
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
		if (table->size == 0 && !map_of(part))
			continue; /* its owner does without, so far */
		assert(value_size_of(part) <= KEPT_VALUE_MAX && key_size_of(part) <= KEPT_KEY_MAX);
		keeper->part_count++;
	}
	return ERR_OK;
}

size_t keeper_tables(const struct keeper *keeper, struct keeper_room *out, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < keeper->part_count && count < most; i++) {
		const struct part *part = &keeper->parts[i];
		const struct lru_map *map = map_of(part);

		if (part->table->use == KEPT_AS_READ)
			continue;
		out[count++] = (struct keeper_room){ .name = part->table->name,
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

	if (part->table->use == KEPT_AS_READ)
		return STEP_OVER;
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

static bool is_watched(const struct part *part)
{
	return part->table->use != KEPT_AT_THE_END;
}

enum err keeper_watch(struct keeper *keeper, struct lru_journal *journal, uint32_t first)
{
	size_t bytes = 0;

	keeper->first = first;
	for (size_t i = 0; i < keeper->part_count; i++) {
		struct part *part = &keeper->parts[i];
		enum err err;

		if (!is_watched(part))
			continue;
		if (part->table->size > 0) {
			keeper->in_place[keeper->in_place_count++] = part;
			part->place_at = bytes;
			bytes += part->table->size;
			continue;
		}
		err = lru_map_watch(map_of(part), journal, first + (uint32_t)i);
		if (err != ERR_OK)
			return err;
	}
	keeper->places = malloc(bytes + 1); /* there may be none */
	return keeper->places ? ERR_OK : ERR_MEMORY;
}

void keeper_note_places(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->in_place_count; i++) {
		struct part *part = keeper->in_place[i];
		const struct kept_table *table = part->table;

		part->place_size = table->in_use ? table->in_use(place_of(part)) : table->size;
		memcpy(keeper->places + part->place_at, place_of(part), part->place_size);
	}
}

static bool hand_out_place(struct keeper *keeper, const struct part *part, kept_take_fn *take,
			   void *arg)
{
	static const uint8_t key[IN_PLACE_KEY_SIZE];

	memcpy(keeper->value, keeper->places + part->place_at, part->place_size);
	memset(keeper->value + part->place_size, 0, part->table->size - part->place_size);
	if (part->table->tidy)
		part->table->tidy(keeper->value);
	return hand_out(keeper, part, key, take, arg);
}

bool keeper_images(struct keeper *keeper, struct lru_journal *journal, kept_take_fn *take,
		   void *arg)
{
	uint64_t used = keeper->used;
	size_t count;
	const struct lru_image *images = lru_journal_images(journal, &count);
	const struct lru_image *image = images;
	bool has_room = true;

	keeper->used = 0;
	for (size_t i = 0; i < keeper->part_count && has_room; i++) {
		const struct part *part = &keeper->parts[i];
		uint32_t number = keeper->first + (uint32_t)i;

		if (part->table->size > 0 && is_watched(part))
			has_room = hand_out_place(keeper, part, take, arg);
		while (image < images + count && image->table < number)
			image++;
		for (; has_room && image < images + count && image->table == number; image++) {
			copy_value(keeper, part, image->value);
			has_room = hand_out(keeper, part, image->key, take, arg);
		}
	}
	keeper->used = used;
	return has_room;
}

static struct part *find_part(struct keeper *keeper, const char *name)
{
	for (size_t i = 0; i < keeper->part_count; i++) {
		const struct kept_table *table = keeper->parts[i].table;

		if (strcmp(table->name, name) == 0)
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
