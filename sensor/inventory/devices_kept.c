#include "sensor/inventory/devices_inside.h"

#include <stddef.h>
#include <string.h>

/* Who holds an address of a device that was lost: its number is nobody's. */
static struct device nobody;

static bool is_label_sound(const struct device_label *given)
{
	return kept_is_text(given->label, sizeof(given->label)) &&
	       kept_is_text(given->place, sizeof(given->place)) &&
	       kept_is_text(given->owner, sizeof(given->owner)) && given->kind < DEVICE_KINDS;
}

bool device_is_sound(const struct device *device)
{
	if (device->number == DEVICE_NONE || device->number > DEVICE_NUMBER_MOST ||
	    device->address_count > DEVICE_ADDRESSES_MAX || !kept_are_flags(&device->has_mac, 1) ||
	    !kept_are_flags(&device->is_router, 1) || !kept_are_flags(&device->is_shared_name, 1) ||
	    !kept_are_flags(&device->is_likely, 1) || device->former_count > DEVICE_FORMER_MAX ||
	    !is_label_sound(&device->given) || (!device->has_mac && device->address_count == 0))
		return false;
	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++) {
		if (!kept_is_text(device->names[i], sizeof(device->names[i])))
			return false;
	}
	for (size_t i = 0; i < DEVICE_TRAITS; i++) {
		if (!kept_is_text(device->traits[i], sizeof(device->traits[i])))
			return false;
	}
	return true;
}

static void tidy_device(void *value)
{
	struct device *device = value;

	for (size_t i = 0; i < DEVICE_NAME_SOURCES; i++)
		kept_tidy_text(device->names[i], sizeof(device->names[i]));
	for (size_t i = 0; i < DEVICE_TRAITS; i++)
		kept_tidy_text(device->traits[i], sizeof(device->traits[i]));
	kept_tidy_text(device->given.label, sizeof(device->given.label));
	kept_tidy_text(device->given.place, sizeof(device->given.place));
	kept_tidy_text(device->given.owner, sizeof(device->given.owner));
}

static bool is_row_sound(const void *key, const void *value)
{
	const uint32_t *number = key;
	const struct device *device = value;

	return device->number == *number && device_is_sound(device);
}

/* In both maps at once, as always, with all its MACs. */
static void add_device(struct devices *devices, const struct device_key *key,
		       const struct device *device)
{
	bool is_new;

	*(uint32_t *)lru_map_touch(devices->by_key, key, &is_new) = device->number;
	*(struct device *)lru_map_touch(devices->by_number, &device->number, &is_new) = *device;
	for (uint32_t i = 0; i < device->former_count; i++) {
		struct device_key former = { .is_mac = 1 };

		memcpy(former.bytes, device->former[i].bytes, MAC_LEN);
		*(uint32_t *)lru_map_touch(devices->by_key, &former, &is_new) = device->number;
	}
	devices_skip_to(devices, device->number);
}

/* A machine that was forgotten and came again has two rows: the later one counts. */
static bool put_device(void *owner, const void *key, const void *value)
{
	struct devices *devices = owner;
	const struct device *device = value;
	struct device_key by = device_key_of(device);
	const uint32_t *before = lru_map_find(devices->by_key, &by);

	if (lru_map_find(devices->by_number, key))
		return false;
	if (before)
		lru_map_remove(devices->by_number, before);
	add_device(devices, &by, device);
	return true;
}

static void tidy_holder(void *value)
{
	struct holder *holder = value;

	holder->device = NULL;
}

static bool put_holder(void *owner, const void *key, const void *value)
{
	struct devices *devices = owner;
	const struct holder *kept = value;
	bool is_new;
	struct holder *holder = lru_map_touch(devices->by_address, key, &is_new);

	*holder = (struct holder){ .device = &nobody, .number = kept->number };
	return true;
}

static bool is_holder_sound(const void *key, const void *value)
{
	const struct holder *holder = value;

	(void)key;
	return holder->number != DEVICE_NONE && !holder->device;
}

static bool is_carrier_sound(const void *key, const void *value)
{
	const struct carrier *carrier = value;

	(void)key;
	return kept_are_flags(&carrier->is_router, 1);
}

const struct kept_table devices_kept[] = {
	{ .name = "devices",
	  .version = 2,
	  .at = offsetof(struct devices, by_number),
	  .tidy = tidy_device,
	  .is_sound = is_row_sound,
	  .put = put_device },
	{ .name = "devices.addresses",
	  .version = 1,
	  .at = offsetof(struct devices, by_address),
	  .tidy = tidy_holder,
	  .is_sound = is_holder_sound,
	  .put = put_holder },
	{ .name = "devices.carriers",
	  .version = 1,
	  .at = offsetof(struct devices, carriers),
	  .is_sound = is_carrier_sound },
	{ 0 },
};

void devices_settle(struct devices *devices)
{
	struct holder *holder = NULL;

	while ((holder = lru_map_next(devices->by_address, holder, NULL))) {
		struct device *device = lru_map_find(devices->by_number, &holder->number);

		holder->device = device ? device : &nobody;
	}
}

void devices_adopt(struct devices *devices, const struct device *device)
{
	struct device_key by = device_key_of(device);

	if (!lru_map_find(devices->by_number, &device->number) &&
	    !lru_map_find(devices->by_key, &by))
		add_device(devices, &by, device);
}

uint32_t devices_last_number(const struct devices *devices)
{
	return devices->last_number;
}

void devices_skip_to(struct devices *devices, uint32_t number)
{
	if (number > devices->last_number && number <= DEVICE_NUMBER_MOST)
		devices->last_number = number;
}
