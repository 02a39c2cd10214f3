#include "sensor/base/address.h"

#include "sensor/base/digits.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

struct address address_v4(const uint8_t bytes[static 4])
{
	struct address a;

	memcpy(a.bytes, v4_mapped, sizeof(v4_mapped));
	memcpy(a.bytes + sizeof(v4_mapped), bytes, 4);
	return a;
}

struct address address_v6(const uint8_t bytes[static 16])
{
	struct address a;

	memcpy(a.bytes, bytes, sizeof(a.bytes));
	return a;
}

int address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, ADDRESS_LEN);
}

bool address_is_loopback(const struct address *a)
{
	static const struct address v6 = { { [15] = 1 } };

	return address_is_v4(a) ? a->bytes[12] == 127 : address_equal(a, &v6);
}

bool address_is_multicast(const struct address *a)
{
	return address_is_v4(a) ? (a->bytes[12] & 0xf0) == 0xe0 : a->bytes[0] == 0xff;
}

bool address_is_broadcast(const struct address *a)
{
	static const uint8_t ones[4] = { 255, 255, 255, 255 };

	return address_is_v4(a) && memcmp(a->bytes + 12, ones, sizeof(ones)) == 0;
}

bool address_is_unspecified(const struct address *a)
{
	static const struct address v6 = { { 0 } };
	static const uint8_t zeros[4] = { 0 };

	return address_equal(a, &v6) || (address_is_v4(a) && memcmp(a->bytes + 12, zeros, 4) == 0);
}

bool address_is_link_local(const struct address *a)
{
	if (address_is_v4(a))
		return a->bytes[12] == 169 && a->bytes[13] == 254;
	return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

enum err address_parse(const char *text, struct address *out)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1) {
		*out = address_v4(bytes);
		return ERR_OK;
	}
	if (inet_pton(AF_INET6, text, bytes) == 1) {
		*out = address_v6(bytes);
		return ERR_OK;
	}
	return ERR_SYNTAX;
}

static inline char *put_v4(char *out, const uint8_t bytes[static 4])
{
	out = digits_octet_dot(out, bytes[0]);
	out = digits_octet_dot(out, bytes[1]);
	out = digits_octet_dot(out, bytes[2]);
	return digits_octet_dot(out, bytes[3]) - 1;
}

enum { V6_GROUPS = 8 };

struct group_run {
	unsigned start;
	unsigned len;
};

/* The first of the longest runs of zero groups: "::" stands for it, but not for a single group. */
static struct group_run longest_zeros(const uint8_t bytes[static ADDRESS_LEN])
{
	struct group_run longest = { .len = 1 };
	struct group_run run = { 0 };

	for (unsigned i = 0; i < V6_GROUPS; i++) {
		if (bytes[(size_t)2 * i] != 0 || bytes[(size_t)2 * i + 1] != 0) {
			run = (struct group_run){ .start = i + 1 };
			continue;
		}
		run.len++;
		if (run.len > longest.len)
			longest = run;
	}
	return longest.len > 1 ? longest : (struct group_run){ .start = V6_GROUPS };
}

/* Out of line, so that an IPv4 address saves no registers for it: 18 of 76 instructions. */
static __attribute__((noinline)) char *put_v6(char *out, const uint8_t bytes[static ADDRESS_LEN])
{
	struct group_run zeros = longest_zeros(bytes);
	unsigned group = 0;

	/* RFC 4291 2.2: an IPv4-compatible address ends in its IPv4 form. */
	if (zeros.start == 0 && zeros.len == 6) {
		*out++ = ':';
		*out++ = ':';
		return put_v4(out, bytes + 12);
	}
	while (group < V6_GROUPS) {
		if (group == zeros.start) {
			*out++ = ':';
			*out++ = ':';
			group += zeros.len;
			continue;
		}
		if (group > 0 && group != zeros.start + zeros.len)
			*out++ = ':';
		out = digits_hex(out, (unsigned)bytes[(size_t)2 * group] << 8 |
					      bytes[(size_t)2 * group + 1]);
		group++;
	}
	return out;
}

size_t address_text(const struct address *a, char out[static ADDRESS_TEXT_LEN])
{
	char *end = address_is_v4(a) ? put_v4(out, a->bytes + 12) : put_v6(out, a->bytes);

	*end = '\0';
	return (size_t)(end - out);
}

static void clear_host_bits(struct prefix *p)
{
	for (unsigned bit = p->bits; bit < ADDRESS_LEN * 8; bit++)
		p->address.bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
}

enum err prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[ADDRESS_TEXT_LEN];
	struct prefix p = { .bits = ADDRESS_LEN * 8 };

	if (len >= sizeof(address))
		return ERR_SYNTAX;
	memcpy(address, text, len);
	address[len] = '\0';
	if (address_parse(address, &p.address) != ERR_OK)
		return ERR_SYNTAX;

	if (slash) {
		unsigned skipped = address_is_v4(&p.address) ? V4_PREFIX_BITS : 0;
		char *end;
		unsigned long bits = strtoul(slash + 1, &end, 10);

		if (slash[1] < '0' || slash[1] > '9' || *end != '\0')
			return ERR_SYNTAX;
		if (bits > ADDRESS_LEN * 8 - skipped)
			return ERR_RANGE;
		p.bits = (uint8_t)(bits + skipped);
	}
	clear_host_bits(&p);
	*out = p;
	return ERR_OK;
}

static inline uint64_t load_be64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return be64toh(word);
}

bool prefix_holds(const struct prefix *p, const struct address *a)
{
	const unsigned half = ADDRESS_LEN * 8 / 2;
	uint64_t high = load_be64(p->address.bytes) ^ load_be64(a->bytes);

	/* A short IPv6 prefix such as ::/0 means all IPv6, not the mapped IPv4 addresses in it. */
	if (p->bits < V4_PREFIX_BITS && address_is_v4(a))
		return false;
	if (p->bits <= half) /* a shift by all bits of a word is undefined */
		return p->bits == 0 || high >> (half - p->bits) == 0;
	if (high != 0)
		return false;

	const size_t at = ADDRESS_LEN / 2;
	uint64_t low = load_be64(p->address.bytes + at) ^ load_be64(a->bytes + at);

	return low >> (2 * half - p->bits) == 0;
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->bytes, b->bytes, MAC_LEN) == 0;
}

bool mac_is_zero(const struct mac *m)
{
	static const struct mac zero;

	return mac_equal(m, &zero);
}

bool mac_is_group(const struct mac *m)
{
	return m->bytes[0] & 1;
}

bool mac_is_local(const struct mac *m)
{
	return m->bytes[0] & 2;
}

void mac_text(const struct mac *m, char out[static MAC_TEXT_LEN])
{
	(void)snprintf(out, MAC_TEXT_LEN, "%02x:%02x:%02x:%02x:%02x:%02x", m->bytes[0], m->bytes[1],
		       m->bytes[2], m->bytes[3], m->bytes[4], m->bytes[5]);
}
