#include "sensor/app/watch_links.h"

bool watch_links_look(struct watch_links *links, size_t i, const struct live_stats *stats,
		      nanotime now)
{
	bool is_well = stats->state == LIVE_STATE_UP && stats->has_carrier;
	bool was_out = links->of[i].is_out;
	nanotime *since = &links->of[i].out_since;

	if (is_well)
		*since = 0;
	else if (*since == 0 || now < *since)
		*since = now;
	links->of[i].is_out = !is_well && now - *since >= WATCH_LINK_PATIENCE;
	return links->of[i].is_out != was_out;
}

enum health_link watch_links_state(const struct watch_links *links, size_t i, enum live_state state)
{
	if (!links->of[i].is_out)
		return HEALTH_LINK_UP;
	return state == LIVE_STATE_MISSING ? HEALTH_LINK_MISSING : HEALTH_LINK_DOWN;
}

void watch_links_lose(struct watch_links *links, const struct live_event *event)
{
	struct watch_loss *lost = &links->of[event->interface].lost;

	if (lost->kernel + lost->card == 0)
		lost->from = event->from;
	lost->to = event->to;
	lost->kernel += event->dropped_kernel;
	lost->card += event->dropped_interface;
}

bool watch_links_take_rest(struct watch_links *links, size_t i, struct watch_loss *out)
{
	struct watch_loss *lost = &links->of[i].lost;

	if (lost->kernel + lost->card == 0)
		return false;
	*out = *lost;
	*lost = (struct watch_loss){ 0 };
	return true;
}

/* A clock that was set back must not make it wait for long. */
bool watch_links_take(struct watch_links *links, size_t i, nanotime now, struct watch_loss *out)
{
	nanotime told = links->of[i].told;

	if (told != 0 && now >= told && now - told < WATCH_LOSSES_EVERY)
		return false;
	if (!watch_links_take_rest(links, i, out))
		return false;
	links->of[i].told = now;
	return true;
}
