#include "sensor/detect/told_once.h"

#include "sensor/detect/statistics.h"

#include <string.h>

struct told_key {
	uint32_t device;
	uint32_t spare;
	uint64_t what;
};

enum err told_once_new(struct lru_map **out, uint32_t count)
{
	return lru_map_new(out, count, sizeof(struct told_key), sizeof(nanotime));
}

bool told_once(struct lru_map *told, uint32_t device, const char *what, nanotime now)
{
	struct told_key key = { .device = device, .what = distinct_hash(what, strlen(what)) };

	return told_again(told, &key, now, NANOTIME_DAY);
}

bool told_again(struct lru_map *told, const void *key, nanotime now, nanotime after)
{
	bool is_new;
	nanotime *when = lru_map_touch(told, key, &is_new);

	if (!is_new && !nanotime_went_back(*when, now) && nanotime_between(*when, now) < after)
		return false;
	*when = now;
	return true;
}

bool told_once_is_sound(const void *key, const void *value)
{
	const struct told_key *k = key;

	(void)value;
	return k->device != 0;
}
