#include "sensor/health/health_dated.h"

#include "sensor/health/health_wiring.h"

static double days(nanotime time)
{
	return nanotime_seconds(time) / nanotime_seconds(NANOTIME_DAY);
}

bool lists_are_expired(const struct health_view *view, struct health_finding *out)
{
	nanotime expires = view->surroundings.lists.expires;

	if (expires == 0 || view->now < expires)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_EXPIRED_DAYS, days(view->now - expires), HEALTH_AT_LEAST,
		       0);
	return true;
}

bool lists_are_refused(const struct health_view *view, struct health_finding *out)
{
	const struct health_lists *lists = &view->surroundings.lists;

	if (!lists->has_refused)
		return false;
	finding_begin(out, HEALTH_WARNING);
	if (lists->entries == 0)
		out->story = HEALTH_STORY_WITHOUT;
	if (lists->made != 0)
		finding_figure(out, HEALTH_FIGURE_AGE_DAYS,
			       days(nanotime_between(lists->made, view->now)), HEALTH_NO_BOUND, 0);
	return true;
}

/* Beyond `bound`, made at `from`; 0 is never. */
static bool is_older(const struct health_view *view, nanotime from, nanotime bound,
		     struct health_finding *out)
{
	nanotime age = nanotime_between(from, view->now);

	if (from == 0 || age <= bound)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_AGE_DAYS, days(age), HEALTH_AT_LEAST, days(bound));
	return true;
}

bool lists_are_old(const struct health_view *view, struct health_finding *out)
{
	struct health_finding expired;

	return !lists_are_expired(view, &expired) &&
	       is_older(view, view->surroundings.lists.made, HEALTH_LIST_FRESH_FOR, out);
}

bool databases_are_refused(const struct health_view *view, struct health_finding *out)
{
	uint32_t refused = view->surroundings.lists.databases_refused;

	if (refused == 0)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_REFUSED, refused, HEALTH_AT_LEAST, 1);
	return true;
}

bool databases_are_old(const struct health_view *view, struct health_finding *out)
{
	const struct health_lists *lists = &view->surroundings.lists;

	return is_older(view, lists->built, lists->oldest, out);
}
