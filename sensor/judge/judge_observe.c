#include "sensor/judge/judge_inside.h"

static enum direction direction_between(enum site_place client, enum site_place server)
{
	if (client == SITE_INSIDE)
		return server == SITE_INSIDE ? DIRECTION_LATERAL : DIRECTION_OUTBOUND;
	return server == SITE_INSIDE ? DIRECTION_INBOUND : DIRECTION_UNKNOWN;
}

/* Its own words, else what DNS said of the address. */
static void name_peer(struct judge *judge, struct observation *seen, uint32_t client)
{
	const struct fact_names *names = fact_names_of(seen->fact);

	seen->peer_name = "";
	seen->resolved = "";
	if (!names && seen->fact->kind != FACT_MESSAGE)
		return;
	seen->resolved = resolved_name(judge->names, client, &seen->fact->flow.server);
	if (names && names->host[0] != '\0') {
		seen->peer_name = names->host;
		seen->peer_name_from = names->host_source;
		return;
	}
	seen->peer_name = seen->resolved;
	if (seen->peer_name[0] != '\0')
		seen->peer_name_from = HOST_DNS;
}

struct observation judge_observe_flow(struct judge *judge, const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;
	const struct party *party = parties_at(&judge->parties, &flow->client);
	enum site_place client_place = (enum site_place)party->place;
	uint32_t client = party->device;

	party = parties_at(&judge->parties, &flow->server);

	enum site_place server_place = (enum site_place)party->place;
	bool is_of_client = client != DEVICE_NONE;
	struct observation seen = { .fact = fact,
				    .direction = direction_between(client_place, server_place),
				    .device = is_of_client ? client : party->device,
				    .peer_device = is_of_client ? party->device : DEVICE_NONE,
				    .is_group = server_place == SITE_GROUP,
				    .dns_seen = judge->totals.dns_seen };

	name_peer(judge, &seen, client);
	if (seen.direction == DIRECTION_OUTBOUND && server_place == SITE_OUTSIDE)
		seen.place = regions_find(judge->regions, &flow->server);
	return seen;
}

static bool is_of_flow(enum fact_kind kind)
{
	return kind == FACT_DNS || kind == FACT_FLOW_ENDED || kind == FACT_FLOW_NAMED ||
	       kind == FACT_CHECK_IN || kind == FACT_FLOW_GOES_ON || kind == FACT_MESSAGE;
}

void judge_ask_place(struct judge *judge, const struct fact *fact)
{
	const struct fact_flow *flow = &fact->flow;

	if (is_of_flow((enum fact_kind)fact->kind) &&
	    parties_at(&judge->parties, &flow->client)->place == SITE_INSIDE &&
	    parties_at(&judge->parties, &flow->server)->place == SITE_OUTSIDE)
		regions_ask(judge->regions, &flow->server, fact->time);
}

struct observation judge_observe_neighbour(struct judge *judge, const struct fact *fact)
{
	struct observation seen = {
		.fact = fact, .direction = DIRECTION_LATERAL, .peer_name = "", .resolved = ""
	};

	const struct fact_neighbour *n = &fact->neighbour;

	seen.device = parties_at(&judge->parties, &n->sender)->device;
	seen.peer_device = parties_at(&judge->parties, &n->target)->device;

	const struct device *device = devices_get(judge->devices, seen.device);

	seen.is_router = device && device->is_router;
	return seen;
}

bool judge_observe_sighting(struct judge *judge, const struct fact *fact, struct device_view *who,
			    struct observation *out)
{
	const struct device *device = devices_at(judge->devices, &fact->sighting.source);

	if (!device)
		return false;
	*who = (struct device_view){
		.first_seen = device->first_seen,
		.office_since = judge->kept.began,
		.mac = device->mac,
		.vendor_class = device->traits[DEVICE_VENDOR_CLASS],
		.fingerprint = device->traits[DEVICE_DHCP_FINGERPRINT],
		.syn_signature = device->traits[DEVICE_SYN_SIGNATURE],
		.description = device->traits[DEVICE_DESCRIPTION],
	};
	for (int i = 0; i < DEVICE_NAME_SOURCES; i++)
		who->names[i] = device->names[i];
	*out = (struct observation){ .fact = fact,
				     .device = device->number,
				     .is_router = device->is_router,
				     .peer_name = "",
				     .resolved = "",
				     .who = who };
	return true;
}
