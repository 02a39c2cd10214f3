#include "sensor/health/health_wiring.h"

#include <assert.h>

#define LONG_SILENCE  (10 * NANOTIME_MINUTE)
#define DNS_PATIENCE  (5 * NANOTIME_MINUTE)
#define FILE_PATIENCE (30 * NANOTIME_SECOND)
#define DHCP_PATIENCE NANOTIME_DAY

enum {
	GROUP_MIN = 20,        /* broadcasts that a wired port of any office has soon */
	GROUP_SENDERS_MIN = 3, /* … from so many devices */
	ASKS_MIN = 5,          /* questions of which one would have been answered */
	AWAKE_PARTS = 3,       /* of four: as many announce themselves as when people were there */
	AWAKE_OF = 4,
	LEAK_SHARE = 4, /* of broadcasts: what a switch floods that has lost a MAC */
	CARRIED_MIN = 20,
	CARRIED_TIMES_PLAIN = 20,
	NAT_PACKETS_MIN = 20,
	NAT_PEERS_MIN = 4,
	NAT_REQUESTS_MIN = 5,
	ONE_SIDED_MIN = 3, /* when nothing else is seen */
	ONE_SIDED_MIN_OF_SOME = 10,
	VLAN_UNICAST_MIN = 100, /* of another VLAN: there is something to be seen */
	COPIES_MIN = 20,
	ODD_TAGS_MIN = 2,
	OWN_MIN = 10,
	WEB_SERVERS_MIN = 10,
	JUMBO_BYTES = 9216, /* the longest packet that switches let pass */
};

static const double address_share_min = 0.95;
static const double routed_share_min = 0.5;
static const double one_sided_share_min = 0.3;
static const double one_sided_share_all = 0.9;
static const double copies_share_min = 0.1;
static const double odd_tags_share_min = 0.5;

void finding_begin(struct health_finding *out, enum health_severity severity)
{
	*out = (struct health_finding){ .severity = severity, .interface = HEALTH_NO_INTERFACE };
}

void finding_figure(struct health_finding *out, enum health_figure_code code, double value,
		    enum health_bound bound, double threshold)
{
	assert(out->figure_count < HEALTH_FINDING_FIGURES_MAX);
	out->figures[out->figure_count++] = (struct health_figure){
		.code = code, .value = value, .bound = bound, .threshold = threshold
	};
}

static double share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

/* Broadcasts enough, and of what goes to one receiver nothing but what a switch floods. */
static bool is_group_alone(const struct health_counts *c)
{
	return c->group >= GROUP_MIN && c->pairs_both == 0 && c->without_link == 0 &&
	       c->unicast <= c->group / LEAK_SHARE;
}

/*
 * Few packets are no proof, for offices sleep. Questions are: who asks for an address and would be
 * answered on a mirror, is not heard to be answered on a plain port. Else it takes a long silence.
 *
 * Where conversations were seen before, the office may have closed: what is left on then announces
 * itself all night, and asks for those who are off. So most who were awake must still be there.
 */
bool wiring_only_broadcast(const struct health_view *view, unsigned interface,
			   struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	nanotime heard = c->lasting.last_unicast > 0 ? c->lasting.last_unicast : c->lasting.started;
	nanotime silence = nanotime_between(heard, view->now);
	nanotime patience = c->lasting.awake > 0 ? HEALTH_CLOSED_FOR : LONG_SILENCE;
	bool is_awake = c->group_senders.count * AWAKE_OF >= c->lasting.awake * AWAKE_PARTS;
	bool is_unanswered = is_awake && c->lasting.unanswered >= ASKS_MIN && c->answers == 0;
	uint64_t leaked_max = c->group / LEAK_SHARE;

	if (!is_group_alone(c) || c->group_senders.count < GROUP_SENDERS_MIN ||
	    (!is_unanswered && silence < patience))
		return false;
	finding_begin(out, HEALTH_FAULT);
	finding_figure(out, HEALTH_FIGURE_GROUP, (double)c->group, HEALTH_AT_LEAST, GROUP_MIN);
	finding_figure(out, HEALTH_FIGURE_UNICAST, (double)c->unicast, HEALTH_AT_MOST,
		       (double)leaked_max);
	finding_figure(out, HEALTH_FIGURE_ASKS, (double)c->lasting.unanswered,
		       is_unanswered ? HEALTH_AT_LEAST : HEALTH_NO_BOUND, ASKS_MIN);
	finding_figure(out, HEALTH_FIGURE_ANSWERS, (double)c->answers,
		       is_unanswered ? HEALTH_AT_MOST : HEALTH_NO_BOUND, 0);
	return true;
}

/* All IPv4 comes inside something: on the office's side of a router some would come plain. */
static bool is_carried(const struct health_counts *c, uint64_t carried, struct health_finding *out)
{
	if (carried < CARRIED_MIN || carried < c->plain_v4 * CARRIED_TIMES_PLAIN)
		return false;
	finding_begin(out, HEALTH_FAULT);
	finding_figure(out, HEALTH_FIGURE_CARRIED, (double)carried, HEALTH_AT_LEAST, CARRIED_MIN);
	finding_figure(out, HEALTH_FIGURE_PLAIN_V4, (double)c->plain_v4, HEALTH_AT_MOST,
		       (double)carried / CARRIED_TIMES_PLAIN);
	return true;
}

bool wiring_pppoe_side(const struct health_view *view, unsigned interface,
		       struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];

	return is_carried(c, c->pppoe, out);
}

bool wiring_carrier_tunnel(const struct health_view *view, unsigned interface,
			   struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];

	return is_carried(c, c->four_in_six, out);
}

/*
 * One address has a part in all there is, and what it asks for has come through a router: so it is
 * the router's own, and the devices are behind it. A server or a lone computer asks with the TTL
 * that its system begins with.
 */
bool wiring_after_nat(const struct health_view *view, unsigned interface,
		      struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];

	for (unsigned i = 0; i < HEALTH_COMMONS; i++) {
		const struct health_common *common = &c->common[i];
		uint64_t requests = common->fresh + common->passed;
		double of_all = share(common->packets, c->plain_v4);
		double routed = share(common->passed, requests);

		if (c->without_link > 0 || c->plain_v4 < NAT_PACKETS_MIN ||
		    requests < NAT_REQUESTS_MIN || common->peers.count < NAT_PEERS_MIN ||
		    of_all < address_share_min || routed < routed_share_min)
			continue;
		finding_begin(out, HEALTH_FAULT);
		finding_figure(out, HEALTH_FIGURE_ADDRESS_SHARE, of_all, HEALTH_AT_LEAST,
			       address_share_min);
		finding_figure(out, HEALTH_FIGURE_ROUTED_SHARE, routed, HEALTH_AT_LEAST,
			       routed_share_min);
		return true;
	}
	return false;
}

static bool has_busy_vlan(const struct health_counts *c)
{
	for (unsigned i = 0; i < c->vlan_count; i++) {
		if (c->vlans[i].unicast >= VLAN_UNICAST_MIN)
			return true;
	}
	return false;
}

/* Of one VLAN what only_broadcast() says of a port, while another one is mirrored well. */
bool wiring_missing_vlan(const struct health_view *view, unsigned interface,
			 struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];

	for (unsigned i = 0; i < c->vlan_count && has_busy_vlan(c); i++) {
		const struct health_vlan *vlan = &c->vlans[i];

		if (vlan->group < GROUP_MIN || vlan->unicast > 0 || vlan->unanswered < ASKS_MIN ||
		    vlan->group_senders.count < GROUP_SENDERS_MIN)
			continue;
		finding_begin(out, HEALTH_WARNING);
		finding_figure(out, HEALTH_FIGURE_VLAN, vlan->id, HEALTH_NO_BOUND, 0);
		finding_figure(out, HEALTH_FIGURE_GROUP, (double)vlan->group, HEALTH_AT_LEAST,
			       GROUP_MIN);
		finding_figure(out, HEALTH_FIGURE_UNICAST, 0, HEALTH_AT_MOST, 0);
		finding_figure(out, HEALTH_FIGURE_ASKS, (double)vlan->unanswered, HEALTH_AT_LEAST,
			       ASKS_MIN);
		return true;
	}
	return false;
}

/* A gateway that routes between two networks sees each packet come and go. */
bool wiring_duplicates(const struct health_view *view, unsigned interface,
		       struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	double copies = share(c->copies, c->frames);

	if ((view->surroundings.is_live && view->surroundings.place == CAPTURE_GATEWAY) ||
	    c->copies < COPIES_MIN || copies < copies_share_min)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_COPIES, (double)c->copies, HEALTH_AT_LEAST, COPIES_MIN);
	finding_figure(out, HEALTH_FIGURE_COPIES_SHARE, copies, HEALTH_AT_LEAST, copies_share_min);
	return true;
}

/* A longer packet than the link can carry was put together behind it. */
bool wiring_offloads(const struct health_view *view, unsigned interface, struct health_finding *out)
{
	const struct health_interface *of = &view->surroundings.interfaces[interface];
	uint32_t longest = view->counts[interface].longest_tcp;
	uint32_t limit = of->mtu > 0 ? of->mtu : JUMBO_BYTES;

	if (longest <= limit && of->joins_packets != HEALTH_YES)
		return false;
	finding_begin(out, HEALTH_WARNING);
	out->story = longest > limit ? HEALTH_STORY_USUAL : HEALTH_STORY_CLIENTS;
	finding_figure(out, HEALTH_FIGURE_LONGEST, longest,
		       longest > limit ? HEALTH_AT_LEAST : HEALTH_NO_BOUND, limit + 1.0);
	return true;
}

static nanotime latest_dns(const struct health_view *view)
{
	nanotime latest = 0;

	for (unsigned i = 0; i < INTERFACES_MAX; i++) {
		const struct health_lasting *lasting = &view->counts[i].lasting;

		latest = lasting->last_dns > latest ? lasting->last_dns : latest;
	}
	return latest;
}

/* Not while any resolver is asked: what else is encrypted cannot be known. */
bool wiring_no_dns(const struct health_view *view, unsigned interface, struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	nanotime latest = latest_dns(view);
	nanotime since = latest > c->lasting.started ? latest : c->lasting.started;
	nanotime patience = view->surroundings.is_live && latest > 0 ? DNS_PATIENCE : FILE_PATIENCE;
	unsigned servers = c->lasting.opened_since_dns.count;

	if (servers < WEB_SERVERS_MIN || nanotime_between(since, view->now) < patience)
		return false;
	finding_begin(out, HEALTH_WARNING);
	finding_figure(out, HEALTH_FIGURE_WEB_SERVERS, servers, HEALTH_AT_LEAST, WEB_SERVERS_MIN);
	finding_figure(out, HEALTH_FIGURE_SECONDS, nanotime_seconds(view->now - since),
		       HEALTH_AT_LEAST, nanotime_seconds(patience));
	return true;
}

bool wiring_no_dhcp(const struct health_view *view, unsigned interface, struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	const struct health_lasting *lasting = &c->lasting;
	nanotime since = lasting->last_dhcp > 0 ? lasting->last_dhcp : lasting->started;

	if (since == 0 || nanotime_between(since, view->now) < DHCP_PATIENCE ||
	    c->group_senders.count < GROUP_SENDERS_MIN)
		return false;
	finding_begin(out, HEALTH_NOTE);
	finding_figure(out, HEALTH_FIGURE_SECONDS, nanotime_seconds(view->now - since),
		       HEALTH_AT_LEAST, nanotime_seconds(DHCP_PATIENCE));
	return true;
}

bool wiring_tags_one_way(const struct health_view *view, unsigned interface,
			 struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];
	double odd = share(c->odd_tags, c->pairs_both);

	if (c->odd_tags < ODD_TAGS_MIN || odd < odd_tags_share_min)
		return false;
	finding_begin(out, HEALTH_NOTE);
	finding_figure(out, HEALTH_FIGURE_PAIRS, (double)c->odd_tags, HEALTH_AT_LEAST,
		       ODD_TAGS_MIN);
	return true;
}

bool wiring_own_traffic(const struct health_view *view, unsigned interface,
			struct health_finding *out)
{
	const struct health_counts *c = &view->counts[interface];

	if (view->surroundings.place != CAPTURE_MIRROR || c->own < OWN_MIN)
		return false;
	finding_begin(out, HEALTH_NOTE);
	finding_figure(out, HEALTH_FIGURE_OWN, (double)c->own, HEALTH_AT_LEAST, OWN_MIN);
	return true;
}

bool wiring_one_direction(const struct health_view *view, struct health_finding *out)
{
	const struct health_flows *flows = &view->flows;
	uint64_t one_sided = flows->client_only + flows->server_only;
	double of_all = share(one_sided, one_sided + flows->both);
	bool is_all = of_all >= one_sided_share_all;

	if (one_sided < (is_all ? ONE_SIDED_MIN : ONE_SIDED_MIN_OF_SOME) ||
	    of_all < one_sided_share_min)
		return false;
	finding_begin(out, is_all ? HEALTH_FAULT : HEALTH_WARNING);
	if (is_all && share(flows->client_only, one_sided) >= one_sided_share_all)
		out->story = HEALTH_STORY_CLIENTS;
	else if (is_all && share(flows->server_only, one_sided) >= one_sided_share_all)
		out->story = HEALTH_STORY_SERVERS;
	finding_figure(out, HEALTH_FIGURE_ONE_SIDED, (double)one_sided, HEALTH_AT_LEAST,
		       is_all ? ONE_SIDED_MIN : ONE_SIDED_MIN_OF_SOME);
	finding_figure(out, HEALTH_FIGURE_ONE_SIDED_SHARE, of_all, HEALTH_AT_LEAST,
		       one_sided_share_min);
	return true;
}
