/*
 * What a device's web requests show beyond one place: which hosts it has asked before, and at how
 * many unrelated places it behaves oddly. One thread; its owner keeps both maps.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"

struct http_habits {
	const struct suffix_rules *suffixes;
	struct lru_map *asked;  /* device and host → when it was last */
	struct lru_map *places; /* device → struct odd_places */
};

/* Takes about 200 KiB; ERR_MEMORY. `suffixes` is borrowed for as long as it lives. */
MUST_USE enum err http_habits_start(struct http_habits *habits,
				    const struct suffix_rules *suffixes);
void http_habits_stop(struct http_habits *habits); /* also after a failed start */

/* For kept tables of `asked` and `places`. */
bool http_habits_asked_is_sound(const void *key, const void *value);
bool http_habits_places_are_sound(const void *key, const void *value);

/*
 * Notes an http.request to `host` ("" is the address). True when it is the device's first one
 * there, sends data, and claims to come from a page of that host, which the device never opened. Of
 * a name whose lookup was not seen that is not known, nor of what has been forgotten: then false.
 */
bool http_habits_note(struct http_habits *habits, const struct observation *seen, const char *host);

/*
 * Notes an odd place of its device: by the registered domain of `name`, or by address, of which a
 * network counts once. How many there are with it, at most HTTP_ODD_PLACES_MAX.
 */
enum { HTTP_ODD_PLACES_MAX = 8 };
uint32_t http_habits_odd_place(struct http_habits *habits, const struct place_key *key,
			       const char *name);
