#include "sensor/detect/address_lookup.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/contact_place.h"
#include "sensor/detect/http_manner.h"
#include "sensor/intel/rented_names.h"

#include <stddef.h>

/*
 * Routers, VPNs and games ask, too, and people do in their browsers: no more than support for
 * something else about the device.
 */
static const double prior = 0.15;
static const double times_for_agent = 2;         /* by a program that gives no name of its own */
static const double times_for_false_browser = 4; /* … or a wrong one */

static const nanotime tell_again_after = 24 * NANOTIME_HOUR;

struct asked {
	nanotime when;
	double told;
};

struct address_lookup {
	struct lru_map *asked; /* device → struct asked */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct address_lookup *self = state;

	return lru_map_new(&self->asked, (uint32_t)setup->config->judge.devices, sizeof(uint32_t),
			   sizeof(struct asked));
}

static void stop(void *state)
{
	struct address_lookup *self = state;

	lru_map_free(self->asked);
}

static void judge(struct address_lookup *self, const struct observation *seen, const char *name,
		  uint16_t signs, struct signal_sink *sink)
{
	const struct fact *fact = seen->fact;
	struct signal s =
		place_contact(seen, SIGNAL_ADDRESS_LOOKUP, prior, name,
			      fact->message.message == MESSAGE_HTTP_REQUEST ? HOST_HTTP : HOST_TLS);
	bool is_new;

	if ((signs & (HTTP_FALSE_BROWSER | HTTP_IMPOSSIBLE_AGENT | HTTP_AGENT_TELLS)) != 0)
		signal_evidence(&s, REASON_FALSE_BROWSER, 1, times_for_false_browser);
	else if ((signs & HTTP_NO_AGENT) != 0)
		signal_evidence(&s, REASON_NO_AGENT, 1, times_for_agent);
	else if ((signs & HTTP_TOOL_AGENT) != 0)
		signal_evidence(&s, REASON_TOOL_AGENT, 1, times_for_agent);

	struct asked *asked = lru_map_touch(self->asked, &seen->device, &is_new);

	if (!is_new && asked->told >= s.confidence &&
	    nanotime_between(asked->when, fact->time) < tell_again_after)
		return;
	*asked = (struct asked){ .when = fact->time, .told = s.confidence };
	sink->emit(sink, &s);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	const struct fact_message *message = &seen->fact->message;
	const struct http_manner *manner = seen->manner;
	const char *name;

	if (message->message != MESSAGE_HTTP_REQUEST &&
	    message->message != MESSAGE_TLS_CLIENT_HELLO)
		return;
	if (seen->device == 0 || seen->direction != DIRECTION_OUTBOUND)
		return;
	if (message->message == MESSAGE_HTTP_REQUEST && (!manner || manner->is_browsing))
		return;
	name = manner ? manner->host : attributes_text(&message->said, ATTRIBUTE_SNI);
	if (rented_name(name) == RENTED_ADDRESS_LOOKUP)
		judge(state, seen, name, manner ? manner->signs : 0, sink);
}

static bool is_sound(const void *key, const void *value)
{
	const struct asked *asked = value;

	(void)key;
	return asked->told >= 0 && asked->told < 1;
}

static const struct kept_table kept[] = {
	{ .name = "address_lookup.asked",
	  .version = 1,
	  .at = offsetof(struct address_lookup, asked),
	  .is_sound = is_sound },
	{ 0 },
};

const struct detector detector_address_lookup = {
	.name = "address_lookup",
	.finds = "A program that asks the internet for its own public address.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct address_lookup),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
