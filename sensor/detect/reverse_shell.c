#include "sensor/detect/reverse_shell.h"

#include "dissectors/shell_text.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/server_place.h"
#include "sensor/detect/service_port.h"
#include "sensor/detect/strength.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { MANY_TURNS = 10, ALL_TEXT = 100 };

/*
 * Of connections in a protocol that nobody knows, before anything is known of who speaks. A prompt
 * that leaves a device is hardly ever anything else than a shell that somebody outside uses; inside
 * an office it may be an administrator's makeshift.
 */
static const double prior = 0.03;
static const double times_for_prompt = 30;
static const double times_for_banner = 80;
static const double times_for_turns = 8;
static const double times_for_clear_text = 4;
static const double times_for_many_turns = 2;
static const double times_inside = 0.5;
/* A device that offers a shell to who comes: consoles of machines do so as well. */
static const double times_for_offered = 0.5;

struct reverse_shell {
	const struct reverse_shell_config *config;
	struct lru_map *told; /* struct server_key → struct strength */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct reverse_shell *self = state;

	self->config = &setup->config->detect.reverse_shell;
	return lru_map_new(&self->told, (uint32_t)self->config->places, sizeof(struct server_key),
			   sizeof(struct strength));
}

static void stop(void *state)
{
	struct reverse_shell *self = state;

	lru_map_free(self->told);
}

/* What the other side types is short, and what the device answers is more. */
static bool weigh_turns(struct signal *s, const struct reverse_shell_config *c,
			const struct fact_shape *shape)
{
	double opened = shape->server_opened;
	double all = opened + shape->client_opened;
	double ratio =
		shape->bytes_opened > 0 ? (double)shape->bytes_answered / shape->bytes_opened : 0;

	if (shape->server_opened < c->turns || opened < c->share * all ||
	    shape->server_small < c->share * opened || ratio < c->answered)
		return false;
	signal_condition(s, REASON_SERVER_OPENED, opened, COMPARE_AT_LEAST, (double)c->turns,
			 "reverse_shell.turns");
	signal_condition(s, REASON_SERVER_SHARE, opened / all, COMPARE_AT_LEAST, c->share,
			 "reverse_shell.share");
	signal_condition(s, REASON_ANSWER_RATIO, ratio, COMPARE_AT_LEAST, c->answered,
			 "reverse_shell.answered");
	s->confidence = signal_weigh(s->confidence, times_for_turns);
	if (shape->server_opened >= MANY_TURNS)
		s->confidence = signal_weigh(s->confidence, times_for_many_turns);
	if (shape->printable_up == ALL_TEXT && shape->printable_down == ALL_TEXT)
		signal_evidence(s, REASON_CLEAR_TEXT, 1, times_for_clear_text);
	return true;
}

static bool weigh_words(struct signal *s, unsigned signs)
{
	signs &= SHELL_PROMPT | SHELL_BANNER | SHELL_IDENTITY;
	if (signs == 0)
		return false;
	signal_condition(s, REASON_SHELL_TEXT, 1, COMPARE_AT_LEAST, 1, NULL);
	s->confidence = signal_weigh(s->confidence,
				     signs != SHELL_PROMPT ? times_for_banner : times_for_prompt);
	return true;
}

static void tell(struct reverse_shell *self, struct signal *s, const struct observation *seen,
		 struct signal_sink *sink)
{
	const struct server_key key = server_key_of(seen);
	const struct fact *fact = seen->fact;
	bool is_new;
	struct strength *told = lru_map_touch(self->told, &key, &is_new);

	s->kind = SIGNAL_REVERSE_SHELL;
	s->first = fact->flow.first;
	s->last = fact->ended.last;
	s->count = fact->ended.shape.server_opened > 0 ? fact->ended.shape.server_opened : 1;
	s->outcome = OUTCOME_DATA;
	signal_tell(s, REASON_BYTES_UP, (double)fact->ended.bytes_up);
	if (strength_is_news(told, s->confidence, fact->time))
		sink->emit(sink, s);
}

/* The device is the client, and obeys. */
static void obeys(struct reverse_shell *self, const struct observation *seen,
		  struct signal_sink *sink)
{
	const struct fact_shape *shape = &seen->fact->ended.shape;
	struct signal s = { .confidence = prior };
	bool has_words = weigh_words(&s, shape->shell_up);
	bool has_turns = weigh_turns(&s, self->config, shape);

	if (!has_words && !has_turns)
		return;
	if (seen->direction == DIRECTION_LATERAL)
		s.confidence = signal_weigh(s.confidence, times_inside);
	server_weigh(&s, seen);
	server_describe(&s, seen);
	tell(self, &s, seen, sink);
}

/* The device is the server, and has been made to offer a shell: to a stranger, or a neighbour. */
static void offers(struct reverse_shell *self, const struct observation *seen,
		   struct signal_sink *sink)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct signal s = { .confidence = prior };

	if (port_is(flow->server_port, PORT_USUAL) ||
	    !weigh_words(&s, seen->fact->ended.shape.shell_down))
		return;
	s.confidence = signal_weigh(s.confidence, times_for_offered);
	if (seen->direction == DIRECTION_LATERAL)
		s.confidence = signal_weigh(s.confidence, times_inside);
	server_describe(&s, seen);
	if (seen->direction == DIRECTION_INBOUND) {
		s.object.kind = OBJECT_ADDRESS;
		s.object.address = flow->client;
		address_text(&flow->client, s.object.text);
	}
	tell(self, &s, seen, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct reverse_shell *self = state;
	const struct fact *fact = seen->fact;
	const struct fact_shape *shape = &fact->ended.shape;

	if (!shape->is_known || fact->flow.protocol != IP_TCP || seen->device == 0 ||
	    fact->flow.is_midstream ||
	    (shape->server_opened == 0 && shape->shell_up == 0 && shape->shell_down == 0) ||
	    !server_speaks_unknown(&fact->ended.names))
		return;
	if (seen->direction == DIRECTION_OUTBOUND || seen->direction == DIRECTION_LATERAL)
		obeys(self, seen, sink);
	if (seen->direction == DIRECTION_INBOUND || seen->direction == DIRECTION_LATERAL)
		offers(self, seen, sink);
}

static bool is_told_sound(const void *key, const void *value)
{
	const struct server_key *k = key;

	return k->device != 0 && k->spare == 0 && strength_is_sound(value);
}

static const struct kept_table kept[] = {
	{ .name = "reverse_shell.told",
	  .version = 1,
	  .at = offsetof(struct reverse_shell, told),
	  .is_sound = is_told_sound },
	{ 0 },
};

const struct detector detector_reverse_shell = {
	.name = "reverse_shell",
	.finds = "A device that carries out what somebody else types.",
	.sees = DETECTOR_SEES(FACT_FLOW_ENDED) | DETECTOR_SEES(FACT_FLOW_GOES_ON),
	.state_size = sizeof(struct reverse_shell),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
