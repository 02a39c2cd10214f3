/*
 * How the inventory is stored, for the files that make it up: devices.c knows machines,
 * devices_join.c which of them are one, devices_kept.c what outlives the process. No one else
 * includes this.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/inventory/devices.h"

enum { CARRIERS_MAX = 1024, ADDRESSES_EACH = 4, KEYS_EACH = 2 };

/* A MAC or an address, whichever tells this machine from others. No padding. */
struct device_key {
	uint8_t is_mac;
	uint8_t bytes[ADDRESS_LEN];
};

/* A MAC that outside addresses were seen with. */
struct carrier {
	struct address network; /* the first one's */
	bool is_router;
};

/*
 * Who was last seen at an address. A device forgotten since has left its memory to another, whose
 * number differs, so that `device` need not be looked up again.
 */
struct holder {
	struct device *device;
	uint32_t number;
	uint32_t spare;
};

struct devices {
	struct lru_map *by_number;          /* uint32_t → struct device */
	struct lru_map *by_key;             /* struct device_key → uint32_t */
	struct lru_map *by_address;         /* struct address → struct holder */
	struct lru_map *carriers;           /* struct mac → struct carrier */
	const struct device_labels *labels; /* NULL: none */
	struct device_joined joined;        /* not asked for yet; `from` 0 is none */
	uint32_t last_number;
};

/* What it is found by: one found by its address keeps to that one. */
struct device_key device_key_of(const struct device *device);

/* Its latest address from now on. */
void device_add_address(struct device *device, const struct address *address);

/* It speaks with `mac` from now on; the one before is kept as a former one. */
void device_use_mac(struct device *device, const struct mac *mac);

/* Something that `now` told is new: it may be a device that is known by another MAC. */
void devices_know_again(struct devices *devices, struct device *now);

/*
 * Two MACs that were taken for one device speak at the same time, and it was not proven that they
 * are one.
 */
bool device_is_two(const struct device *device, const struct mac *mac, nanotime when);

/* They are two: `mac` is not its own any more, and its name proves nothing. */
void device_part(struct device *device, const struct mac *mac);
