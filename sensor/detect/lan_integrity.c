#include "sensor/detect/lan_integrity.h"

#include "sensor/base/lru_map.h"

#include <stdio.h>
#include <string.h>

enum { SERVERS_MAX = 4, GATEWAYS_MAX = 4, STOLEN_MAX = 8 };

static const double prior_dhcp = 0.35;
static const nanotime same_question = 5 * NANOTIME_SECOND;
static const double times_other_router = 2.5;
static const double times_still_there = 1.6;

static const double prior_claims = 0.5;
static const double times_gateway = 2.5;
static const double times_two_sides = 2;

/* A server that gives out addresses. */
struct dhcp_server {
	struct address address;
	struct address router; /* that it tells of; unspecified when it did not */
	nanotime first;
	nanotime last;
	struct mac asked_by; /* the latest that it answered, and when */
	bool is_told;
	uint8_t spare;
	nanotime answered;
};

struct dhcp_servers {
	struct dhcp_server list[SERVERS_MAX];
	uint32_t count;
	uint32_t spare;
};

/* An address, by which MACs it was claimed. */
struct holder {
	struct mac mac;
	struct mac other; /* that claimed it before; zero is none */
	uint8_t spare[4];
	nanotime last;
	nanotime other_last;
	nanotime flipped_first; /* of the turns of this window */
	uint32_t flips;
	uint32_t told_flips; /* when they were last told … */
	uint32_t claimer;    /* … of this device */
	uint32_t more_spare;
};

/* A device that claims what others hold. */
struct claimer {
	nanotime first;
	struct address stolen[STOLEN_MAX];
	uint32_t count;
	uint32_t spare;
};

struct lan_integrity {
	const struct lan_config *config;
	struct dhcp_servers servers;
	struct lru_map *holders;  /* address → struct holder */
	struct lru_map *claimers; /* device number → struct claimer */
};

static enum err start(void *state, const struct detect_setup *setup)
{
	struct lan_integrity *self = state;
	uint32_t devices = (uint32_t)setup->config->judge.devices;

	self->config = &setup->config->detect.lan;

	enum err err = lru_map_new(&self->holders, 2 * devices, sizeof(struct address),
				   sizeof(struct holder));

	if (err != ERR_OK)
		return err;
	return lru_map_new(&self->claimers, (uint32_t)setup->config->detect.lateral.pairs,
			   sizeof(uint32_t), sizeof(struct claimer));
}

static void stop(void *state)
{
	struct lan_integrity *self = state;

	lru_map_free(self->holders);
	lru_map_free(self->claimers);
}

static struct dhcp_server *server_of(struct lan_integrity *self, const struct address *address,
				     nanotime now)
{
	struct dhcp_server *oldest = &self->servers.list[0];

	for (uint32_t i = 0; i < self->servers.count; i++) {
		if (address_equal(&self->servers.list[i].address, address))
			return &self->servers.list[i];
		if (self->servers.list[i].last < oldest->last)
			oldest = &self->servers.list[i];
	}
	if (self->servers.count < SERVERS_MAX)
		oldest = &self->servers.list[self->servers.count++];
	*oldest = (struct dhcp_server){ .address = *address, .first = now };
	return oldest;
}

/*
 * Another one that was there before, and answered the same question: two networks that a sensor
 * sees have a server each, and a machine that moves takes longer.
 */
static const struct dhcp_server *elder_of(const struct lan_integrity *self,
					  const struct dhcp_server *server)
{
	for (uint32_t i = 0; i < self->servers.count; i++) {
		const struct dhcp_server *other = &self->servers.list[i];

		if (other != server && other->first < server->first &&
		    memcmp(&other->asked_by, &server->asked_by, sizeof(other->asked_by)) == 0 &&
		    nanotime_between(other->answered, server->answered) <= same_question)
			return other;
	}
	return NULL;
}

static void tell_server(const struct observation *seen, const struct dhcp_server *server,
			const struct dhcp_server *elder, struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_ROGUE_DHCP,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = seen->device,
			    .first = server->first,
			    .last = server->last,
			    .count = 1,
			    .confidence = prior_dhcp };

	s.object.kind = OBJECT_NETWORK;
	(void)snprintf(s.object.text, sizeof(s.object.text), "dhcp");
	address_text(&server->address, s.detail);
	signal_condition(&s, REASON_DHCP_SERVERS, 2, COMPARE_AT_LEAST, 2, NULL);
	if (!address_is_unspecified(&server->router) && !address_is_unspecified(&elder->router) &&
	    !address_equal(&server->router, &elder->router))
		signal_evidence(&s, REASON_OTHER_ROUTER, 1, times_other_router);
	if (elder->last > server->first)
		signal_evidence(&s, REASON_STILL_THERE, 1, times_still_there);
	signal_keep_flow(s.flows, &s.flow_count, seen->fact);
	sink->emit(sink, &s);
}

static void dhcp(struct lan_integrity *self, const struct observation *seen,
		 struct signal_sink *sink)
{
	const struct fact_message *message = &seen->fact->message;
	const char *type = attributes_text(&message->said, ATTRIBUTE_TYPE);
	struct address id;
	struct dhcp_server *server;
	const struct dhcp_server *elder;

	if (!attributes_has(&message->said, ATTRIBUTE_RESPONSE) || seen->device == 0 ||
	    (strcmp(type, "OFFER") != 0 && strcmp(type, "ACK") != 0) ||
	    !attributes_address(&message->said, ATTRIBUTE_SERVER_ID, &id))
		return;
	server = server_of(self, &id, seen->fact->time);
	if (nanotime_went_back(server->last, seen->fact->time))
		*server = (struct dhcp_server){ .address = id, .first = seen->fact->time };
	server->last = seen->fact->time > server->last ? seen->fact->time : server->last;
	server->answered = seen->fact->time;
	(void)attributes_address(&message->said, ATTRIBUTE_ROUTER, &server->router);
	(void)attributes_mac(&message->said, ATTRIBUTE_MAC, &server->asked_by);
	elder = elder_of(self, server);
	/* It is a newcomer once the elder has been heard again. */
	if (!elder || server->is_told)
		return;
	server->is_told = true;
	tell_server(seen, server, elder, sink);
}

static bool is_gateway(const struct lan_integrity *self, const struct address *address)
{
	for (uint32_t i = 0; i < self->servers.count; i++) {
		if (address_equal(&self->servers.list[i].router, address))
			return true;
	}
	return false;
}

/* Several machines share these by design (VRRP and CARP of RFC 5798, HSRP, GLBP), and take turns.
 */
static bool is_shared(const struct mac *mac)
{
	static const uint8_t shared[][5] = {
		{ 0x00, 0x00, 0x5e, 0x00, 0x01 }, { 0x00, 0x00, 0x5e, 0x00, 0x02 },
		{ 0x00, 0x00, 0x0c, 0x07, 0xac }, { 0x00, 0x00, 0x0c, 0x9f, 0xf0 },
		{ 0x00, 0x05, 0x73, 0xa0, 0x00 }, { 0x00, 0x07, 0xb4, 0x00, 0x00 },
		{ 0x00, 0x07, 0xb4, 0x00, 0x01 }
	};

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		if (memcmp(mac->bytes, shared[i], sizeof(shared[i])) == 0)
			return true;
	}
	return false;
}

static bool is_zero(const struct mac *mac)
{
	static const struct mac zero = { 0 };

	return memcmp(mac, &zero, sizeof(zero)) == 0;
}

/* `address` is claimed by the device that took it from its holder. */
static void tell_claimer(struct lan_integrity *self, const struct address *address,
			 struct holder *holder, const struct claimer *claimer,
			 struct signal_sink *sink)
{
	struct signal s = { .kind = SIGNAL_GATEWAY_SPOOFING,
			    .direction = DIRECTION_LATERAL,
			    .outcome = OUTCOME_ANSWERED,
			    .device = holder->claimer,
			    .first = claimer->first,
			    .last = holder->last,
			    .count = claimer->count,
			    .confidence = prior_claims };
	bool has_gateway = false;

	for (uint32_t i = 0; i < claimer->count; i++)
		has_gateway |= is_gateway(self, &claimer->stolen[i]);
	s.object.kind = OBJECT_ADDRESS;
	s.object.has_address = true;
	s.object.address = *address;
	address_text(address, s.object.text);
	signal_condition(&s, REASON_CLAIM_TURNS, holder->flips, COMPARE_AT_LEAST,
			 (double)self->config->turns, "lan.turns");
	if (has_gateway)
		signal_evidence(&s, REASON_IS_GATEWAY, 1, times_gateway);
	if (claimer->count > 1)
		signal_evidence(&s, REASON_CLAIMS, claimer->count, times_two_sides);
	holder->told_flips = holder->flips;
	sink->emit(sink, &s);
}

static void count_claim(struct lan_integrity *self, const struct observation *seen,
			struct holder *holder, struct signal_sink *sink)
{
	const struct address *address = &seen->fact->neighbour.sender;
	nanotime now = seen->fact->time;
	bool is_new;
	struct claimer *claimer = lru_map_touch(self->claimers, &seen->device, &is_new);

	if (is_new || nanotime_between(claimer->first, now) > self->config->window ||
	    nanotime_went_back(claimer->first, now))
		*claimer = (struct claimer){ .first = now };
	for (uint32_t i = 0; i < claimer->count; i++) {
		if (address_equal(&claimer->stolen[i], address))
			return;
	}
	if (claimer->count == STOLEN_MAX)
		return;
	claimer->stolen[claimer->count++] = *address;
	holder->claimer = seen->device;
	tell_claimer(self, address, holder, claimer, sink);
}

/*
 * An address goes to and fro between two machines that are both there: neither a new router nor a
 * new lease, for then the old one is silent. Blamed is who came second.
 */
static void neighbour(struct lan_integrity *self, const struct observation *seen,
		      struct signal_sink *sink)
{
	const struct fact_neighbour *n = &seen->fact->neighbour;
	nanotime now = seen->fact->time;
	struct holder *holder;
	bool is_new;

	if (seen->device == 0 || address_is_unspecified(&n->sender) || is_zero(&n->sender_mac) ||
	    is_shared(&n->sender_mac))
		return;
	holder = lru_map_touch(self->holders, &n->sender, &is_new);
	if (is_new || nanotime_went_back(holder->last, now)) {
		*holder = (struct holder){ .mac = n->sender_mac, .last = now };
		return;
	}
	if (memcmp(&holder->mac, &n->sender_mac, sizeof(holder->mac)) == 0) {
		holder->last = now;
		return;
	}
	if (nanotime_between(holder->flipped_first, now) > self->config->window) {
		holder->flips = 0;
		holder->told_flips = 0;
		holder->flipped_first = now;
	}
	holder->flips++;
	holder->other = holder->mac;
	holder->other_last = holder->last;
	holder->mac = n->sender_mac;
	holder->last = now;
	if (holder->flips >= self->config->turns && holder->flips % 2 == 1)
		count_claim(self, seen, holder, sink);
}

static void observe(void *state, const struct observation *seen, struct signal_sink *sink)
{
	struct lan_integrity *self = state;

	if (seen->fact->kind == FACT_NEIGHBOUR)
		neighbour(self, seen, sink);
	else if (seen->fact->message.message == MESSAGE_DHCP)
		dhcp(self, seen, sink);
}

/* With the last numbers, where it went on. */
static void finish(void *state, struct signal_sink *sink)
{
	struct lan_integrity *self = state;
	struct holder *holder = NULL;
	const void *address;

	while ((holder = lru_map_next(self->holders, holder, &address))) {
		const struct claimer *claimer = lru_map_find(self->claimers, &holder->claimer);

		if (holder->told_flips > 0 && holder->flips > holder->told_flips && claimer)
			tell_claimer(self, address, holder, claimer, sink);
	}
}

static bool are_servers_sound(const void *key, const void *value)
{
	const struct dhcp_servers *servers = value;

	(void)key;
	if (servers->count > SERVERS_MAX)
		return false;
	for (uint32_t i = 0; i < servers->count; i++) {
		if (!kept_are_flags(&servers->list[i].is_told, 1))
			return false;
	}
	return true;
}

static bool is_claimer_sound(const void *key, const void *value)
{
	const uint32_t *device = key;
	const struct claimer *claimer = value;

	return *device != 0 && claimer->count <= STOLEN_MAX;
}

static bool is_holder_sound(const void *key, const void *value)
{
	const struct holder *holder = value;

	(void)key;
	return !is_zero(&holder->mac) && holder->flips < UINT32_MAX;
}

static const struct kept_table kept[] = {
	{ .name = "lan_integrity.servers",
	  .version = 1,
	  .at = offsetof(struct lan_integrity, servers),
	  .size = sizeof(struct dhcp_servers),
	  .is_sound = are_servers_sound },
	{ .name = "lan_integrity.holders",
	  .version = 1,
	  .at = offsetof(struct lan_integrity, holders),
	  .is_sound = is_holder_sound },
	{ .name = "lan_integrity.claimers",
	  .version = 1,
	  .at = offsetof(struct lan_integrity, claimers),
	  .is_sound = is_claimer_sound },
	{ 0 },
};

const struct detector detector_lan_integrity = {
	.name = "lan_integrity",
	.finds =
		"A device that gives out addresses beside the office's server, or takes another's.",
	.sees = DETECTOR_SEES(FACT_NEIGHBOUR) | DETECTOR_SEES(FACT_MESSAGE),
	.state_size = sizeof(struct lan_integrity),
	.start = start,
	.stop = stop,
	.observe = observe,
	.finish = finish,
	.kept = kept,
};
