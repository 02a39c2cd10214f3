#include "sensor/intel/known_resolvers.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
/* In order of their addresses. */
static const struct resolver {
	uint8_t bytes[4];
	bool is_known; /* else offered to everybody, but no browser's choice */
} v4[] = {
	{ { 1, 0, 0, 1 }, true }, /* Cloudflare */
	{ { 1, 0, 0, 2 }, true }, /* Cloudflare */
	{ { 1, 0, 0, 3 }, true }, /* Cloudflare */
	{ { 1, 1, 1, 1 }, true }, /* Cloudflare */
	{ { 1, 1, 1, 2 }, true }, /* Cloudflare */
	{ { 1, 1, 1, 3 }, true }, /* Cloudflare */
	{ { 4, 2, 2, 1 }, false }, /* Level 3 */
	{ { 4, 2, 2, 2 }, false }, /* Level 3 */
	{ { 4, 2, 2, 3 }, false }, /* Level 3 */
	{ { 4, 2, 2, 4 }, false }, /* Level 3 */
	{ { 4, 2, 2, 5 }, false }, /* Level 3 */
	{ { 4, 2, 2, 6 }, false }, /* Level 3 */
	{ { 8, 8, 4, 4 }, true }, /* Google */
	{ { 8, 8, 8, 8 }, true }, /* Google */
	{ { 8, 20, 247, 20 }, false }, /* Comodo */
	{ { 8, 26, 56, 26 }, false }, /* Comodo */
	{ { 9, 9, 9, 9 }, true }, /* Quad9 */
	{ { 9, 9, 9, 10 }, true }, /* Quad9 */
	{ { 9, 9, 9, 11 }, true }, /* Quad9 */
	{ { 45, 11, 45, 11 }, false }, /* DNS.SB */
	{ { 45, 90, 28, 0 }, false }, /* NextDNS */
	{ { 45, 90, 30, 0 }, false }, /* NextDNS */
	{ { 64, 6, 64, 6 }, false }, /* Neustar */
	{ { 64, 6, 65, 6 }, false }, /* Neustar */
	{ { 76, 76, 2, 0 }, false }, /* Control D */
	{ { 76, 76, 10, 0 }, false }, /* Control D */
	{ { 76, 76, 19, 19 }, false }, /* Alternate DNS */
	{ { 76, 223, 122, 150 }, false }, /* Alternate DNS */
	{ { 77, 88, 8, 1 }, false }, /* Yandex */
	{ { 77, 88, 8, 2 }, false }, /* Yandex */
	{ { 77, 88, 8, 3 }, false }, /* Yandex */
	{ { 77, 88, 8, 7 }, false }, /* Yandex */
	{ { 77, 88, 8, 8 }, false }, /* Yandex */
	{ { 77, 88, 8, 88 }, false }, /* Yandex */
	{ { 94, 140, 14, 14 }, true }, /* AdGuard */
	{ { 94, 140, 15, 15 }, true }, /* AdGuard */
	{ { 101, 101, 101, 101 }, false }, /* TWNIC */
	{ { 101, 102, 103, 104 }, false }, /* TWNIC */
	{ { 101, 226, 4, 6 }, false }, /* DNS Pai */
	{ { 103, 2, 57, 5 }, true }, /* IIJ */
	{ { 103, 2, 57, 6 }, true }, /* IIJ */
	{ { 114, 114, 114, 114 }, false }, /* 114DNS */
	{ { 114, 114, 115, 115 }, false }, /* 114DNS */
	{ { 119, 29, 29, 29 }, false }, /* DNSPod */
	{ { 129, 250, 35, 250 }, false }, /* NTT */
	{ { 129, 250, 35, 251 }, false }, /* NTT */
	{ { 149, 112, 112, 10 }, true }, /* Quad9 */
	{ { 149, 112, 112, 11 }, true }, /* Quad9 */
	{ { 149, 112, 112, 112 }, true }, /* Quad9 */
	{ { 156, 154, 70, 1 }, false }, /* Neustar */
	{ { 156, 154, 71, 1 }, false }, /* Neustar */
	{ { 168, 126, 63, 1 }, false }, /* KT */
	{ { 168, 126, 63, 2 }, false }, /* KT */
	{ { 180, 76, 76, 76 }, false }, /* Baidu */
	{ { 182, 254, 116, 116 }, false }, /* DNSPod */
	{ { 185, 222, 222, 222 }, false }, /* DNS.SB */
	{ { 185, 228, 168, 9 }, false }, /* CleanBrowsing */
	{ { 185, 228, 168, 10 }, false }, /* CleanBrowsing */
	{ { 185, 228, 168, 168 }, false }, /* CleanBrowsing */
	{ { 185, 253, 5, 0 }, false }, /* dns0.eu */
	{ { 193, 110, 81, 0 }, false }, /* dns0.eu */
	{ { 208, 67, 220, 123 }, false }, /* Cisco */
	{ { 208, 67, 220, 220 }, true }, /* Cisco */
	{ { 208, 67, 220, 222 }, false }, /* Cisco */
	{ { 208, 67, 222, 123 }, false }, /* Cisco */
	{ { 208, 67, 222, 220 }, false }, /* Cisco */
	{ { 208, 67, 222, 222 }, true }, /* Cisco */
	{ { 218, 30, 118, 6 }, false }, /* DNS Pai */
	{ { 223, 5, 5, 5 }, false }, /* Alibaba */
	{ { 223, 6, 6, 6 }, false }, /* Alibaba */
};
/* clang-format on */

static const uint8_t v6[][ADDRESS_LEN] = {
	{ 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x44 }, /* Google */
	{ 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88 },
	{ 0x26, 0x06, 0x47, 0x00, 0x47, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x01 }, /* Cloudflare */
	{ 0x26, 0x06, 0x47, 0x00, 0x47, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11 },
	{ 0x26, 0x20, 0x00, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe }, /* Quad9 */
};

static int compare(const void *bytes, const void *row)
{
	const struct resolver *resolver = row;

	return memcmp(bytes, resolver->bytes, sizeof(resolver->bytes));
}

/* NULL when it is none. */
static const struct resolver *find_v4(const struct address *address)
{
	return bsearch(address->bytes + V4_PREFIX_BITS / 8, v4, sizeof(v4) / sizeof(v4[0]),
		       sizeof(v4[0]), compare);
}

static bool is_among_v6(const struct address *address)
{
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		if (memcmp(address->bytes, v6[i], ADDRESS_LEN) == 0)
			return true;
	}
	return false;
}

bool resolver_is_known(const struct address *address)
{
	const struct resolver *found;

	if (!address_is_v4(address))
		return is_among_v6(address);
	found = find_v4(address);
	return found && found->is_known;
}

bool resolver_is_public(const struct address *address)
{
	return address_is_v4(address) ? find_v4(address) != NULL : is_among_v6(address);
}

static bool holds_one_of_v4(const struct prefix *network)
{
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++) {
		struct address address = address_v4(v4[i].bytes);

		if (prefix_holds(network, &address))
			return true;
	}
	return false;
}

bool resolver_is_within(const struct prefix *network)
{
	if (address_is_v4(&network->address))
		return holds_one_of_v4(network);
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		struct address address = address_v6(v6[i]);

		if (prefix_holds(network, &address))
			return true;
	}
	return false;
}
