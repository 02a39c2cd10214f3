#include "sensor/intel/known_resolvers.h"

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

/* Offered to everybody, but no browser's choice. */
static const uint8_t public_v4[][4] = {
	{ 4, 2, 2, 1 },         { 4, 2, 2, 2 },         { 4, 2, 2, 3 },
	{ 4, 2, 2, 4 },         { 4, 2, 2, 5 },         { 4, 2, 2, 6 }, /* Level 3 */
	{ 8, 20, 247, 20 },     { 8, 26, 56, 26 },                      /* Comodo */
	{ 45, 90, 28, 0 },      { 45, 90, 30, 0 },                      /* NextDNS */
	{ 64, 6, 64, 6 },       { 64, 6, 65, 6 },                       /* Neustar */
	{ 76, 76, 2, 0 },       { 76, 76, 10, 0 },                      /* Control D */
	{ 76, 76, 19, 19 },     { 76, 223, 122, 150 },                  /* Alternate DNS */
	{ 77, 88, 8, 1 },       { 77, 88, 8, 2 },       { 77, 88, 8, 3 },
	{ 77, 88, 8, 7 },       { 77, 88, 8, 8 },       { 77, 88, 8, 88 },      /* Yandex */
	{ 101, 101, 101, 101 }, { 101, 102, 103, 104 },                         /* TWNIC */
	{ 101, 226, 4, 6 },     { 218, 30, 118, 6 },                            /* DNS Pai */
	{ 114, 114, 114, 114 }, { 114, 114, 115, 115 },                         /* 114DNS */
	{ 119, 29, 29, 29 },    { 182, 254, 116, 116 },                         /* DNSPod */
	{ 129, 250, 35, 250 },  { 129, 250, 35, 251 },                          /* NTT */
	{ 156, 154, 70, 1 },    { 156, 154, 71, 1 },                            /* Neustar */
	{ 168, 126, 63, 1 },    { 168, 126, 63, 2 },                            /* KT */
	{ 180, 76, 76, 76 },                                                    /* Baidu */
	{ 185, 222, 222, 222 }, { 45, 11, 45, 11 },                             /* DNS.SB */
	{ 185, 228, 168, 9 },   { 185, 228, 168, 10 },  { 185, 228, 168, 168 }, /* CleanBrowsing */
	{ 193, 110, 81, 0 },    { 185, 253, 5, 0 },                             /* dns0.eu */
	{ 208, 67, 220, 123 },  { 208, 67, 222, 123 },  { 208, 67, 220, 222 },
	{ 208, 67, 222, 220 },                    /* Cisco */
	{ 223, 5, 5, 5 },       { 223, 6, 6, 6 }, /* Alibaba */
};

static bool v4_is_among(const uint8_t *bytes, const uint8_t (*list)[4], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (memcmp(bytes, list[i], sizeof(list[i])) == 0)
			return true;
	}
	return false;
}

bool resolver_is_known(const struct address *address)
{
	if (address_is_v4(address))
		return v4_is_among(address->bytes + V4_PREFIX_BITS / 8, v4,
				   sizeof(v4) / sizeof(v4[0]));
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		if (memcmp(address->bytes, v6[i], ADDRESS_LEN) == 0)
			return true;
	}
	return false;
}

bool resolver_is_public(const struct address *address)
{
	return resolver_is_known(address) ||
	       (address_is_v4(address) &&
		v4_is_among(address->bytes + V4_PREFIX_BITS / 8, public_v4,
			    sizeof(public_v4) / sizeof(public_v4[0])));
}
