#include "sensor/detect/web_attack.h"

#include "dissectors/attack_text.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/attack_find.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/web_chain.h"
#include "sensor/detect/web_trial.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The internet is full of it. */
static const double prior_text = 0.25;
/* Within the office nobody sends such text but who looks for a way in, or was asked to. */
static const double prior_command_inside = 0.35;
static const double prior_lookup_inside = 0.5;
static const double prior_text_inside = 0.25;
static const double prior_text_going_out = 0.2;
/* What a command printed, in an answer of the web: consoles of devices show such things, too. */
static const double prior_output = 0.6;
static const double prior_output_inside = 0.45;
static const double times_output = 12;
static const double times_answered = 1.6;
static const double times_several = 2;
static const double times_many = 4;
static const double times_servers = 5;
static const double prior_scan = 0.35;
static const double prior_scan_inside = 0.55;
static const double not_found_share = 0.8;
static const nanotime trial_lasts = 10 * NANOTIME_MINUTE;

enum {
	STATUS_OK = 200,
	STATUS_REDIRECT = 300,
	STATUS_CLIENT_ERROR = 400,
	STATUS_SERVER_ERROR = 500,
	SEVERAL = 3,
	MANY = 10,
};

struct web_attack {
	struct lru_map *told;
	struct web_chain chain;
	struct lru_map *trials; /* see web_trial.h */
	const struct lateral_config *config;
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct web_attack *self = state;
	enum err err = attack_told_new(&self->told, (uint32_t)setup->config->detect.lateral.pairs);

	if (err != ERR_OK)
		return err;
	self->config = &setup->config->detect.lateral;
	err = trials_new(&self->trials, (uint32_t)setup->config->detect.lateral.pairs);
	if (err != ERR_OK)
		return err;
	return web_chain_start(&self->chain, self->told, (uint32_t)setup->config->judge.devices);
}

static void stop(void *state)
{
	struct web_attack *self = state;

	lru_map_free(self->told);
	web_chain_stop(&self->chain);
	lru_map_free(self->trials);
}

static enum attack_text text_of(const struct attributes *said)
{
	static const struct {
		const char *name;
		enum attack_text text;
	} told[] = { { "lookup", ATTACK_TEXT_LOOKUP },
		     { "command", ATTACK_TEXT_COMMAND },
		     { "path", ATTACK_TEXT_PATH },
		     { "query", ATTACK_TEXT_QUERY } };
	static const enum attribute fields[] = { ATTRIBUTE_URI, ATTRIBUTE_USER_AGENT,
						 ATTRIBUTE_REFERER };
	const char *attack = attributes_text(said, ATTRIBUTE_ATTACK);

	for (size_t i = 0; attack[0] != '\0' && i < sizeof(told) / sizeof(told[0]); i++) {
		if (strcmp(attack, told[i].name) == 0)
			return told[i].text;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		enum attack_text found = attack_text_in(attributes_text(said, fields[i]));

		if (found != ATTACK_TEXT_NONE)
			return found;
	}
	return ATTACK_TEXT_NONE;
}

static struct trial *trial_of(struct web_attack *self, const struct observation *seen)
{
	const struct trial_key key = { .client = seen->fact->flow.client,
				       .server = seen->fact->flow.server };

	return trial_touch(self->trials, &key, seen->fact->time, trial_lasts);
}

/* What is common to one device and all the servers outside that it tries. */
static struct trial *spread_of(struct web_attack *self, const struct observation *seen)
{
	const struct trial_key key = { .client = seen->fact->flow.client };

	return trial_touch(self->trials, &key, seen->fact->time, trial_lasts);
}

static void attacked(struct web_attack *self, const struct observation *seen, enum attack_text text)
{
	const struct fact_flow *flow = &seen->fact->flow;
	const char *uri = attributes_text(&seen->fact->message.said, ATTRIBUTE_URI);
	struct trial *trial = trial_of(self, seen);

	/* One that came in a body counts by its number: what was asked for is said before it. */
	(void)trial_note_text(trial, uri[0] != '\0' ? distinct_hash(uri, strlen(uri))
						    : seen->fact->sequence);
	trial->attacked_at = seen->fact->time;
	trial->attack_flow = flow->id;
	trial->text = (uint8_t)text;
	if (seen->direction == DIRECTION_OUTBOUND) {
		trial = spread_of(self, seen);
		if (trial->text_count == 0)
			trial->first_server = flow->server;
		(void)trial_note_text(trial, distinct_hash(&flow->server, sizeof(flow->server)));
		return;
	}
	web_chain_attacked(&self->chain, seen);
}

static void request(struct web_attack *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	enum attack_text text = text_of(said);

	if (seen->direction == DIRECTION_INBOUND)
		web_chain_contacted(&self->chain, seen);
	else
		web_chain_fetches(&self->chain, seen, sink);
	if (text != ATTACK_TEXT_NONE)
		attacked(self, seen, text);
	if (seen->direction != DIRECTION_INBOUND)
		trial_note_path(trial_of(self, seen), attributes_text(said, ATTRIBUTE_URI));
}

static double prior_of(const struct observation *seen, enum attack_text text)
{
	if (seen->direction == DIRECTION_INBOUND)
		return prior_text;
	if (seen->direction == DIRECTION_OUTBOUND)
		return prior_text_going_out;
	return text == ATTACK_TEXT_LOOKUP    ? prior_lookup_inside
	       : text == ATTACK_TEXT_COMMAND ? prior_command_inside
					     : prior_text_inside;
}

static double times_of(uint32_t requests)
{
	return requests >= MANY ? times_many : requests >= SEVERAL ? times_several : 1;
}

/* Text alone proves little, even where the server took it: many answer 200 to anything. */
static void tell_text(struct web_attack *self, const struct observation *seen,
		      const struct trial *trial, uint64_t status, struct signal_sink *sink)
{
	bool is_inbound = seen->direction == DIRECTION_INBOUND;
	struct attack_find found = attack_between(seen);

	found.kind = SIGNAL_WEB_ATTACK;
	found.detail = "HTTP";
	found.reason = REASON_ATTACK_TEXT;
	found.prior = prior_of(seen, (enum attack_text)trial->text);
	found.outcome = OUTCOME_REFUSED;
	if (status >= STATUS_OK && status < STATUS_REDIRECT) {
		found.outcome = OUTCOME_ANSWERED;
		found.times = times_answered;
	} else if (is_inbound) {
		return; /* the internet's noise */
	}
	if (!is_inbound) {
		found.requests = trial->text_count;
		found.times_requests = times_of(trial->text_count);
	}
	if (seen->direction == DIRECTION_OUTBOUND) {
		const struct trial *spread = spread_of(self, seen);

		found.servers = spread->text_count;
		found.times_servers = spread->text_count >= SEVERAL ? times_servers : 1;
		if (found.times_servers > 1)
			found.object = &spread->first_server;
	}
	attack_tell(self->told, &found, seen->fact, sink);
}

/* Who asks for very much that is not there looks for what might be. */
static void tell_search(struct web_attack *self, const struct observation *seen,
			struct trial *trial, struct signal_sink *sink)
{
	struct attack_find found = attack_between(seen);

	if (trial->not_found < self->config->not_found ||
	    trial->not_found < 2 * trial->told_not_found ||
	    trial->not_found < not_found_share * trial->answers ||
	    2 * (uint64_t)trial_paths(trial) < self->config->not_found)
		return;
	trial->told_not_found = trial->not_found;
	found.kind = SIGNAL_WEB_SCAN;
	found.detail = "HTTP";
	found.reason = REASON_NOT_FOUND;
	found.value = trial->not_found;
	found.threshold = (double)self->config->not_found;
	found.option = "lateral.not_found";
	found.prior = seen->direction == DIRECTION_LATERAL ? prior_scan_inside : prior_scan;
	attack_tell(self->told, &found, seen->fact, sink);
}

static void response(struct web_attack *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	uint64_t status = attributes_number(&seen->fact->message.said, ATTRIBUTE_STATUS, 0);
	const struct trial_key key = { .client = seen->fact->flow.client,
				       .server = seen->fact->flow.server };
	struct trial *trial = lru_map_find(self->trials, &key);

	if (!trial)
		return;
	if (trial->attack_flow == seen->fact->flow.id && trial->attacked_at != 0)
		tell_text(self, seen, trial, status, sink);
	if (seen->direction == DIRECTION_INBOUND || trial->answers == INT32_MAX)
		return;
	trial->answers++;
	trial->not_found += status >= STATUS_CLIENT_ERROR && status < STATUS_SERVER_ERROR;
	lru_map_renew(self->trials, trial);
	tell_search(self, seen, trial, sink);
}

/* The server obeyed: its answer shows what a command printed. */
static void obeyed(struct web_attack *self, const struct observation *seen,
		   struct signal_sink *sink)
{
	const struct trial_key key = { .client = seen->fact->flow.client,
				       .server = seen->fact->flow.server };
	const struct trial *trial = lru_map_find(self->trials, &key);
	bool is_inside = seen->direction == DIRECTION_LATERAL;
	struct attack_find found = attack_between(seen);

	if (seen->direction == DIRECTION_OUTBOUND && (!trial || trial->text_count == 0))
		return; /* pages of the web tell of such things */
	found.detail = "HTTP";
	found.outcome = OUTCOME_DATA;
	found.reason = REASON_COMMAND_OUTPUT;
	found.prior = is_inside ? prior_output_inside : prior_output;
	if (trial && trial->text_count > 0) {
		found.reason = REASON_ATTACK_TEXT;
		found.prior = prior_of(seen, (enum attack_text)trial->text);
		found.times_output = times_output;
	}
	attack_tell(self->told, &found, seen->fact, sink);
	if (!is_inside || seen->peer_device == 0 || !trial || trial->text_count == 0)
		return;
	/* Who obeys stands in the office, too. */
	found.device = seen->peer_device;
	found.object = &seen->fact->flow.client;
	attack_tell(self->told, &found, seen->fact, sink);
}

static void body(struct web_attack *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	enum attack_text text;

	if (!seen->fact->message.is_from_client) {
		web_chain_handed_out(&self->chain, seen, sink);
		if (attributes_has(said, ATTRIBUTE_COMMAND_OUTPUT))
			obeyed(self, seen, sink);
		return;
	}
	text = text_of(said);
	if (text != ATTACK_TEXT_NONE)
		attacked(self, seen, text);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct web_attack *self = state;

	if (seen->device == 0)
		return;
	if (seen->fact->kind != FACT_MESSAGE) {
		if (seen->direction == DIRECTION_INBOUND && !seen->is_group)
			web_chain_contacted(&self->chain, seen);
		return;
	}
	switch (seen->fact->message.message) {
	case MESSAGE_LDAP_BIND:
		web_chain_directory(&self->chain, seen);
		break;
	case MESSAGE_HTTP_BODY:
		body(self, seen, sink);
		break;
	case MESSAGE_HTTP_REQUEST:
		request(self, seen, sink);
		break;
	case MESSAGE_HTTP_RESPONSE:
		response(self, seen, sink);
		break;
	default:
		break;
	}
}

static const struct kept_table kept[] = {
	{ .name = "web_attack.told",
	  .version = 1,
	  .at = offsetof(struct web_attack, told),
	  .is_sound = attack_told_is_sound },
	{ .name = "web_attack.served",
	  .version = 2,
	  .at = offsetof(struct web_attack, chain.served),
	  .is_sound = web_served_is_sound },
	{ .name = "web_attack.trials",
	  .version = 1,
	  .at = offsetof(struct web_attack, trials),
	  .is_sound = trial_is_sound },
	{ 0 },
};

const struct detector detector_web_attack = {
	.name = "web_attack",
	.finds = "A server that is sent commands, and does what they ask for.",
	.sees = DETECTOR_SEES(FACT_MESSAGE) | DETECTOR_SEES(FACT_FLOW_NAMED),
	.state_size = sizeof(struct web_attack),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
