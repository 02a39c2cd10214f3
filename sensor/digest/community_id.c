#include "sensor/digest/community_id.h"

#include "sensor/digest/digest.h"

#include <endian.h>
#include <string.h>

enum { SEED_LEN = 2, PORTS_LEN = 4, INPUT_MAX = SEED_LEN + 2 * ADDRESS_LEN + 2 + PORTS_LEN };

_Static_assert((int)INPUT_MAX <= (int)SHA1_BLOCK_MAX, "it is one block");

static uint8_t *put_address(uint8_t *out, const struct address *a, uint8_t ip_version)
{
	if (ip_version == 4) {
		memcpy(out, a->bytes + V4_PREFIX_BITS / 8, 4);
		return out + 4;
	}
	memcpy(out, a->bytes, ADDRESS_LEN);
	return out + ADDRESS_LEN;
}

static uint8_t *put_port(uint8_t *out, uint16_t port)
{
	out[0] = (uint8_t)(port >> 8);
	out[1] = (uint8_t)port;
	return out + 2;
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

/* RFC 4648: twenty bytes are six groups of three, and two that an equals sign fills up. */
static void put_base64(char *out, const uint8_t sha1[static SHA1_LEN])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t bytes[SHA1_LEN + 4] = { 0 }; /* the last group is read as a word too */
	uint32_t word;

	memcpy(bytes, sha1, SHA1_LEN);
	for (size_t i = 0; i < SHA1_LEN; i += 3) {
		memcpy(&word, bytes + i, sizeof(word));
		word = be32toh(word);
		*out++ = digits[word >> 26];
		*out++ = digits[word >> 20 & 63];
		*out++ = digits[word >> 14 & 63];
		*out++ = digits[word >> 8 & 63];
	}
	out[-1] = '=';
	*out = '\0';
}

void community_id(const struct flow_key *key, bool source_is_low, char out[static COMMUNITY_ID_LEN])
{
	bool is_swapped = is_high_first(key, source_is_low);
	uint8_t input[SHA1_BLOCK_LEN] = { 0 }; /* begins with the seed */
	uint8_t *at = input + SEED_LEN;
	uint8_t sha1[SHA1_LEN];

	at = put_address(at, is_swapped ? &key->high : &key->low, key->ip_version);
	at = put_address(at, is_swapped ? &key->low : &key->high, key->ip_version);
	at[0] = key->protocol;
	at += 2;
	if (has_ports(key->protocol)) {
		at = put_port(at, is_swapped ? key->high_port : key->low_port);
		at = put_port(at, is_swapped ? key->low_port : key->high_port);
	}
	digest_sha1_block(input, (size_t)(at - input), sha1);

	out[0] = '1';
	out[1] = ':';
	put_base64(out + 2, sha1);
}
