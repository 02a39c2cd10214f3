#include "sensor/inventory/devices_inside.h"

#include "sensor/base/text.h"
#include "sensor/inventory/device_labels.h"

#include <stdlib.h>
#include <string.h>

enum err devices_new(struct devices **out, const struct judge_config *config)
{
	struct devices *d = calloc(1, sizeof(*d));
	uint32_t count = (uint32_t)config->devices;

	if (!d)
		return ERR_MEMORY;
	if (lru_map_new(&d->by_number, count, sizeof(uint32_t), sizeof(struct device)) != ERR_OK ||
	    lru_map_new(&d->by_key, count * KEYS_EACH, sizeof(struct device_key),
			sizeof(uint32_t)) != ERR_OK ||
	    lru_map_new(&d->by_address, count * ADDRESSES_EACH, sizeof(struct address),
			sizeof(struct holder)) != ERR_OK ||
	    lru_map_new(&d->carriers, CARRIERS_MAX, sizeof(struct mac), sizeof(struct carrier)) !=
		    ERR_OK) {
		devices_free(d);
		return ERR_MEMORY;
	}
	*out = d;
	return ERR_OK;
}

void devices_free(struct devices *devices)
{
	if (!devices)
		return;
	lru_map_free(devices->by_number);
	lru_map_free(devices->by_key);
	lru_map_free(devices->by_address);
	lru_map_free(devices->carriers);
	free(devices);
}

bool devices_is_router(struct devices *devices, const struct mac *mac)
{
	const struct carrier *carrier = lru_map_find(devices->carriers, mac);

	return carrier && carrier->is_router;
}

/* /24 and /64: what one site has at least. */
static struct address network_of(const struct address *a)
{
	struct address network = *a;
	size_t kept = address_is_v4(a) ? ADDRESS_LEN - 1 : ADDRESS_LEN / 2;

	memset(network.bytes + kept, 0, ADDRESS_LEN - kept);
	return network;
}

struct device_key device_key_of(const struct device *device)
{
	struct device_key key = { .is_mac = device->has_mac };

	if (device->has_mac)
		memcpy(key.bytes, device->mac.bytes, MAC_LEN);
	else
		memcpy(key.bytes, device->addresses[0].bytes, ADDRESS_LEN);
	return key;
}

/* Both maps forget in the same order, so that a key never outlives its device. */
static void renew(struct devices *devices, struct device *device)
{
	struct device_key key = device_key_of(device);
	bool is_new;
	uint32_t *number = lru_map_touch(devices->by_key, &key, &is_new);

	*number = device->number;
	lru_map_renew(devices->by_number, device);
}

void devices_note_outside(struct devices *devices, const struct mac *mac,
			  const struct address *outside)
{
	struct address network = network_of(outside);
	struct device_key key = { .is_mac = 1 };
	bool is_new;

	if (mac_is_zero(mac) || mac_is_group(mac))
		return;

	struct carrier *carrier = lru_map_touch(devices->carriers, mac, &is_new);

	if (is_new)
		carrier->network = network;
	if (carrier->is_router || address_equal(&carrier->network, &network))
		return;
	carrier->is_router = true;
	memcpy(key.bytes, mac->bytes, MAC_LEN);

	const uint32_t *number = lru_map_find(devices->by_key, &key);
	struct device *device = number ? lru_map_find(devices->by_number, number) : NULL;

	if (!device)
		return;
	device->is_router = true;
	renew(devices, device);
}

static struct device_key key_for(struct devices *devices, const struct address *address,
				 const struct mac *mac)
{
	struct device_key key = { 0 };

	if (mac_is_zero(mac) || mac_is_group(mac) || devices_is_router(devices, mac)) {
		memcpy(key.bytes, address->bytes, ADDRESS_LEN);
		return key;
	}
	key.is_mac = 1;
	memcpy(key.bytes, mac->bytes, MAC_LEN);
	return key;
}

static struct device *by_number(struct devices *devices, const uint32_t *number)
{
	return number ? lru_map_find(devices->by_number, number) : NULL;
}

static struct device *by_address(struct devices *devices, const struct address *address)
{
	const struct holder *holder = lru_map_find(devices->by_address, address);

	if (!holder || holder->device->number != holder->number)
		return NULL;
	lru_map_read(devices->by_number, holder->device);
	return holder->device;
}

static void label(const struct devices *devices, struct device *device)
{
	device->given = device_labels_find(devices->labels, device);
}

/* Another MAC of its own, or that of a second machine (true). */
static bool part_or_use(struct device *device, const struct device_key *key, nanotime when)
{
	struct mac mac;

	memcpy(mac.bytes, key->bytes, MAC_LEN);
	if (device_is_two(device, &mac, when)) {
		device_part(device, &mac);
		return true;
	}
	device_use_mac(device, &mac);
	return false;
}

static struct device *find_or_make(struct devices *devices, const struct device_key *key,
				   nanotime when)
{
	bool is_new;
	uint32_t *number = lru_map_touch(devices->by_key, key, &is_new);
	struct device *device = is_new ? NULL : by_number(devices, number);
	bool is_parted = false;

	if (device && key->is_mac)
		is_parted = part_or_use(device, key, when);
	if (device && !is_parted) {
		lru_map_renew(devices->by_number, device);
		return device;
	}

	*number = ++devices->last_number;
	device = lru_map_touch(devices->by_number, number, &is_new);
	device->number = *number;
	device->first_seen = when;
	device->has_mac = key->is_mac;
	device->is_shared_name = is_parted;
	if (key->is_mac)
		memcpy(device->mac.bytes, key->bytes, MAC_LEN);
	label(devices, device);
	return device;
}

static void see_at(struct device *device, nanotime when)
{
	device->last_seen = when > device->last_seen ? when : device->last_seen;
}

void device_add_address(struct device *device, const struct address *address)
{
	uint32_t at = 0;

	while (at < device->address_count && !address_equal(&device->addresses[at], address))
		at++;
	if (at == device->address_count) {
		if (at == DEVICE_ADDRESSES_MAX)
			at--; /* the longest unseen makes room */
		else
			device->address_count++;
	}
	memmove(&device->addresses[1], &device->addresses[0], at * sizeof(*address));
	device->addresses[0] = *address;
}

const struct device *devices_see(struct devices *devices, const struct address *address,
				 const struct mac *mac, nanotime when)
{
	struct device_key key = key_for(devices, address, mac);
	bool is_new;

	if (!key.is_mac) { /* no MAC of its own here: what the address was last known as stands */
		struct device *known = by_address(devices, address);

		if (known) {
			renew(devices, known);
			(void)lru_map_touch(devices->by_address, address, &is_new);
			see_at(known, when);
			return known;
		}
	}

	struct device *device = find_or_make(devices, &key, when);
	struct holder *holder = lru_map_touch(devices->by_address, address, &is_new);

	*holder = (struct holder){ .device = device, .number = device->number };
	if (device->address_count == 0 || !address_equal(&device->addresses[0], address))
		device_add_address(device, address);
	see_at(device, when);
	return device;
}

const struct device *devices_at(struct devices *devices, const struct address *address)
{
	return by_address(devices, address);
}

const struct device *devices_get(struct devices *devices, uint32_t number)
{
	return lru_map_find(devices->by_number, &number);
}

/* Who speaks of itself: by its MAC, made when new; a router's names others behind it. */
static struct device *speaker(struct devices *devices, const struct mac *mac,
			      const struct address *address, nanotime when)
{
	struct device_key key = { .is_mac = 1 };
	struct device *device = NULL;

	memcpy(key.bytes, mac->bytes, MAC_LEN);
	if (!mac_is_zero(mac) && !mac_is_group(mac) && !devices_is_router(devices, mac))
		device = find_or_make(devices, &key, when);
	else if (!address_is_unspecified(address))
		device = by_address(devices, address);
	if (!device)
		return NULL;
	renew(devices, device);
	see_at(device, when);
	return device;
}

void devices_name(struct devices *devices, const struct fact_device_name *told, nanotime when)
{
	struct device *device;

	if (told->source >= DEVICE_NAME_SOURCES)
		return;
	device = speaker(devices, &told->mac, &told->address, when);
	if (!device || strcmp(device->names[told->source], told->name) == 0)
		return;
	memcpy(device->names[told->source], told->name, sizeof(told->name));
	label(devices, device);
	devices_know_again(devices, device);
}

void devices_describe(struct devices *devices, const struct device_description *told, nanotime when)
{
	struct device *device = speaker(devices, &told->mac, &told->address, when);
	struct text kept;

	if (!device)
		return;

	bool is_news = device->traits[told->trait][0] == '\0';

	kept = text_over(device->traits[told->trait], DEVICE_TRAIT_LEN);
	text_add(&kept, told->text);
	if (is_news)
		devices_know_again(devices, device);
}

void devices_use_labels(struct devices *devices, const struct device_labels *labels)
{
	struct device *device = NULL;
	bool has_changed = false;

	devices->labels = labels;
	while ((device = lru_map_next(devices->by_number, device, NULL))) {
		const struct device_label before = device->given;

		label(devices, device);
		has_changed = has_changed || memcmp(&before, &device->given, sizeof(before)) != 0;
	}
	if (has_changed) /* written anew, not touched: who is forgotten first stays the same */
		lru_map_note_none_kept(devices->by_number);
}

uint64_t devices_forgotten(const struct devices *devices)
{
	return lru_map_forgotten(devices->by_number);
}

uint32_t devices_count(const struct devices *devices)
{
	return lru_map_count(devices->by_number);
}
