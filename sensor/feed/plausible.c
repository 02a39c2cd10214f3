#include "sensor/feed/plausible.h"

#include "sensor/base/text.h"
#include "sensor/feed/plausible_path.h"
#include "sensor/intel/known_resolvers.h"
#include "sensor/intel/known_services.h"
#include "sensor/intel/rented_names.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	POPULAR_AT_FIRST = 1024,
	WIDEST_V4_BITS = V4_PREFIX_BITS + 9,
	WIDEST_V6_BITS = 19,
	WWW_LEN = 4,
};

static const char *const nobody_texts[] = {
	"0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",   "::/128",      "::1/128",
	"fc00::/7",      "fe80::/10",      "ff00::/8",
};

enum { NOBODY_COUNT = sizeof(nobody_texts) / sizeof(nobody_texts[0]) };

struct plausible {
	const struct suffix_rules *suffixes;
	struct prefix nobody[NOBODY_COUNT];
	/* Keys of the names that everybody visits. */
	uint64_t *popular;
	size_t popular_count;
	size_t popular_room;
	bool is_sorted;
};

enum err plausible_new(struct plausible **out, const struct suffix_rules *suffixes)
{
	struct plausible *p = calloc(1, sizeof(*p));
	enum err err = ERR_OK;

	if (!p)
		return ERR_MEMORY;
	p->suffixes = suffixes;
	for (size_t i = 0; i < NOBODY_COUNT && err == ERR_OK; i++)
		err = prefix_parse(nobody_texts[i], &p->nobody[i]);
	if (err == ERR_OK)
		*out = p;
	else
		plausible_free(p);
	return err;
}

void plausible_free(struct plausible *p)
{
	if (!p)
		return;
	free(p->popular);
	free(p);
}

enum err plausible_note_popular(struct plausible *p, const struct intel_item *name)
{
	if (p->popular_count == p->popular_room) {
		size_t room = p->popular_room == 0 ? POPULAR_AT_FIRST : p->popular_room * 2;
		uint64_t *moved = realloc(p->popular, room * sizeof(moved[0]));

		if (!moved)
			return ERR_MEMORY;
		p->popular = moved;
		p->popular_room = room;
	}
	p->popular[p->popular_count++] = intel_item_key(name);
	p->is_sorted = false;
	return ERR_OK;
}

static int by_value(const void *left, const void *right)
{
	const uint64_t *a = left;
	const uint64_t *b = right;

	return (*a > *b) - (*a < *b);
}

static bool is_popular(struct plausible *p, const char *name)
{
	struct intel_item item;
	uint64_t key;

	if (p->popular_count == 0 || intel_item_name(name, &item) != ERR_OK)
		return false;
	if (!p->is_sorted)
		qsort(p->popular, p->popular_count, sizeof(p->popular[0]), by_value);
	p->is_sorted = true;
	key = intel_item_key(&item);
	return bsearch(&key, p->popular, p->popular_count, sizeof(key), by_value) != NULL;
}

/* The provider's own name, not one that a stranger has below it. */
static bool is_provider(const char *name)
{
	size_t low = 0;
	size_t high = rented_names_count();

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(rented_names_at(middle), name);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return service_is_shared(name);
}

/* Of the office itself (RFC 6762, RFC 8375, and what routers hand out). */
static bool is_of_the_office(const char *name)
{
	static const char *const ends[] = { "local", "localdomain", "localhost", "lan",
					    "home",  "internal",    "intranet",  "home.arpa" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (text_host_under(name, ends[i]))
			return true;
	}
	return false;
}

static const char *why_not_name(struct plausible *p, const char *name)
{
	const char *shown = strncmp(name, "www.", WWW_LEN) == 0 ? name + WWW_LEN : name;

	if (!suffix_rules_domain(p->suffixes, name))
		return "a public suffix: it would blame everybody below it";
	if (is_of_the_office(name))
		return "no name on the internet";
	if (is_popular(p, name) || is_popular(p, shown))
		return "one of the names that everybody visits";
	if (known_service(name) != SERVICE_NONE)
		return "a service that ordinary devices use by themselves";
	if (is_provider(shown))
		return "a name that many strangers share: a URL or a name below it is needed";
	return NULL;
}

static bool is_nobody_s(const struct plausible *p, const struct prefix *network)
{
	for (size_t i = 0; i < NOBODY_COUNT; i++) {
		const struct prefix *own = &p->nobody[i];

		if (prefix_holds(own, &network->address) ||
		    (network->bits < own->bits && prefix_holds(network, &own->address)))
			return true;
	}
	return false;
}

static const char *why_not_network(const struct plausible *p, const struct prefix *network)
{
	bool is_v4 = address_is_v4(&network->address);

	if (network->bits < (is_v4 ? WIDEST_V4_BITS : WIDEST_V6_BITS))
		return "so wide a network would blame everybody";
	if (is_nobody_s(p, network))
		return "no address on the internet";
	if (resolver_is_within(network))
		return "a public resolver, which everybody asks";
	return NULL;
}

/* A page of a name that many share is its own; its front page is the name itself. */
static const char *why_not_url(struct plausible *p, const struct intel_item *item)
{
	const uint8_t *slash = memchr(item->bytes, '/', item->len);
	size_t len = slash ? (size_t)(slash - item->bytes) : item->len;
	char host[INTEL_ITEM_MAX + 1];
	struct prefix network;

	if (len == 0)
		return path_own((const char *)item->bytes, item->len) < PATH_OWN_LEAST
			       ? "so common a path without its host could be anybody's"
			       : NULL;
	memcpy(host, item->bytes, len);
	host[len] = '\0';
	if (prefix_parse(host, &network) == ERR_OK)
		return is_nobody_s(p, &network) ? "no address on the internet" : NULL;
	return len + 1 >= item->len ? why_not_name(p, host) : NULL;
}

const char *plausible_why_not(struct plausible *p, const struct intel_item *item)
{
	enum intel_kind kind = item->kind;
	char name[INTEL_ITEM_MAX + 1];

	if (kind == INTEL_ADDRESS || kind == INTEL_ENDPOINT || kind == INTEL_NETWORK)
		return why_not_network(p, &item->network);
	if (kind == INTEL_URL)
		return why_not_url(p, item);
	if (kind != INTEL_NAME)
		return NULL;
	memcpy(name, item->bytes, item->len);
	name[item->len] = '\0';
	return why_not_name(p, name);
}

const char *plausible_why_no_place(const struct intel_item *item)
{
	bool is_v4 = address_is_v4(&item->network.address);

	if (item->kind == INTEL_NETWORK &&
	    item->network.bits < (is_v4 ? V4_PREFIX_BITS + CHAR_BIT : CHAR_BIT))
		return "so wide a network says nothing";
	if (item->kind == INTEL_URL && item->bytes[0] == '/')
		return "a path without its host is no place";
	return NULL;
}
