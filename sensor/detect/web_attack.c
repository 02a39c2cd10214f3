#include "sensor/detect/web_attack.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/attack_find.h"
#include "sensor/detect/attack_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * A directory and a program from the same stranger within a minute, or a fetch right after a
 * command was sent, is hardly anything else. Text alone proves little: the internet is full of it.
 */
static const double prior_lookup_chain = 0.85;
static const double prior_fetch_chain = 0.65;
static const double prior_text = 0.25;
static const double times_answered = 1.6;
static const nanotime chain_lasts = NANOTIME_MINUTE;

enum { STATUS_OK = 200, STATUS_REDIRECT = 300 };

/* Of a device of the office that serves others, and what was done to it lately. */
struct served {
	nanotime attacked_at; /* by text in a request */
	uint64_t attack_flow;
	struct address attacker;
	nanotime asked_at; /* it asked a directory … */
	struct address directory;
};

struct web_attack {
	struct lru_map *told;
	struct lru_map *served; /* address → struct served */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct web_attack *self = state;
	enum err err = attack_told_new(&self->told, (uint32_t)setup->config->detect.lateral.pairs);

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->served, (uint32_t)setup->config->judge.devices,
			   sizeof(struct address), sizeof(struct served));
}

static void stop(void *state)
{
	struct web_attack *self = state;

	lru_map_free(self->told);
	lru_map_free(self->served);
}

static struct served *served_by(struct web_attack *self, const struct address *server)
{
	bool is_new;

	return lru_map_touch(self->served, server, &is_new);
}

static bool is_recent(nanotime then, nanotime now)
{
	return then != 0 && !nanotime_went_back(then, now) &&
	       nanotime_between(then, now) <= chain_lasts;
}

/* A directory hands out, and from the same host a program is fetched: what was asked is run. */
static void body(struct web_attack *self, const struct observation *seen, struct signal_sink *sink)
{
	const struct attributes *said = &seen->fact->message.said;
	const struct fact_flow *flow = &seen->fact->flow;
	const char *kind = attributes_text(said, ATTRIBUTE_FILE_KIND);
	struct served *served = lru_map_find(self->served, &seen->fact->flow.client);
	struct attack_find found = { .kind = SIGNAL_EXPLOIT,
				     .direction = DIRECTION_OUTBOUND,
				     .outcome = OUTCOME_DATA,
				     .detail = "JNDI",
				     .reason = REASON_FETCHED,
				     .prior = prior_lookup_chain };

	if (seen->fact->message.is_from_client || !served || seen->direction == DIRECTION_INBOUND ||
	    (strcmp(kind, "java-class") != 0 && strcmp(kind, "jar") != 0) ||
	    !is_recent(served->asked_at, seen->fact->time) ||
	    !address_equal(&served->directory, &flow->server))
		return;
	found.device = seen->device;
	found.object = &flow->server;
	attack_tell(self->told, &found, seen->fact, sink);
	if (seen->peer_device == 0)
		return;
	/* Who hands it out stands in the office too. */
	found.direction = DIRECTION_LATERAL;
	found.device = seen->peer_device;
	found.object = &flow->client;
	attack_tell(self->told, &found, seen->fact, sink);
}

static void directory(struct web_attack *self, const struct observation *seen)
{
	struct served *served;

	if (seen->direction == DIRECTION_INBOUND || seen->device == 0)
		return;
	served = served_by(self, &seen->fact->flow.client);
	served->asked_at = seen->fact->time;
	served->directory = seen->fact->flow.server;
}

static enum attack_text text_of(const struct attributes *said)
{
	static const enum attribute fields[] = { ATTRIBUTE_URI, ATTRIBUTE_USER_AGENT,
						 ATTRIBUTE_REFERER };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		enum attack_text found = attack_text_in(attributes_text(said, fields[i]));

		if (found != ATTACK_TEXT_NONE)
			return found;
	}
	return ATTACK_TEXT_NONE;
}

/* What an interpreter or a script fetches with; a browser has another name. */
static bool is_fetched_by_tool(const struct attributes *said)
{
	static const char *const tools[] = { "curl/",    "wget/",      "python-", "java/",
					     "certutil", "powershell", "busybox", "lwp-",
					     "libwww",   "go-http" };
	const char *agent = attributes_text(said, ATTRIBUTE_USER_AGENT);

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (strncasecmp(agent, tools[i], strlen(tools[i])) == 0 ||
		    (tools[i][0] == 'p' && strcasestr(agent, tools[i])))
			return true;
	}
	return false;
}

/* A server that was just sent a command goes out itself to fetch something. */
static void fetched(struct web_attack *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	const struct served *served = lru_map_find(self->served, &seen->fact->flow.client);
	struct attack_find found = { .kind = SIGNAL_EXPLOIT,
				     .device = seen->device,
				     .direction = DIRECTION_INBOUND,
				     .outcome = OUTCOME_DATA,
				     .detail = "HTTP",
				     .reason = REASON_FETCHED,
				     .prior = prior_fetch_chain };

	if (!served || !is_recent(served->attacked_at, seen->fact->time) ||
	    !is_fetched_by_tool(&seen->fact->message.said))
		return;
	found.object = &served->attacker;
	attack_tell(self->told, &found, seen->fact, sink);
}

static void request(struct web_attack *self, const struct observation *seen,
		    struct signal_sink *sink)
{
	bool is_inbound = seen->direction == DIRECTION_INBOUND;
	struct served *served;

	if (!is_inbound && seen->device != 0)
		fetched(self, seen, sink);
	if (seen->direction == DIRECTION_OUTBOUND ||
	    text_of(&seen->fact->message.said) == ATTACK_TEXT_NONE)
		return;
	served = served_by(self, &seen->fact->flow.server);
	served->attacked_at = seen->fact->time;
	served->attack_flow = seen->fact->flow.id;
	served->attacker = seen->fact->flow.client;
}

/* Text alone proves little, even where the server took it: many answer 200 to anything. */
static void response(struct web_attack *self, const struct observation *seen,
		     struct signal_sink *sink)
{
	uint64_t status = attributes_number(&seen->fact->message.said, ATTRIBUTE_STATUS, 0);
	bool is_inbound = seen->direction == DIRECTION_INBOUND;
	const struct served *served = lru_map_find(self->served, &seen->fact->flow.server);
	struct attack_find found = attack_between(seen);

	if (!served || served->attack_flow != seen->fact->flow.id || served->attacked_at == 0)
		return;
	found.kind = SIGNAL_WEB_ATTACK;
	found.detail = "HTTP";
	found.reason = REASON_ATTACK_TEXT;
	found.prior = prior_text;
	found.outcome = OUTCOME_REFUSED;
	if (status >= STATUS_OK && status < STATUS_REDIRECT) {
		found.outcome = OUTCOME_ANSWERED;
		found.times = times_answered;
	} else if (is_inbound) {
		return; /* the internet's noise */
	}
	attack_tell(self->told, &found, seen->fact, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct web_attack *self = state;

	if (seen->device == 0)
		return;
	switch (seen->fact->message.message) {
	case MESSAGE_LDAP_BIND:
		directory(self, seen);
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

static bool is_served_sound(const void *key, const void *value)
{
	const struct address *server = key;

	(void)value;
	return !address_is_unspecified(server);
}

static const struct kept_table kept[] = {
	{ .name = "web_attack.told",
	  .version = 1,
	  .at = offsetof(struct web_attack, told),
	  .is_sound = attack_told_is_sound },
	{ .name = "web_attack.served",
	  .version = 1,
	  .at = offsetof(struct web_attack, served),
	  .is_sound = is_served_sound },
	{ 0 },
};

const struct detector detector_web_attack = {
	.name = "web_attack",
	.finds = "A server that is sent commands, and does what they ask for.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct web_attack),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
