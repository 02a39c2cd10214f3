/*
 * Where in the world an address is, as a database of somebody else's says: country, network
 * (autonomous system) and who runs it. Plain values; pure.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/nanotime.h"
#include "sensor/config/config.h"

enum { PLACE_ORGANISATION_LEN = 64, PLACE_DAY_LEN = 11 /* "2026-11-22", with the NUL */ };

/* Kept as it lies in memory: no padding, and nothing behind texts. */
struct place {
	char country[COUNTRY_LEN]; /* ISO 3166-1, two capitals; "" is not known */
	uint8_t spare;
	uint32_t asn;                              /* 0 is not known */
	uint32_t country_day;                      /* since 1970: when that database was built */
	uint32_t network_day;                      /* likewise, of ASN and organisation */
	char organisation[PLACE_ORGANISATION_LEN]; /* clean text; "" is not known */
};

/* Whether it says anything. */
bool place_is_known(const struct place *place);

/* Takes from `more` what `place` does not have. */
void place_add(struct place *place, const struct place *more);

/* For what was kept elsewhere. */
bool place_is_sound(const struct place *place);

/* "2026-11-22". */
void place_day_text(uint32_t day, char out[static PLACE_DAY_LEN]);

/* Whether the organisation's name says that it rents out servers. */
bool place_is_hosting(const struct place *place);
