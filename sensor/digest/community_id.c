#include "sensor/digest/community_id.h"

#include "sensor/digest/digest.h"

#include <openssl/evp.h>
#include <string.h>

enum { SEED_LEN = 2, PORTS_LEN = 4, INPUT_MAX = SEED_LEN + 2 * ADDRESS_LEN + 2 + PORTS_LEN };

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t len;
};

static void add(struct input *in, const void *data, size_t len)
{
	memcpy(in->bytes + in->len, data, len);
	in->len += len;
}

static void add_address(struct input *in, const struct address *a, uint8_t ip_version)
{
	if (ip_version == 4)
		add(in, a->bytes + V4_PREFIX_BITS / 8, 4);
	else
		add(in, a->bytes, ADDRESS_LEN);
}

static void add_port(struct input *in, uint16_t port)
{
	const uint8_t bytes[2] = { (uint8_t)(port >> 8), (uint8_t)port };

	add(in, bytes, sizeof(bytes));
}

/* TCP, UDP, SCTP and both ICMP; any other protocol is hashed by its addresses alone. */
static bool has_ports(uint8_t protocol)
{
	return protocol == IP_ICMP || protocol == IP_TCP || protocol == IP_UDP ||
	       protocol == IP_ICMPV6 || protocol == IP_SCTP;
}

/* Types that come in pairs of question and answer: IANA's ICMP and ICMPv6 parameters. */
static bool has_answer(uint8_t protocol, uint16_t type)
{
	static const uint8_t icmp[] = { 0, 8, 9, 10, 13, 14, 15, 16, 17, 18 };
	static const uint8_t icmpv6[] = {
		128, 129, 130, 131, 133, 134, 135, 136, 139, 140, 144, 145
	};
	bool is_v4 = protocol == IP_ICMP;
	const uint8_t *types = is_v4 ? icmp : icmpv6;
	size_t count = is_v4 ? sizeof(icmp) : sizeof(icmpv6);

	for (size_t i = 0; i < count; i++) {
		if (types[i] == type)
			return true;
	}
	return false;
}

/* One-way ICMP is hashed in the order it was sent, everything else lower side first. */
static bool is_high_first(const struct flow_key *key, bool source_is_low)
{
	bool is_icmp = key->protocol == IP_ICMP || key->protocol == IP_ICMPV6;

	return is_icmp && !source_is_low && !has_answer(key->protocol, key->high_port);
}

void community_id(const struct flow_key *key, bool source_is_low, char out[static COMMUNITY_ID_LEN])
{
	bool is_swapped = is_high_first(key, source_is_low);
	static const uint8_t seed[SEED_LEN] = { 0 };
	const uint8_t protocol[2] = { key->protocol, 0 };
	struct input in = { .len = 0 };
	uint8_t sha1[SHA1_LEN];

	add(&in, seed, sizeof(seed));
	add_address(&in, is_swapped ? &key->high : &key->low, key->ip_version);
	add_address(&in, is_swapped ? &key->low : &key->high, key->ip_version);
	add(&in, protocol, sizeof(protocol));
	if (has_ports(key->protocol)) {
		add_port(&in, is_swapped ? key->high_port : key->low_port);
		add_port(&in, is_swapped ? key->low_port : key->high_port);
	}
	digest_sha1(in.bytes, in.len, sha1);

	out[0] = '1';
	out[1] = ':';
	(void)EVP_EncodeBlock((unsigned char *)out + 2, sha1, sizeof(sha1));
}
