#include "sensor/detect/http_habits.h"

#include "sensor/detect/statistics.h"
#include "sensor/intel/suffix_rules.h"

#include <string.h>
#include <strings.h>

enum { HOSTS = 4096, DEVICES = 256, NETWORK_LEN = ADDRESS_LEN - 1 };

/* No padding. */
struct asked_key {
	uint32_t device;
	uint32_t spare;
	uint64_t host;
};

struct odd_places {
	uint32_t count;
	uint32_t spare;
	uint64_t places[HTTP_ODD_PLACES_MAX]; /* hashes */
};

enum err http_habits_start(struct http_habits *habits, const struct suffix_rules *suffixes)
{
	enum err err;

	habits->suffixes = suffixes;
	err = lru_map_new(&habits->asked, HOSTS, sizeof(struct asked_key), sizeof(nanotime));
	if (err != ERR_OK)
		return err;
	return lru_map_new(&habits->places, DEVICES, sizeof(uint32_t), sizeof(struct odd_places));
}

void http_habits_stop(struct http_habits *habits)
{
	lru_map_free(habits->asked);
	lru_map_free(habits->places);
}

bool http_habits_asked_is_sound(const void *key, const void *value)
{
	const struct asked_key *k = key;

	(void)value;
	return k->device != 0 && k->spare == 0;
}

bool http_habits_places_are_sound(const void *key, const void *value)
{
	const struct odd_places *odd = value;

	return *(const uint32_t *)key != 0 && odd->count <= HTTP_ODD_PLACES_MAX;
}

static bool sends_data(const struct attributes *request)
{
	const char *method = attributes_text(request, ATTRIBUTE_METHOD);

	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
}

/* A page that was opened encrypted was not to be seen. */
static bool claims_own_page(const struct attributes *request)
{
	static const char plain[] = "http://";
	const char *from = attributes_text(request, ATTRIBUTE_REFERER);
	const char *host = attributes_text(request, ATTRIBUTE_HOST);
	bool has_session = attributes_has(request, ATTRIBUTE_COOKIES) ||
			   attributes_has(request, ATTRIBUTE_AUTH);
	size_t len = strcspn(host, ":");

	if (strncasecmp(from, plain, sizeof(plain) - 1) == 0)
		from += sizeof(plain) - 1;
	return !has_session && len > 0 && strncasecmp(from, host, len) == 0 &&
	       (from[len] == '/' || from[len] == ':' || from[len] == '\0');
}

bool http_habits_note(struct http_habits *habits, const struct observation *seen, const char *host)
{
	const struct fact *fact = seen->fact;
	struct asked_key key = { .device = seen->device };
	bool is_new;
	nanotime *when;

	key.host = host[0] != '\0' ? distinct_hash(host, strlen(host))
				   : distinct_hash(fact->flow.server.bytes, ADDRESS_LEN);
	when = lru_map_touch(habits->asked, &key, &is_new);
	*when = fact->time;
	return is_new && lru_map_count(habits->asked) < HOSTS && !fact->flow.is_midstream &&
	       (host[0] == '\0' || seen->resolved[0] != '\0') && sends_data(&fact->message.said) &&
	       claims_own_page(&fact->message.said);
}

uint32_t http_habits_odd_place(struct http_habits *habits, const struct place_key *key,
			       const char *name)
{
	const char *domain = key->by_name ? suffix_rules_domain(habits->suffixes, name) : NULL;
	const char *place = domain ? domain : name;
	uint64_t hash = key->by_name ? distinct_hash(place, strlen(place))
				     : distinct_hash(key->peer, NETWORK_LEN);
	bool is_new;
	struct odd_places *odd = lru_map_touch(habits->places, &key->device, &is_new);

	for (uint32_t i = 0; i < odd->count; i++) {
		if (odd->places[i] == hash)
			return odd->count;
	}
	if (odd->count < HTTP_ODD_PLACES_MAX)
		odd->places[odd->count++] = hash;
	return odd->count;
}
