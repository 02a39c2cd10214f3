#include "sensor/detect/ticket_theft.h"

#include "sensor/base/lru_map.h"
#include "sensor/detect/statistics.h"

#include <string.h>
#include <strings.h>

enum { TICKETS_KEPT = 16, MANY = 6 };

/*
 * A ticket under RC4 can be tried against guessed passwords (RFC 4757). Machines without a newer
 * cipher ask for such tickets too, but for few services, and offer older ciphers beside it.
 */
static const double prior = 0.3;
static const double times_weak = 3;
static const double times_many = 2;

struct collection {
	nanotime first;
	nanotime last;
	uint64_t tickets[TICKETS_KEPT]; /* hashes of accounts and services */
	uint32_t count;
	uint32_t weak; /* of them, with no other cipher asked for */
	uint32_t told;
	uint8_t flow_count;
	uint8_t spare[3];
	struct signal_flow flows[1];
};

struct ticket_theft {
	const struct lateral_config *config;
	struct lru_map *collections; /* device number → struct collection */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct ticket_theft *self = state;

	self->config = &setup->config->detect.lateral;
	return lru_map_new(&self->collections, (uint32_t)setup->config->judge.devices,
			   sizeof(uint32_t), sizeof(struct collection));
}

static void stop(void *state)
{
	struct ticket_theft *self = state;

	lru_map_free(self->collections);
}

/* What every member of a domain asks for at each login. */
static bool is_usual(const char *service)
{
	static const char *const usual[] = { "krbtgt/", "cifs/",  "ldap/",    "host/",  "gc/",
					     "dns/",    "rpcss/", "termsrv/", "kadmin/" };

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (strncasecmp(service, usual[i], strlen(usual[i])) == 0)
			return true;
	}
	/* A machine's own account; its password cannot be guessed. */
	return service[0] == '\0' || service[strlen(service) - 1] == '$';
}

/* Whether RC4 is the only cipher that is named. */
static bool is_weak_alone(const struct attributes *said)
{
	struct attribute_value value;
	size_t at = 0;
	size_t ciphers = 0;
	bool is_weak = true;

	while (attributes_next(said, &at, &value)) {
		if (value.attribute != ATTRIBUTE_ETYPES)
			continue;
		ciphers++;
		is_weak = is_weak && strncmp(value.text, "rc4", strlen("rc4")) == 0;
	}
	return ciphers > 0 && is_weak;
}

/* The account or service whose ticket is asked for or given; "" where it proves nothing. */
static const char *wanted(const struct fact_message *message, bool *is_weak)
{
	const struct attributes *said = &message->said;
	const char *name = attributes_text(said, ATTRIBUTE_MESSAGE);
	const char *user = attributes_text(said, ATTRIBUTE_CLIENT_NAME);
	const char *service = attributes_text(said, ATTRIBUTE_SERVICE_NAME);

	*is_weak = is_weak_alone(said);
	/* One that proves nothing of itself gets what only its account's password opens. */
	if (strcmp(name, "AS-REQ") == 0)
		return *is_weak && !attributes_has(said, ATTRIBUTE_PREAUTHENTICATED) &&
				       !is_usual(user)
			       ? user
			       : "";
	if (strcmp(name, "TGS-REQ") == 0)
		return *is_weak && !is_usual(service) ? service : "";
	if (strcmp(name, "TGS-REP") != 0)
		return "";
	service = attributes_text(said, ATTRIBUTE_TICKET_SERVICE);
	*is_weak = false; /* the request has said that */
	return strncmp(attributes_text(said, ATTRIBUTE_TICKET_ETYPE), "rc4", strlen("rc4")) == 0 &&
			       !is_usual(service)
		       ? service
		       : "";
}

static void tell(struct ticket_theft *self, uint32_t device, struct collection *c,
		 const struct fact *fact, struct signal_sink *sink)
{
	const struct fact_flow *flow = &fact->flow;
	struct signal s = { .kind = SIGNAL_TICKET_THEFT,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = device,
			    .first = c->first,
			    .last = c->last,
			    .count = c->count,
			    .confidence = prior };

	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = flow->server;
	s.object.port = flow->server_port;
	s.object.protocol = flow->protocol;
	address_text(&flow->server, s.object.text);
	signal_condition(&s, REASON_TICKETS, c->count, COMPARE_AT_LEAST,
			 (double)self->config->tickets, "lateral.tickets");
	signal_condition(&s, REASON_WINDOW, nanotime_seconds(nanotime_between(c->first, c->last)),
			 COMPARE_AT_MOST, nanotime_seconds(self->config->window), "lateral.window");
	if (2 * c->weak >= c->count)
		signal_evidence(&s, REASON_WEAK_CIPHER, 1, times_weak);
	if (c->count >= MANY)
		signal_evidence(&s, REASON_VERY_MANY, c->count, times_many);
	signal_show_flows(&s, c->flows, c->flow_count);
	c->told = c->count;
	sink->emit(sink, &s);
}

static bool note(struct collection *c, const char *name)
{
	uint64_t hash = distinct_hash(name, strlen(name));

	for (uint32_t i = 0; i < c->count; i++) {
		if (c->tickets[i] == hash)
			return false;
	}
	if (c->count == TICKETS_KEPT)
		return false;
	c->tickets[c->count++] = hash;
	return true;
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct ticket_theft *self = state;
	const struct fact *fact = seen->fact;
	struct collection *c;
	const char *name;
	bool is_weak;
	bool is_new;

	if (fact->message.message != MESSAGE_KERBEROS || seen->device == 0 ||
	    seen->direction != DIRECTION_LATERAL)
		return;
	name = wanted(&fact->message, &is_weak);
	if (name[0] == '\0')
		return;
	c = lru_map_touch(self->collections, &seen->device, &is_new);
	if (is_new || nanotime_went_back(c->first, fact->time) ||
	    nanotime_between(c->first, fact->time) > self->config->window)
		*c = (struct collection){ .first = fact->time };
	c->last = fact->time > c->last ? fact->time : c->last;
	if (!note(c, name))
		return;
	c->weak += is_weak;
	c->flow_count = 0;
	signal_keep_flow(c->flows, &c->flow_count, fact);
	if (c->count >= self->config->tickets && c->count >= 2 * c->told)
		tell(self, seen->device, c, fact, sink);
}

static void tidy(void *value)
{
	struct collection *c = value;

	memset(c->flows + c->flow_count, 0, (1U - c->flow_count) * sizeof(c->flows[0]));
}

static bool is_collection_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct collection *c = value;

	return *device != 0 && c->count <= TICKETS_KEPT && c->weak <= c->count &&
	       c->told <= c->count && c->flow_count <= 1 && (c->count == 0 || c->flow_count == 1) &&
	       signal_flows_are_sound(c->flows, c->flow_count);
}

static const struct kept_table kept[] = {
	{ .name = "ticket_theft.collections",
	  .version = 1,
	  .at = offsetof(struct ticket_theft, collections),
	  .tidy = tidy,
	  .is_sound = is_collection_sound },
	{ 0 },
};

const struct detector detector_ticket_theft = {
	.name = "ticket_theft",
	.finds = "A device that collects the tickets of many accounts.",
	.sees = DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct ticket_theft),
	.start = start,
	.stop = stop,
	.observe = observe,
	.kept = kept,
};
