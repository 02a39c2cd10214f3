#include "sensor/detect/client_kinds.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/statistics.h"

#include <string.h>

enum { KINDS = 2048, DEVICES = 1024, HELLOS_LEAST = 200 };

static const nanotime watched_least = 7 * NANOTIME_DAY;

struct client_kind {
	nanotime first;
	uint64_t place; /* hash of the first one */
	uint32_t device;
	bool has_more_devices;
	bool has_more_places;
	uint8_t spare[2];
};

struct client_device {
	nanotime first;
	uint64_t hellos;
};

enum err client_kinds_start(struct client_kinds *kinds)
{
	enum err err =
		lru_map_new(&kinds->kinds, KINDS, sizeof(uint64_t), sizeof(struct client_kind));

	if (err == ERR_OK)
		err = lru_map_new(&kinds->devices, DEVICES, sizeof(uint32_t),
				  sizeof(struct client_device));
	return err;
}

void client_kinds_stop(struct client_kinds *kinds)
{
	lru_map_free(kinds->kinds);
	lru_map_free(kinds->devices);
}

void client_kinds_note(struct client_kinds *kinds, uint32_t device, uint64_t kind,
		       const char *place, nanotime now)
{
	uint64_t hash = distinct_hash(place, strlen(place));
	bool is_new;
	struct client_device *who = lru_map_touch(kinds->devices, &device, &is_new);
	struct client_kind *known;

	if (is_new || nanotime_went_back(who->first, now))
		*who = (struct client_device){ .first = now };
	who->hellos++;
	known = lru_map_touch(kinds->kinds, &kind, &is_new);
	if (is_new)
		*known = (struct client_kind){ .first = now, .place = hash, .device = device };
	known->has_more_devices |= known->device != device;
	known->has_more_places |= known->place != hash;
}

bool client_kinds_is_rare(const struct client_kinds *kinds, uint32_t device, uint64_t kind,
			  nanotime now)
{
	const struct client_device *who = lru_map_find(kinds->devices, &device);
	const struct client_kind *known = lru_map_find(kinds->kinds, &kind);

	return who && known && who->hellos >= HELLOS_LEAST &&
	       nanotime_between(who->first, now) >= watched_least && !known->has_more_devices &&
	       !known->has_more_places;
}

bool client_kind_is_sound(const void *key, const void *value)
{
	const struct client_kind *kind = value;

	(void)key;
	return kind->device != 0 && kept_are_flags(&kind->has_more_devices, 1) &&
	       kept_are_flags(&kind->has_more_places, 1);
}

bool client_device_is_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct client_device *who = value;

	return *device != 0 && who->hellos > 0;
}
