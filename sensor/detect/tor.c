#include "sensor/detect/tor.h"

#include "sensor/base/kept_table.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <string.h>

/* People use it for their privacy; malware to hide its server. In an office either is rare. */
static const double prior = 0.25;
static const double times_for_protocol = 1.5; /* nDPI takes it for Tor, too */
static const double times_for_relays = 1.5;   /* three and more, as a client keeps */

enum { USERS_MAX = 256, RELAYS_KEPT = 8, RELAYS_LEAST = 2, RELAYS_SEVERAL = 3 };

struct tor_user {
	nanotime first;
	nanotime told;
	double confidence;
	uint64_t relays[RELAYS_KEPT]; /* hashes of addresses */
	uint32_t relay_count;
	bool is_named; /* by nDPI */
	uint8_t flow_count;
	uint8_t spare[2];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

struct tor {
	struct lru_map *users; /* device → struct tor_user */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct tor *self = state;

	(void)setup;
	return lru_map_new(&self->users, USERS_MAX, sizeof(uint32_t), sizeof(struct tor_user));
}

static void stop(void *state)
{
	struct tor *self = state;

	lru_map_free(self->users);
}

/*
 * "www." with 4 to 25 characters of base32 before ".com" or ".net", drawn for each connection (tor,
 * src/lib/tls: the name that it claims), and of which DNS knows nothing.
 */
static bool is_invented(const char *name)
{
	enum { LEAST = 4, MOST = 25, PREFIX = 4 };
	size_t len = strncmp(name, "www.", PREFIX) == 0
			     ? strspn(name + PREFIX, "abcdefghijklmnopqrstuvwxyz234567")
			     : 0;
	const char *top = name + PREFIX + len;

	return len >= LEAST && len <= MOST &&
	       (strcmp(top, ".com") == 0 || strcmp(top, ".net") == 0);
}

static bool is_tor(const struct observation *seen, const struct fact_names *names)
{
	return names->host_source == HOST_TLS && seen->resolved[0] == '\0' &&
	       is_invented(names->host);
}

static void note_relay(struct tor_user *u, const struct fact *fact)
{
	uint64_t hash = distinct_hash(fact->flow.server.bytes, ADDRESS_LEN);

	for (uint32_t i = 0; i < u->relay_count; i++) {
		if (u->relays[i] == hash)
			return;
	}
	if (u->relay_count < RELAYS_KEPT)
		u->relays[u->relay_count++] = hash;
	signal_keep_flow(u->flows, &u->flow_count, fact);
}

static void judge(const struct observation *seen, struct tor_user *u, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_TOR,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = OUTCOME_DATA,
			    .device = seen->device,
			    .first = u->first,
			    .last = seen->fact->time,
			    .count = u->relay_count,
			    .confidence = prior };

	signal_condition(&s, REASON_RELAYS, u->relay_count, COMPARE_AT_LEAST, RELAYS_LEAST, NULL);
	if (u->is_named)
		s.confidence = signal_weigh(s.confidence, times_for_protocol);
	if (u->relay_count >= RELAYS_SEVERAL)
		s.confidence = signal_weigh(s.confidence, times_for_relays);
	if (u->told != 0 && s.confidence <= u->confidence &&
	    nanotime_between(u->told, seen->fact->time) < NANOTIME_DAY)
		return;
	/* Not one relay's: that each name looks drawn is no second witness. */
	s.object.kind = OBJECT_HOST;
	memcpy(s.object.text, "Tor", sizeof("Tor"));
	memcpy(s.object.application, "TLS.Tor", sizeof("TLS.Tor"));
	signal_show_flows(&s, u->flows, u->flow_count);
	u->told = seen->fact->time;
	u->confidence = s.confidence;
	sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct tor *self = state;
	const struct fact *fact = seen->fact;
	const struct fact_names *names = fact_names_of(fact);
	bool is_new;

	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND || !names ||
	    !is_tor(seen, names))
		return;
	if (fact->kind == FACT_FLOW_ENDED ? !fact->ended.has_data_down
					  : !fact->check_in.has_data_down)
		return;

	struct tor_user *u = lru_map_touch(self->users, &seen->device, &is_new);

	if (is_new)
		u->first = fact->flow.first;
	u->is_named |= strcmp(names->protocol, "TLS.Tor") == 0;
	note_relay(u, fact);
	if (u->relay_count >= RELAYS_LEAST)
		judge(seen, u, sink);
}

static void tidy_user(void *value)
{
	struct tor_user *u = value;

	signal_tidy_flows(u->flows, u->flow_count);
}

static bool is_user_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct tor_user *u = value;

	return *device != 0 && u->relay_count <= RELAYS_KEPT && u->confidence >= 0 &&
	       u->confidence < 1 && kept_are_flags(&u->is_named, 1) &&
	       signal_flows_are_sound(u->flows, u->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "tor.users",
	  .version = 1,
	  .at = offsetof(struct tor, users),
	  .tidy = tidy_user,
	  .is_sound = is_user_sound },
	{ 0 },
};

const struct detector detector_tor = {
	.name = "tor",
	.finds = "A device that uses the Tor network.",
	.sees = DETECTOR_SEES(FACT_CHECK_IN) | DETECTOR_SEES(FACT_FLOW_ENDED),
	.state_size = sizeof(struct tor),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
