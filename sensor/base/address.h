/*
 * IP and Ethernet addresses as plain values. IPv4 is held as ::ffff:a.b.c.d (RFC 4291 2.5.5.2),
 * so that one type serves both families.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	ADDRESS_LEN = 16,
	ADDRESS_TEXT_LEN = 48,
	MAC_LEN = 6,
	MAC_TEXT_LEN = 18,
	V4_PREFIX_BITS = 96, /* what the mapped form adds to an IPv4 prefix length */
};

struct address {
	uint8_t bytes[ADDRESS_LEN];
};

struct mac {
	uint8_t bytes[MAC_LEN];
};

struct prefix {
	struct address address;
	uint8_t bits; /* of the 128: an IPv4 /24 is 120 */
};

struct address address_v4(const uint8_t bytes[static 4]);
struct address address_v6(const uint8_t bytes[static 16]);

/* By words, in line: each packet asks. */
static inline bool address_is_v4(const struct address *a)
{
	static const uint8_t mapped[] = { 0, 0, 0xff, 0xff };

	return memcmp(a->bytes, (const uint8_t[8]){ 0 }, 8) == 0 &&
	       memcmp(a->bytes + 8, mapped, sizeof(mapped)) == 0;
}

static inline bool address_equal(const struct address *a, const struct address *b)
{
	uint64_t low[2];
	uint64_t high[2];

	memcpy(low, a, sizeof(low));
	memcpy(high, b, sizeof(high));
	return ((low[0] ^ high[0]) | (low[1] ^ high[1])) == 0;
}

/* <0, 0, >0, byte by byte: an order of our own choosing that every machine shares. */
int address_compare(const struct address *a, const struct address *b);

/* 127/8 and ::1. */
bool address_is_loopback(const struct address *a);
/* 224/4 and ff00::/8. */
bool address_is_multicast(const struct address *a);
/* 255.255.255.255 only: a subnet's own broadcast needs its prefix to be known. */
bool address_is_broadcast(const struct address *a);
/* 0.0.0.0 and ::. */
bool address_is_unspecified(const struct address *a);
/* 169.254/16 and fe80::/10. */
bool address_is_link_local(const struct address *a);

/* "192.0.2.1", "2001:db8::1"; nothing else: no names, no ports, no brackets. */
MUST_USE enum err address_parse(const char *text, struct address *out);
/* RFC 5952, byte by byte what inet_ntop() writes; returns the length. */
size_t address_text(const struct address *a, char out[static ADDRESS_TEXT_LEN]);

/* "192.0.2.0/24", "2001:db8::/32", or an address alone. Bits beyond the prefix are cleared. */
MUST_USE enum err prefix_parse(const char *text, struct prefix *out);
bool prefix_holds(const struct prefix *p, const struct address *a);

bool mac_equal(const struct mac *a, const struct mac *b);
bool mac_is_zero(const struct mac *m);
/* The group bit: multicast and broadcast frames (IEEE 802.3). */
bool mac_is_group(const struct mac *m);
/* The locally administered bit: a phone's or laptop's random address, or a virtual machine's. */
bool mac_is_local(const struct mac *m);
void mac_text(const struct mac *m, char out[static MAC_TEXT_LEN]);
