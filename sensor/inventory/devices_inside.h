/*
 * How the inventory is stored, for the two files that make it up: devices.c knows machines,
 * devices_kept.c what of them outlives the process. No one else includes this.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/inventory/devices.h"

enum { CARRIERS_MAX = 1024, ADDRESSES_EACH = 4 };

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
	struct lru_map *by_number;  /* uint32_t → struct device */
	struct lru_map *by_key;     /* struct device_key → uint32_t */
	struct lru_map *by_address; /* struct address → struct holder */
	struct lru_map *carriers;   /* struct mac → struct carrier */
	uint32_t last_number;
};

/* What it was found by when it was made: one found by its address keeps to that one. */
struct device_key device_key_of(const struct device *device);
