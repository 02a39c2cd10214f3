#include "sensor/detect/listing.h"

#include <math.h>
#include <string.h>

/* Of contacts to an address that a content network or host gives to thousands, few are to the one
 * that was listed. */
static const double times_for_shared = 0.2;

static nanotime half_life(const struct listed_config *config, enum intel_kind kind)
{
	if (kind == INTEL_ADDRESS || kind == INTEL_ENDPOINT || kind == INTEL_NETWORK)
		return config->half_life_address;
	if (kind == INTEL_NAME)
		return config->half_life_name;
	return kind == INTEL_URL ? config->half_life_url : 0;
}

static nanotime last_confirmed(const struct intel_hit *hit)
{
	return hit->confirmed > hit->listed ? hit->confirmed : hit->listed;
}

double listing_share(const struct listed_config *config, const struct intel_hit *hit, nanotime now)
{
	double share = hit->confidence / 100.0;
	nanotime after = half_life(config, hit->kind);
	nanotime since = last_confirmed(hit);

	if (after == 0 || since == 0 || now <= since)
		return share;
	return share * exp2(-nanotime_seconds(now - since) / nanotime_seconds(after));
}

/* Only what is reached by address is shared: a name or a path of its own is one's own. */
static bool is_shared(const struct intel_hit *hit)
{
	return (hit->kind == INTEL_ADDRESS || hit->kind == INTEL_ENDPOINT ||
		hit->kind == INTEL_NETWORK) &&
	       (hit->class == INTEL_CDN || hit->class == INTEL_SHARED_HOSTING ||
		hit->class == INTEL_POPULAR || hit->class == INTEL_SERVICE ||
		hit->class == INTEL_RESOLVER);
}

bool listing_weigh(struct signal *s, const struct listed_config *config,
		   const struct intel_hit *hit, nanotime now)
{
	double percent = 100 * listing_share(config, hit, now);

	if (hit->is_harmless || percent < (double)config->confidence)
		return false;
	signal_condition(s, REASON_LISTED, percent, COMPARE_AT_LEAST, (double)config->confidence,
			 "listed.confidence");
	if (hit->listed != 0 && now > hit->listed)
		signal_tell(s, REASON_LISTED_DAYS,
			    nanotime_seconds(now - hit->listed) / nanotime_seconds(NANOTIME_DAY));
	if (is_shared(hit))
		signal_evidence(s, REASON_LISTED_SHARED, 1, times_for_shared);
	return true;
}

bool listing_tell(struct signal *s, const struct listed_config *config,
		  const struct intel_match *match, nanotime now)
{
	struct text detail = text_over(s->detail, sizeof(s->detail));

	if (!listing_weigh(s, config, &match->hit, now))
		return false;
	intel_match_text(match, &detail);
	return true;
}
