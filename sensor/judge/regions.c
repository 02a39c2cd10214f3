#include "sensor/judge/regions.h"

#include "sensor/base/lru_map.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The office as such, among devices: no device has this number. */
static const uint32_t the_office = 0;
static const nanotime known_least = 7 * NANOTIME_DAY;
static const double visits_least = 300; /* before a network's share of them says anything */
static const double rare_share = 0.005;

static const double times_for_unexpected = 2.5;
static const double times_for_new_here = 1.6;
static const double times_for_new = 1.3;
static const double times_for_hosting = 1.4;
static const double times_for_new_network = 1.25;

/* Without a country: when anything was first known of where it went. */
struct country_key {
	uint32_t device;
	char country[COUNTRY_LEN];
	uint8_t spare;
};

struct country_use {
	nanotime first;
};

/* Of network 0: of all of them. */
struct network_use {
	nanotime first;
	uint64_t visits;
};

struct regions {
	const struct config *config;
	struct place_databases *databases; /* NULL is none */
	struct lru_map *known;             /* struct address → struct place, zero: nothing */
	struct lru_map *countries;         /* struct country_key → struct country_use */
	struct lru_map *networks;          /* ASN → struct network_use */
};

enum err regions_new(struct regions **out, const struct config *config)
{
	struct regions *r = calloc(1, sizeof(*r));

	if (!r)
		return ERR_MEMORY;
	r->config = config;
	if (lru_map_new(&r->known, REGIONS_ADDRESSES, sizeof(struct address),
			sizeof(struct place)) != ERR_OK ||
	    lru_map_new(&r->countries, REGIONS_COUNTRIES, sizeof(struct country_key),
			sizeof(struct country_use)) != ERR_OK ||
	    lru_map_new(&r->networks, REGIONS_NETWORKS, sizeof(uint32_t),
			sizeof(struct network_use)) != ERR_OK) {
		regions_free(r);
		return ERR_MEMORY;
	}
	*out = r;
	return ERR_OK;
}

void regions_free(struct regions *regions)
{
	if (!regions)
		return;
	lru_map_free(regions->known);
	lru_map_free(regions->countries);
	lru_map_free(regions->networks);
	free(regions);
}

void regions_use(struct regions *regions, struct place_databases *databases)
{
	const void *key;

	regions->databases = databases;
	while (lru_map_next(regions->known, NULL, &key)) {
		struct address address;

		memcpy(&address, key, sizeof(address));
		lru_map_remove(regions->known, &address);
	}
}

bool regions_may_ask(const struct regions *regions)
{
	return regions->databases != NULL;
}

void regions_ask(struct regions *regions, const struct address *address, nanotime when)
{
	struct place *place;
	bool is_new;

	if (!regions->databases)
		return;
	place = lru_map_touch(regions->known, address, &is_new);
	if (is_new)
		(void)place_databases_find(regions->databases, address, when, place);
}

const struct place *regions_find(struct regions *regions, const struct address *address)
{
	const struct place *place;

	if (lru_map_count(regions->known) == 0)
		return NULL;
	place = lru_map_find(regions->known, address);
	return place && place_is_known(place) ? place : NULL;
}

static struct country_key key_of(uint32_t device, const char *country)
{
	struct country_key key = { .device = device };

	memcpy(key.country, country, strnlen(country, COUNTRY_LEN - 1));
	return key;
}

static void note_country(struct regions *r, uint32_t device, const char *country, nanotime when)
{
	const struct country_key key = key_of(device, country);
	bool is_new;
	struct country_use *use = lru_map_touch(r->countries, &key, &is_new);

	if (is_new || nanotime_went_back(use->first, when))
		use->first = when;
}

/* A flow is counted once, at its end. */
static void note_network(struct regions *r, uint32_t asn, nanotime when, bool is_counted)
{
	bool is_new;
	struct network_use *use = lru_map_touch(r->networks, &asn, &is_new);

	if (is_new || nanotime_went_back(use->first, when))
		*use = (struct network_use){ .first = when };
	use->visits += is_counted;
}

void regions_visit(struct regions *regions, const struct observation *seen)
{
	const struct place *place = seen->place;
	nanotime when = seen->fact->time;
	bool is_counted = seen->fact->kind == FACT_FLOW_ENDED;

	if (!place)
		return;
	if (place->country[0] != '\0') {
		note_country(regions, the_office, "", when);
		note_country(regions, the_office, place->country, when);
		note_country(regions, seen->device, "", when);
		note_country(regions, seen->device, place->country, when);
	}
	if (place->asn != 0) {
		note_network(regions, 0, when, is_counted);
		note_network(regions, place->asn, when, is_counted);
	}
}

/*
 * Whether what came up at `first` (0: never before `now`) is new to who has been known from `began`
 * on. In a capture of minutes all is new, and says nothing.
 */
static bool is_new_at(const struct regions *r, nanotime began, nanotime first, nanotime now)
{
	nanotime learning = r->config->judge.learning;
	nanotime least = learning > known_least ? learning : known_least;
	nanotime when = first > 0 ? first : now;

	return nanotime_between(began, when) >= least &&
	       nanotime_between(when, now) < r->config->judge.place_old;
}

static bool is_country_new(struct regions *r, uint32_t device, const char *country, nanotime now)
{
	const struct country_key begin_key = key_of(device, "");
	const struct country_key key = key_of(device, country);
	const struct country_use *begin = lru_map_find(r->countries, &begin_key);
	const struct country_use *use = lru_map_find(r->countries, &key);

	return begin && is_new_at(r, begin->first, use ? use->first : 0, now);
}

static void weigh_country(struct regions *r, struct signal *s)
{
	const char *country = s->place.country;
	const struct country_codes *expected = &r->config->places.expected;

	if (country[0] == '\0')
		return;
	if (expected->count > 0 && !country_codes_hold(expected, country))
		signal_evidence(s, REASON_COUNTRY_UNEXPECTED, 1, times_for_unexpected);
	else if (expected->count > 0)
		return; /* it may be new, but the office said so */
	else if (is_country_new(r, the_office, country, s->last))
		signal_evidence(s, REASON_COUNTRY_NEW_HERE, 1, times_for_new_here);
	else if (is_country_new(r, s->device, country, s->last))
		signal_evidence(s, REASON_COUNTRY_NEW, 1, times_for_new);
}

static void weigh_network(struct regions *r, struct signal *s)
{
	const uint32_t all_networks = 0;
	const struct network_use *all = lru_map_find(r->networks, &all_networks);
	const struct network_use *use = lru_map_find(r->networks, &s->place.asn);
	double visits = use ? (double)use->visits : 0;

	if (s->place.asn == 0 || !all || nanotime_between(all->first, s->last) < known_least)
		return;
	if (place_is_hosting(&s->place) && (double)all->visits >= visits_least &&
	    visits < rare_share * (double)all->visits)
		signal_evidence(s, REASON_HOSTING_RARE, visits / (double)all->visits,
				times_for_hosting);
	else if (is_new_at(r, all->first, use ? use->first : 0, s->last))
		signal_evidence(s, REASON_NETWORK_NEW, 1, times_for_new_network);
}

/* Where it matters with whom: not where the act alone tells, or the place is the office's own. */
static bool is_about_place(enum signal_kind kind)
{
	static const uint8_t kinds[] = {
		SIGNAL_BEACON,        SIGNAL_WIDE_BEACON,      SIGNAL_SHARED_BEACON,
		SIGNAL_STROBE,        SIGNAL_RAW_CHANNEL,      SIGNAL_PORT_MISMATCH,
		SIGNAL_RECONNECT,     SIGNAL_REVERSE_SHELL,    SIGNAL_LONG_SESSION,
		SIGNAL_ODD_HTTP,      SIGNAL_ODD_TLS,          SIGNAL_DOWNLOAD,
		SIGNAL_FTP_OUT,       SIGNAL_UPLOAD_NEW_PLACE, SIGNAL_UPLOAD_BASELINE,
		SIGNAL_SLOW_DRIP,     SIGNAL_STAGED_UPLOAD,    SIGNAL_LISTED_CONTACT,
		SIGNAL_HIDDEN_MINING,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i] == kind)
			return true;
	}
	return false;
}

/* The object's own address, else the server of the latest flow that the signal shows. */
static const struct address *address_of(const struct signal *s)
{
	if (s->object.has_address)
		return &s->object.address;
	if (s->object.kind != OBJECT_HOST || s->flow_count == 0)
		return NULL;
	return &s->flows[s->flow_count - 1].flow.server;
}

/* A reason that there is no room for would move the confidence and not be told. */
enum { REASONS_HERE = 2 };

void regions_weigh(struct regions *regions, struct signal *signal)
{
	const struct address *address = address_of(signal);
	const struct place *place;

	if (signal->direction != DIRECTION_OUTBOUND || !address)
		return;
	place = regions_find(regions, address);
	if (!place)
		return;
	signal->place = *place;
	if (!is_about_place((enum signal_kind)signal->kind) ||
	    signal->reason_count > SIGNAL_REASONS_MAX - REASONS_HERE)
		return;
	weigh_country(regions, signal);
	weigh_network(regions, signal);
}

static bool is_known_sound(const void *key, const void *value)
{
	(void)key;
	return place_is_sound(value);
}

static bool is_network_sound(const void *key, const void *value)
{
	const struct network_use *use = value;

	(void)key;
	return use->visits <= INT64_MAX;
}

const struct kept_table regions_kept[] = {
	{ .name = "judge.regions",
	  .version = 1,
	  .use = KEPT_AS_READ,
	  .at = offsetof(struct regions, known),
	  .is_sound = is_known_sound },
	{ .name = "judge.countries", .version = 1, .at = offsetof(struct regions, countries) },
	{ .name = "judge.networks",
	  .version = 1,
	  .at = offsetof(struct regions, networks),
	  .is_sound = is_network_sound },
	{ 0 },
};
