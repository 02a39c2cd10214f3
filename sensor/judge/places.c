#include "sensor/judge/places.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The registered domain's hash, or the address. */
struct use_key {
	uint8_t bytes[ADDRESS_LEN];
};

struct places {
	const struct suffix_rules *suffixes;
	struct lru_map *uses; /* struct use_key → struct place_use */
};

enum err places_new(struct places **out, const struct judge_config *config,
		    const struct suffix_rules *suffixes)
{
	struct places *places = calloc(1, sizeof(*places));

	if (!places)
		return ERR_MEMORY;
	places->suffixes = suffixes;
	if (lru_map_new(&places->uses, (uint32_t)config->places, sizeof(struct use_key),
			sizeof(struct place_use)) != ERR_OK) {
		free(places);
		return ERR_MEMORY;
	}
	*out = places;
	return ERR_OK;
}

void places_free(struct places *places)
{
	if (!places)
		return;
	lru_map_free(places->uses);
	free(places);
}

static struct use_key key_of_name(const struct places *places, const char *name)
{
	const char *domain = suffix_rules_domain(places->suffixes, name);
	struct use_key key;

	distinct_text_key(domain ? domain : name, key.bytes);
	return key;
}

static struct use_key key_of_address(const struct address *address)
{
	struct use_key key;

	memcpy(key.bytes, address->bytes, sizeof(key.bytes));
	return key;
}

void places_visit(struct places *places, const struct observation *seen)
{
	const struct use_key key = seen->peer_name[0] != '\0'
					   ? key_of_name(places, seen->peer_name)
					   : key_of_address(&seen->fact->flow.server);
	bool is_new;
	struct place_use *use = lru_map_touch(places->uses, &key, &is_new);

	if (is_new || nanotime_went_back(use->first, seen->fact->time))
		*use = (struct place_use){ .first = seen->fact->time };
	for (uint32_t i = 0; i < use->visitor_count; i++) {
		if (use->visitors[i] == seen->device)
			return;
	}
	if (use->visitor_count < PLACE_VISITORS_MAX)
		use->visitors[use->visitor_count++] = seen->device;
}

struct place_use places_use_of(struct places *places, const struct signal_object *object)
{
	const struct place_use *use;
	struct use_key key;

	if (object->kind == OBJECT_HOST || object->kind == OBJECT_ZONE)
		key = key_of_name(places, object->text);
	else if (object->kind == OBJECT_ADDRESS && object->has_address)
		key = key_of_address(&object->address);
	else
		return (struct place_use){ 0 };
	use = lru_map_find(places->uses, &key);
	return use ? *use : (struct place_use){ 0 };
}

static bool is_use_sound(const void *key, const void *value)
{
	const struct place_use *use = value;

	(void)key;
	return use->visitor_count <= PLACE_VISITORS_MAX;
}

const struct kept_table places_kept[] = {
	{ .name = "judge.places",
	  .version = 1,
	  .at = offsetof(struct places, uses),
	  .is_sound = is_use_sound },
	{ 0 },
};
