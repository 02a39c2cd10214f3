#include "sensor/inventory/devices_inside.h"

#include "sensor/inventory/device_join.h"

#include <string.h>

static struct device_key key_of_mac(const struct mac *mac)
{
	struct device_key key = { .is_mac = 1 };

	memcpy(key.bytes, mac->bytes, MAC_LEN);
	return key;
}

static void set_key(struct devices *devices, const struct mac *mac, uint32_t number)
{
	struct device_key key = key_of_mac(mac);
	bool is_new;

	*(uint32_t *)lru_map_touch(devices->by_key, &key, &is_new) = number;
}

/* The one that it is, if exactly one device may be that. */
static struct device *find_before(struct devices *devices, const struct device *now,
				  enum device_join *how)
{
	struct device *found = NULL;
	struct device *device = NULL;

	while ((device = lru_map_next(devices->by_number, device, NULL))) {
		enum device_join join = device == now ? JOIN_NOT : device_join_of(device, now);

		if (join == JOIN_NOT)
			continue;
		if (found)
			return NULL;
		found = device;
		*how = join;
	}
	return found;
}

void device_use_mac(struct device *device, const struct mac *mac)
{
	uint32_t at = 0;

	if (mac_equal(&device->mac, mac))
		return;
	while (at < device->former_count && !mac_equal(&device->former[at], mac))
		at++;
	if (at == device->former_count) {
		if (at == DEVICE_FORMER_MAX)
			at--; /* the longest unseen makes room */
		else
			device->former_count++;
	}
	memmove(&device->former[1], &device->former[0], at * sizeof(device->mac));
	device->former[0] = device->mac;
	device->mac = *mac;
}

static void take_words(struct device *into, const struct device *from)
{
	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (from->names[i][0] != '\0')
			memcpy(into->names[i], from->names[i], sizeof(into->names[i]));
	}
	for (size_t i = 0; i < DEVICE_TRAITS; i++) {
		if (from->traits[i][0] != '\0')
			memcpy(into->traits[i], from->traits[i], sizeof(into->traits[i]));
	}
	if (into->given.label[0] == '\0')
		into->given = from->given;
}

static void take_addresses(struct devices *devices, struct device *into, const struct device *from)
{
	for (uint32_t i = from->address_count; i > 0; i--) {
		const struct address *address = &from->addresses[i - 1];
		struct holder *holder = lru_map_find(devices->by_address, address);

		device_add_address(into, address);
		if (holder && holder->number == from->number)
			*holder = (struct holder){ .device = into, .number = into->number };
	}
}

/* The number that was known longer stands: cases and baselines go by it. */
static void join(struct devices *devices, struct device *from, struct device *into,
		 enum device_join how)
{
	uint32_t number = from->number;

	take_words(into, from);
	take_addresses(devices, into, from);
	for (uint32_t i = from->former_count; i > 0; i--)
		device_use_mac(into, &from->former[i - 1]);
	device_use_mac(into, &from->mac);
	into->is_likely = into->is_likely || from->is_likely || how == JOIN_LIKELY;
	if (from->first_seen < into->first_seen)
		into->first_seen = from->first_seen;
	if (from->last_seen > into->last_seen)
		into->last_seen = from->last_seen;
	set_key(devices, &into->mac, into->number);
	for (uint32_t i = 0; i < into->former_count; i++)
		set_key(devices, &into->former[i], into->number);
	devices->joined = (struct device_joined){ .from = number, .into = into->number };
	from->number = DEVICE_NONE; /* whoever still points to it finds nobody */
	lru_map_remove(devices->by_number, &number);
	lru_map_renew(devices->by_number, into);
}

void devices_know_again(struct devices *devices, struct device *now)
{
	enum device_join how = JOIN_NOT;
	struct device *before = now->has_mac ? find_before(devices, now, &how) : NULL;

	if (!before)
		return;
	if (before->number < now->number)
		join(devices, now, before, how);
	else
		join(devices, before, now, how);
}

bool devices_joined(struct devices *devices, struct device_joined *out)
{
	*out = devices->joined;
	devices->joined.from = DEVICE_NONE;
	return out->from != DEVICE_NONE;
}

bool device_is_two(const struct device *device, const struct mac *mac, nanotime when)
{
	return device->is_likely && !mac_equal(&device->mac, mac) &&
	       nanotime_between(device->last_seen, when) < JOIN_SILENCE;
}

void device_part(struct device *device, const struct mac *mac)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < device->former_count; i++) {
		if (!mac_equal(&device->former[i], mac))
			device->former[kept++] = device->former[i];
	}
	device->former_count = kept;
	device->is_shared_name = true;
	device->is_likely = false;
}
