/*
 * Who is at an address: where it stands and which device holds it, kept for the hosts that take
 * part in most facts. Asking the site and the inventory for both sides of each costs 260
 * instructions a fact, this 60.
 *
 * Owner: the judge. One thread. A fixed number of slots in place; what is not in its slot is asked
 * for again, so that who fills them changes no answer.
 */
#pragma once

#include "sensor/inventory/devices.h"
#include "sensor/inventory/site.h"

#include <string.h>

enum { PARTIES_BITS = 10 };

struct party {
	struct address address;
	uint64_t age;    /* of `parties` when it was found; 0 is never */
	uint32_t device; /* its number, or DEVICE_NONE; only who is inside has one */
	uint8_t place;   /* enum site_place */
};

struct parties {
	uint64_t age; /* from 1 */
	const struct site *site;
	struct devices *devices;
	struct party slots[1 << PARTIES_BITS];
};

/* `parties` is zeroed; the others are borrowed for its life. */
void parties_init(struct parties *parties, const struct site *site, struct devices *devices);

/* The site or the inventory may have learned something: what was found is asked for again. */
static inline void parties_forget(struct parties *parties)
{
	parties->age++;
}

/* Asks for what is at `address` and keeps it in `slot`. */
void parties_find(struct parties *parties, const struct address *address, struct party *slot);

/* Borrowed until the next call. */
static inline const struct party *parties_at(struct parties *parties, const struct address *address)
{
	uint64_t low;

	memcpy(&low, address->bytes + ADDRESS_LEN - sizeof(low), sizeof(low));

	struct party *slot =
		&parties->slots[(low * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - PARTIES_BITS)];

	if (slot->age != parties->age || memcmp(&slot->address, address, sizeof(*address)) != 0)
		parties_find(parties, address, slot);
	return slot;
}
