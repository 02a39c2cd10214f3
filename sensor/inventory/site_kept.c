#include "sensor/inventory/site_inside.h"

#include <stddef.h>

/* Learned anew, under the configuration of today. */
static bool put_learned(void *owner, const void *key, const void *value)
{
	site_learn(owner, key, value);
	return true;
}

static bool are_known_sound(const void *key, const void *value)
{
	const struct known_prefixes *known = value;

	(void)key;
	if (known->count > PREFIXES_MAX)
		return false;
	for (size_t i = 0; i < known->count; i++) {
		if (known->of[i].prefix.bits > ADDRESS_LEN * 8)
			return false;
	}
	return true;
}

/* What a router told was believed in the life before. */
static bool put_known(void *owner, const void *key, const void *value)
{
	const struct known_prefixes *known = value;
	struct site *site = owner;

	(void)key;
	for (size_t i = 0; i < known->count; i++) {
		const struct known_prefix *one = &known->of[i];
		bool is_plausible = address_is_v4(&one->prefix.address)
					    ? site_is_plausible_v4(site, &one->prefix)
					    : site_prefix_is_of_link(&one->prefix);

		if (is_plausible &&
		    !site_prefixes_believe(&site->prefixes, &one->prefix, one->told))
			break;
	}
	site_settle(site);
	return true;
}

static bool is_lone_sound(const void *key, const void *value)
{
	(void)key;
	return lone_hosts_are_sound(value);
}

static bool are_candidates_sound(const void *key, const void *value)
{
	const struct candidate_prefixes *candidates = value;

	(void)key;
	if (candidates->count > CANDIDATES_MAX)
		return false;
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->of[i];

		if (one->prefix.bits > ADDRESS_LEN * 8 || !kept_are_flags(&one->is_used, 1) ||
		    !kept_are_flags(&one->is_elsewhere, 1))
			return false;
	}
	return true;
}

static bool is_seen_sound(const void *key, const void *value)
{
	const struct seen_with *seen = value;

	(void)key;
	return seen->count <= SEEN_MACS && kept_are_flags(&seen->is_contacted_first, 1);
}

static bool is_state_sound(const void *key, const void *value)
{
	const struct site_state *state = value;

	(void)key;
	if (!kept_are_flags(&state->has_learned_v4, 1) ||
	    !kept_are_flags(&state->has_learned_v6, 1) ||
	    !kept_are_flags(&state->has_settled_v4, 1) ||
	    !kept_are_flags(&state->has_settled_v6, 1) ||
	    !kept_are_flags(&state->has_announced_v4, 1) ||
	    !kept_are_flags(&state->has_configured_v4, 1) || state->given_next >= V4_PREFIXES_MAX)
		return false;
	for (size_t i = 0; i < V4_PREFIXES_MAX; i++) {
		if (state->given[i].prefix.bits > ADDRESS_LEN * 8)
			return false;
	}
	return true;
}

const struct kept_table site_kept[] = {
	{ .name = "site.neighbours",
	  .version = 2,
	  .at = offsetof(struct site, learned),
	  .put = put_learned },
	{ .name = "site.networks",
	  .version = 2,
	  .at = offsetof(struct site, prefixes.known),
	  .size = sizeof(struct known_prefixes),
	  .is_sound = are_known_sound,
	  .put = put_known },
	{ .name = "site.lone",
	  .version = 1,
	  .at = offsetof(struct site, lone),
	  .size = sizeof(struct lone_hosts),
	  .is_sound = is_lone_sound },
	{ .name = "site.candidates",
	  .version = 1,
	  .at = offsetof(struct site, prefixes.candidates),
	  .size = sizeof(struct candidate_prefixes),
	  .use = KEPT_AS_READ,
	  .is_sound = are_candidates_sound },
	{ .name = "site.elsewhere",
	  .version = 1,
	  .at = offsetof(struct site, prefixes.seen),
	  .use = KEPT_AS_READ,
	  .is_sound = is_seen_sound },
	/* Behind all that would change it. */
	{ .name = "site.state",
	  .version = 1,
	  .at = offsetof(struct site, state),
	  .size = sizeof(struct site_state),
	  .use = KEPT_AS_READ,
	  .is_sound = is_state_sound },
	{ 0 },
};
