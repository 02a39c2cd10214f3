#include "sensor/geo/place.h"

#include "sensor/base/kept_table.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAYS_MOST = 2932896 /* 9999-12-31 */ };

bool place_is_known(const struct place *place)
{
	return place->country[0] != '\0' || place->asn != 0;
}

void place_add(struct place *place, const struct place *more)
{
	if (place->country[0] == '\0' && more->country[0] != '\0') {
		memcpy(place->country, more->country, sizeof(place->country));
		place->country_day = more->country_day;
	}
	if (place->asn == 0 && more->asn != 0) {
		place->asn = more->asn;
		place->network_day = more->network_day;
		memcpy(place->organisation, more->organisation, sizeof(place->organisation));
	}
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool place_is_sound(const struct place *place)
{
	bool is_country = is_capital(place->country[0]) && is_capital(place->country[1]) &&
			  place->country[2] == '\0';

	return (is_country || place->country[0] == '\0') && place->country_day <= DAYS_MOST &&
	       place->network_day <= DAYS_MOST &&
	       kept_is_text(place->organisation, sizeof(place->organisation));
}

void place_day_text(uint32_t day, char out[static PLACE_DAY_LEN])
{
	const time_t when = (time_t)day * (time_t)(NANOTIME_DAY / NANOTIME_SECOND);
	struct tm date;

	if (day > DAYS_MOST || !gmtime_r(&when, &date) ||
	    strftime(out, PLACE_DAY_LEN, "%Y-%m-%d", &date) == 0)
		memcpy(out, "unknown", sizeof("unknown"));
}

/* As a word, so that "Cloudflare" is no cloud and "Observer" no server. */
static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strcasestr(at, word)); at++) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);

		if (begins && !isalnum((unsigned char)at[len]))
			return true;
	}
	return false;
}

bool place_is_hosting(const struct place *place)
{
	static const char *const words[] = { "hosting",    "host",        "hosted",
					     "server",     "servers",     "vps",
					     "dedicated",  "datacenter",  "datacentre",
					     "colocation", "data center", "data centre",
					     "cloud",      "clouds",      "webhosting" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (has_word(place->organisation, words[i]))
			return true;
	}
	return false;
}
