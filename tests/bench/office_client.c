#include "tests/bench/office_client.h"

#include "tests/bench/draw.h"
#include "tests/bench/frame_layout.h"
#include "tests/bench/frame_out.h"

#include <string.h>

enum {
	HOSTS = 4094,
	OFFICE_NETWORK = 10 << 24 | 20 << 16,
	V4_LEN = 4,
	V4_CHECKSUM = 10,
	V4_SOURCE = 12,
	V6_SOURCE = 8,
	TCP_LEN = 20,
	UDP_LEN = 8,
	ICMPV6_LEN = 4,
	TCP_CHECKSUM = 16,
	UDP_CHECKSUM = 6,
	ICMPV6_CHECKSUM = 2,
	MAPPED = 12, /* where the IPv4 address stands in a mapped one */
};

static bool is_private(const struct address *a)
{
	const uint8_t *v4 = a->bytes + MAPPED;

	return v4[0] == 10 || (v4[0] == 172 && v4[1] >> 4 == 1) || (v4[0] == 192 && v4[1] == 168) ||
	       address_is_link_local(a);
}

static bool is_special(const struct address *a)
{
	return address_is_multicast(a) || address_is_broadcast(a) || address_is_loopback(a) ||
	       address_is_unspecified(a);
}

/* Both directions must agree: the private one of the two, else the lower. */
static bool low_is_client(const struct flow_key *key)
{
	if (is_special(&key->low) != is_special(&key->high))
		return is_special(&key->high);
	if (key->ip_version == 4 && is_private(&key->low) != is_private(&key->high))
		return is_private(&key->low);
	return true;
}

/* Where the transport's checksum stands, as it covers the addresses; NULL when there is none. */
static uint8_t *transport_checksum(uint8_t *frame, size_t len, const struct frame_layout *layout)
{
	uint8_t *transport = frame + layout->transport;
	size_t room = layout->transport > 0 ? len - layout->transport : 0;

	switch (layout->key.protocol) {
	case IP_TCP:
		return room >= TCP_LEN ? transport + TCP_CHECKSUM : NULL;
	case IP_UDP:
		if (room < UDP_LEN || (transport[UDP_CHECKSUM] | transport[UDP_CHECKSUM + 1]) == 0)
			return NULL;
		return transport + UDP_CHECKSUM;
	case IP_ICMPV6:
		return room >= ICMPV6_LEN ? transport + ICMPV6_CHECKSUM : NULL;
	default:
		return NULL;
	}
}

static void rewrite_v4(uint8_t *client, uint64_t seed, uint8_t *const checksums[2])
{
	uint64_t old = (uint64_t)client[0] << 24 | (uint64_t)client[1] << 16 |
		       (uint64_t)client[2] << 8 | client[3];
	uint32_t host = (uint32_t)(draw_mix(seed ^ old) % HOSTS) + 1;
	uint8_t with[V4_LEN];

	frame_put32(with, OFFICE_NETWORK + host);
	frame_replace(client, with, sizeof(with), checksums);
}

static void rewrite_v6(uint8_t *client, uint64_t seed, uint8_t *const checksums[2])
{
	uint64_t mixed = draw_mix(seed);
	uint8_t *last = client + ADDRESS_LEN - 2;
	uint8_t with[2] = { (uint8_t)(last[0] ^ mixed), (uint8_t)(last[1] ^ mixed >> 8) };

	frame_replace(last, with, sizeof(with), checksums);
}

void office_client_rewrite(uint8_t *frame, size_t len, uint64_t seed)
{
	struct frame_layout layout;

	if (!frame_layout_of(frame, len, &layout))
		return;
	if (is_special(&layout.key.low) && is_special(&layout.key.high))
		return;

	bool is_source = layout.source_is_low == low_is_client(&layout.key);
	uint8_t *ip = frame + layout.ip;
	uint8_t *checksums[2] = { transport_checksum(frame, len, &layout), NULL };

	if (layout.key.ip_version == 4) {
		checksums[1] = ip + V4_CHECKSUM;
		rewrite_v4(ip + V4_SOURCE + (is_source ? 0 : V4_LEN), seed, checksums);
	} else {
		rewrite_v6(ip + V6_SOURCE + (is_source ? 0 : ADDRESS_LEN), seed, checksums);
	}
}
