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
	return protocol == 1 || protocol == 6 || protocol == 17 || protocol == 58 ||
	       protocol == 132;
}

void community_id(const struct flow_key *key, char out[static COMMUNITY_ID_LEN])
{
	static const uint8_t seed[SEED_LEN] = { 0 };
	const uint8_t protocol[2] = { key->protocol, 0 };
	struct input in = { .len = 0 };
	uint8_t sha1[SHA1_LEN];

	add(&in, seed, sizeof(seed));
	add_address(&in, &key->low, key->ip_version);
	add_address(&in, &key->high, key->ip_version);
	add(&in, protocol, sizeof(protocol));
	if (has_ports(key->protocol)) {
		add_port(&in, key->low_port);
		add_port(&in, key->high_port);
	}
	digest_sha1(in.bytes, in.len, sha1);

	out[0] = '1';
	out[1] = ':';
	(void)EVP_EncodeBlock((unsigned char *)out + 2, sha1, sizeof(sha1));
}
