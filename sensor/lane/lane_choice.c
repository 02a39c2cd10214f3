#include "sensor/lane/lane_choice.h"

#include <endian.h>
#include <string.h>

/*
 * Unkeyed, and far cheaper than the tables' hash: who chooses addresses so that they share a lane
 * gains nothing that a single address would not give.
 */
static unsigned lane_of(uint64_t high, uint64_t low)
{
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);

	/* The product's top bits depend on all bits of both. */
	return (unsigned)(((high * factor ^ low) * factor >> 32) * LANES >> 32);
}

unsigned lanes_of_host(const struct address *host)
{
	uint64_t words[2];

	memcpy(words, host, sizeof(words));
	return lane_of(le64toh(words[0]), le64toh(words[1]));
}

unsigned lanes_of_flow(const struct network_config *network, const struct flow_key *key)
{
	bool high_alone = !network_config_holds(network, &key->low) &&
			  network_config_holds(network, &key->high);

	return lanes_of_host(high_alone ? &key->high : &key->low);
}

unsigned lanes_of_mac(const struct mac *mac)
{
	uint64_t word = 0;

	memcpy(&word, mac, sizeof(*mac));
	return lane_of(0, le64toh(word));
}
