#include "sensor/detect/logon_bypass.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/windows_roles.h"

#include <stdio.h>
#include <string.h>

/*
 * A machine's own login asks for one challenge and proves itself once; another try follows minutes
 * later. A challenge of eight zeroes comes by chance once in 2^64.
 */
static const double prior_zero = 0.9;
static const double prior_repeated = 0.6;
static const double times_very_many = 3;
enum { VERY_MANY = 64 };

struct bypass {
	nanotime when;
	double told; /* confidence */
};

struct logon_bypass {
	const struct lateral_config *config;
	struct lru_map *told;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct logon_bypass *self = state;

	self->config = &setup->config->detect.lateral;
	return lru_map_new(&self->told, (uint32_t)self->config->pairs, sizeof(struct windows_pair),
			   sizeof(struct bypass));
}

static void stop(void *state)
{
	struct logon_bypass *self = state;

	lru_map_free(self->told);
}

/* [MS-NRPC] 3.5.4.4: a challenge, then one of three ways to prove oneself. */
static bool is_login(const struct fact_message *message)
{
	enum { REQUEST_CHALLENGE = 4, AUTHENTICATE = 5, AUTHENTICATE_2 = 15, AUTHENTICATE_3 = 26 };
	uint64_t opnum = attributes_number(&message->said, ATTRIBUTE_OPNUM, UINT64_MAX);

	return message->message == MESSAGE_DCERPC_REQUEST &&
	       strcmp(attributes_text(&message->said, ATTRIBUTE_INTERFACE), "netlogon") == 0 &&
	       (opnum == REQUEST_CHALLENGE || opnum == AUTHENTICATE || opnum == AUTHENTICATE_2 ||
		opnum == AUTHENTICATE_3);
}

static struct signal signal_of(const struct observation *seen)
{
	const struct fact_flow *flow = &seen->fact->flow;
	struct signal s = { .kind = SIGNAL_LOGON_BYPASS,
			    .direction = (uint8_t)seen->direction,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = flow->first,
			    .last = seen->fact->time,
			    .count = 1 };

	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	address_text(&flow->server, s.object.text);
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	return s;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct logon_bypass *self = state;
	const struct attributes *said = &seen->fact->message.said;
	struct windows_pair key = { .client = seen->device, .server = seen->fact->flow.server };
	struct signal s;
	struct bypass *bypass;
	bool is_new;

	if (!is_login(&seen->fact->message) || seen->device == 0)
		return;

	double attempts = (double)attributes_number(said, ATTRIBUTE_ATTEMPTS, 0);
	bool is_zero = attributes_has(said, ATTRIBUTE_ZERO_CHALLENGE);
	double least = (double)self->config->logon_calls;

	if (!is_zero && attempts < least)
		return;
	s = signal_of(seen);
	s.confidence = is_zero ? prior_zero : prior_repeated;
	s.count = attempts > 1 ? (uint64_t)attempts : 1;
	if (is_zero)
		signal_condition(&s, REASON_ZERO_CHALLENGE, 1, COMPARE_AT_LEAST, 1, NULL);
	else
		signal_condition(&s, REASON_LOGON_CALLS, attempts, COMPARE_AT_LEAST, least,
				 "lateral.logon_calls");
	if (attempts >= VERY_MANY)
		signal_evidence(&s, REASON_VERY_MANY, attempts, times_very_many);
	bypass = lru_map_touch(self->told, &key, &is_new);
	if (!is_new && !nanotime_went_back(bypass->when, seen->fact->time) &&
	    nanotime_between(bypass->when, seen->fact->time) < NANOTIME_DAY &&
	    s.confidence <= bypass->told)
		return;
	*bypass = (struct bypass){ .when = seen->fact->time, .told = s.confidence };
	sink->emit(sink, &s);
}

static bool is_bypass_sound(const void *key, const void *value)
{
	const struct windows_pair *k = key;
	const struct bypass *bypass = value;

	return windows_pair_is_sound(k) && bypass->told >= 0 && bypass->told <= 1;
}

static const struct kept_table kept[] = {
	{ .name = "logon_bypass.told",
	  .version = 1,
	  .at = offsetof(struct logon_bypass, told),
	  .is_sound = is_bypass_sound },
	{ 0 },
};

const struct detector detector_logon_bypass = {
	.name = "logon_bypass",
	.finds = "A device that tries to log in to a controller as a machine without its password.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct logon_bypass),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
