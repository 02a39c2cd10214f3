#include "sensor/judge/parties.h"

void parties_init(struct parties *parties, const struct site *site, struct devices *devices)
{
	parties->age = 1;
	parties->site = site;
	parties->devices = devices;
}

void parties_find(struct parties *parties, const struct address *address, struct party *slot)
{
	enum site_place place = site_place_of_peer(parties->site, address);
	const struct device *device =
		place == SITE_INSIDE ? devices_at(parties->devices, address) : NULL;

	*slot = (struct party){ .address = *address,
				.age = parties->age,
				.device = device ? device->number : DEVICE_NONE,
				.place = (uint8_t)place };
}
