#include "sensor/health/known_resolvers.h"

static const uint8_t v4[][4] = {
	{ 1, 0, 0, 1 },        { 1, 0, 0, 2 },        { 1, 0, 0, 3 },  /* Cloudflare */
	{ 1, 1, 1, 1 },        { 1, 1, 1, 2 },        { 1, 1, 1, 3 },  /* … its filtering ones */
	{ 8, 8, 4, 4 },        { 8, 8, 8, 8 },                         /* Google */
	{ 9, 9, 9, 9 },        { 9, 9, 9, 10 },       { 9, 9, 9, 11 }, /* Quad9 */
	{ 94, 140, 14, 14 },   { 94, 140, 15, 15 },                    /* AdGuard */
	{ 103, 2, 57, 5 },     { 103, 2, 57, 6 },                      /* IIJ */
	{ 149, 112, 112, 10 }, { 149, 112, 112, 11 }, { 149, 112, 112, 112 }, /* Quad9 */
	{ 208, 67, 220, 220 }, { 208, 67, 222, 222 },                         /* Cisco */
};

static const uint8_t v6[][ADDRESS_LEN] = {
	{ 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x44 }, /* Google */
	{ 0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88 },
	{ 0x26, 0x06, 0x47, 0x00, 0x47, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x01 }, /* Cloudflare */
	{ 0x26, 0x06, 0x47, 0x00, 0x47, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11 },
	{ 0x26, 0x20, 0x00, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe }, /* Quad9 */
};

static bool v4_is_known(const uint8_t *bytes)
{
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++) {
		if (memcmp(bytes, v4[i], sizeof(v4[i])) == 0)
			return true;
	}
	return false;
}

bool resolver_is_known(const struct address *address)
{
	if (address_is_v4(address))
		return v4_is_known(address->bytes + V4_PREFIX_BITS / 8);
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		if (memcmp(address->bytes, v6[i], ADDRESS_LEN) == 0)
			return true;
	}
	return false;
}
