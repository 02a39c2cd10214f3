#include "sensor/inventory/lone_hosts.h"

#include "sensor/base/kept_table.h"

#include <string.h>

enum { LINK_BYTES = 8 }; /* of an IPv6 address: its /64 */

/* What a MAC has one of: an address of IPv4, a link's network of IPv6. */
static struct address place_of(const struct address *address)
{
	struct address place = *address;

	if (!address_is_v4(address))
		memset(place.bytes + LINK_BYTES, 0, ADDRESS_LEN - LINK_BYTES);
	return place;
}

static bool is_first_limit(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

static struct lone_host *row_of(struct lone_hosts *lone, const struct mac *mac, bool is_v4)
{
	for (uint32_t i = 0; i < lone->count; i++) {
		if (mac_equal(&lone->of[i].mac, mac) &&
		    address_is_v4(&lone->of[i].address) == is_v4)
			return &lone->of[i];
	}
	return NULL;
}

/* Two MACs for one address: nobody can tell whose it is. */
static bool is_disputed(struct lone_hosts *lone, const struct address *place, const struct mac *mac)
{
	bool is_known = false;

	for (uint32_t i = 0; i < lone->count; i++) {
		struct lone_host *row = &lone->of[i];

		if (!address_equal(&row->address, place) || mac_equal(&row->mac, mac) ||
		    !address_is_v4(place))
			continue;
		row->is_disputed = true;
		is_known = true;
	}
	return is_known;
}

static bool is_through_router(const struct site_prefixes *prefixes,
			      const struct fact_sighting *seen)
{
	return seen->has_destination && !mac_is_zero(&seen->source_mac) &&
	       site_prefixes_is_router(prefixes, &seen->destination_mac) &&
	       !site_prefixes_is_router(prefixes, &seen->source_mac);
}

void lone_hosts_learn(struct lone_hosts *lone, const struct site_prefixes *prefixes,
		      const struct fact_sighting *seen)
{
	const struct mac *mac = &seen->source_mac;
	struct address place = place_of(&seen->source);
	bool is_near = is_first_limit(seen->source_ttl);
	bool is_contact = is_through_router(prefixes, seen);
	struct lone_host *row = row_of(lone, mac, address_is_v4(&place));

	if (mac_is_group(mac) || address_is_unspecified(&seen->source) ||
	    is_disputed(lone, &place, mac) || (!row && !is_near && !is_contact))
		return;
	if (!row) {
		if (lone->count == LONE_MAX)
			return;
		row = &lone->of[lone->count++];
		*row = (struct lone_host){ .address = place, .mac = *mac };
	}
	if (!address_equal(&row->address, &place)) {
		if (!row->is_near) /* more than one address behind it */
			row->is_disputed = true;
		return;
	}
	row->is_near |= is_near;
	if (is_contact && row->contacts < LONE_CONTACTS)
		row->contacts++;
}

static bool is_believed(const struct lone_host *row, const struct site_prefixes *prefixes)
{
	return !row->is_disputed && (row->is_near || row->contacts >= LONE_CONTACTS) &&
	       !site_prefixes_is_router(prefixes, &row->mac);
}

bool lone_hosts_hold(const struct lone_hosts *lone, const struct site_prefixes *prefixes,
		     const struct address *address)
{
	struct address place = place_of(address);

	for (uint32_t i = 0; i < lone->count && !lone->is_over; i++) {
		const struct lone_host *row = &lone->of[i];

		if (address_equal(&row->address, &place))
			return is_believed(row, prefixes);
	}
	return false;
}

bool lone_hosts_are_beside(const struct lone_hosts *lone, const struct site_prefixes *prefixes,
			   const struct address *address)
{
	bool has_any = false;

	for (uint32_t i = 0; i < lone->count && !lone->is_over; i++) {
		const struct lone_host *row = &lone->of[i];

		if (!address_is_v4(&row->address) || !is_believed(row, prefixes))
			continue;
		has_any = true;
		if (memcmp(row->address.bytes, address->bytes, ADDRESS_LEN - 1) == 0)
			return true;
	}
	return !has_any;
}

bool lone_hosts_own(const struct lone_hosts *lone, const struct address *address,
		    const struct mac *mac)
{
	struct address place = place_of(address);

	for (uint32_t i = 0; i < lone->count && !lone->is_over; i++) {
		const struct lone_host *row = &lone->of[i];

		if (row->is_near && mac_equal(&row->mac, mac) &&
		    address_equal(&row->address, &place))
			return true;
	}
	return false;
}

bool lone_hosts_are_sound(const struct lone_hosts *lone)
{
	if (lone->count > LONE_MAX || !kept_are_flags(&lone->is_over, 1))
		return false;
	for (uint32_t i = 0; i < lone->count; i++) {
		if (!kept_are_flags(&lone->of[i].is_near, 1) ||
		    !kept_are_flags(&lone->of[i].is_disputed, 1))
			return false;
	}
	return true;
}
