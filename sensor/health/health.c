#include "sensor/health/health.h"

#include "sensor/health/health_look.h"

#include <stdlib.h>

/* Enough for both sides of a conversation to have been heard, were they there to be heard. */
enum { FLOW_PACKETS = 4 };

struct health_parts {
	struct health_gauge gauges[INTERFACES_MAX];
	struct health_counts before; /* while a window ends: too large for a stack */
	struct health_flows flows;
	struct mac own[HEALTH_OWN_MACS_MAX];
	size_t own_count;
};

enum err health_new(struct health **out, const struct mac *own, size_t own_count)
{
	struct health *health = calloc(1, sizeof(*health));
	struct health_parts *parts = calloc(1, sizeof(*parts));

	if (!health || !parts) {
		free(health);
		free(parts);
		return ERR_MEMORY;
	}
	parts->own_count = own_count < HEALTH_OWN_MACS_MAX ? own_count : HEALTH_OWN_MACS_MAX;
	for (size_t i = 0; i < parts->own_count; i++)
		parts->own[i] = own[i];
	health->parts = parts;
	health_next_window(health);
	*out = health;
	return ERR_OK;
}

void health_free(struct health *health)
{
	if (!health)
		return;
	free(health->parts);
	free(health);
}

static bool is_own(const struct health_parts *parts, const struct packet *packet)
{
	for (size_t i = 0; i < parts->own_count; i++) {
		if (mac_equal(&parts->own[i], &packet->source_mac) ||
		    mac_equal(&parts->own[i], &packet->destination_mac))
			return true;
	}
	return false;
}

static void last(struct health_lasting *lasting, nanotime now)
{
	if (lasting->started == 0 || nanotime_between(lasting->last_look, now) > NANOTIME_HOUR)
		*lasting = (struct health_lasting){ .started = now };
	lasting->last_look = now;
}

void health_look(struct health *health, const struct frame *frame, const struct packet *packet)
{
	unsigned interface = health_interface_of(frame);
	struct health_meter *meter = &health->meters[interface];
	struct health_gauge *gauge = &health->parts->gauges[interface];
	struct health_counts *counts = &gauge->counts;

	counts->looked++;
	meter->frames += meter->interval;
	meter->interval = counts->looked < HEALTH_LOOKS ? 1 : HEALTH_LOOK_EVERY;
	meter->until_look = meter->interval;
	last(&counts->lasting, frame->time);
	if (packet && is_own(health->parts, packet))
		counts->own++;
	else
		health_look_into(gauge, frame, packet);
}

/* Only what must have been answered: a conversation of TCP beyond its first packet. */
void health_flow(struct health *health, const struct flow_record *flow)
{
	struct health_flows *flows = &health->parts->flows;
	unsigned client = flow->client_side == FLOW_SIDE_LOW ? FLOW_SIDE_LOW : FLOW_SIDE_HIGH;
	uint32_t sent = flow->packets[client];
	uint32_t got = flow->packets[client ^ 1U];

	if (flow->key.protocol != IP_TCP || sent + (uint64_t)got < FLOW_PACKETS ||
	    ((flow->tcp_flags[0] | flow->tcp_flags[1]) & TCP_ACK) == 0)
		return;
	if (sent > 0 && got > 0)
		flows->both++;
	else if (sent > 0)
		flows->client_only++;
	else
		flows->server_only++;
}

void health_live_flows(struct health *health, const struct flow_table *table, nanotime since)
{
	uint32_t capacity = flow_table_stats(table).capacity;
	struct flow_record flow;

	for (uint32_t i = 0; i < capacity; i++) {
		if (flow_table_snapshot(table, i, &flow) == FLOW_READ_OK && flow.last >= since)
			health_flow(health, &flow);
	}
}

void health_counts(const struct health *health, unsigned interface, struct health_counts *out)
{
	const struct health_meter *meter = &health->meters[interface];

	*out = health->parts->gauges[interface].counts;
	out->frames = meter->frames + (meter->interval - meter->until_look) + meter->copies;
	out->copies = meter->copies_unicast;
}

struct health_flows health_flows(const struct health *health)
{
	return health->parts->flows;
}

/* VLANs that spoke, so that those which do not any more make room. */
static void keep_vlans(const struct health_counts *from, struct health_counts *to)
{
	for (unsigned i = 0; i < from->vlan_count; i++) {
		const struct health_vlan *vlan = &from->vlans[i];

		if (vlan->group + vlan->unicast > 0)
			to->vlans[to->vlan_count++] =
				(struct health_vlan){ .id = vlan->id,
						      .unanswered = vlan->unanswered };
	}
}

/* Whether people were there, for windows in which little comes. */
static void note_office(struct health_counts *ended)
{
	if (ended->pairs_both > 0)
		ended->lasting.awake = ended->group_senders.count;
	if (ended->looked > 0)
		ended->lasting.busy = ended->unicast;
}

void health_next_window(struct health *health)
{
	struct health_parts *parts = health->parts;

	for (unsigned i = 0; i < INTERFACES_MAX; i++) {
		struct health_gauge *gauge = &parts->gauges[i];

		parts->before = gauge->counts;
		note_office(&parts->before);
		*gauge = (struct health_gauge){ .counts.lasting = parts->before.lasting };
		keep_vlans(&parts->before, &gauge->counts);
		health->meters[i] = (struct health_meter){ .until_look = 1, .interval = 1 };
	}
	parts->flows = (struct health_flows){ 0 };
}
