#include "sensor/lane/lane.h"

#include "sensor/lane/lane_flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum err lane_new(struct lane **out, const struct lane_config *config, uint32_t flow_capacity,
		  lane_emit_fn *emit, void *arg)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	size_t dpi_size = sizeof(struct lane_dpi) + dpi_flow_size();
	enum err err = ERR_MEMORY;

	if (!lane)
		return ERR_MEMORY;
	lane->config = config;
	lane->emit = emit;
	lane->emit_arg = arg;
	lane->capacity = flow_capacity;
	lane->flow_of = calloc(flow_capacity, sizeof(*lane->flow_of));
	lane->scratch = malloc(sizeof(*lane->scratch));
	if (lane->flow_of && lane->scratch)
		err = slab_new(&lane->flows, flow_capacity, sizeof(struct lane_flow));
	if (err == ERR_OK)
		err = slab_new(&lane->names, flow_capacity, sizeof(struct fact_names));
	if (err == ERR_OK)
		err = slab_new(&lane->dpi_flows, (uint32_t)config->dpi_flows, dpi_size);
	if (err == ERR_OK)
		err = slab_new(&lane->windows, LANE_WINDOWS, sizeof(struct lane_window));
	if (err == ERR_OK)
		err = dpi_new(&lane->dpi);
	if (err != ERR_OK) {
		lane_free(lane);
		return err;
	}
	*out = lane;
	return ERR_OK;
}

static void release_dpi_flows(struct lane *lane)
{
	for (uint32_t h = slab_oldest(lane->dpi_flows); h != 0;
	     h = slab_younger(lane->dpi_flows, h))
		dpi_flow_release(lane_dpi_state(slab_at(lane->dpi_flows, h)));
}

void lane_free(struct lane *lane)
{
	if (!lane)
		return;
	if (lane->dpi_flows)
		release_dpi_flows(lane);
	dpi_free(lane->dpi);
	slab_free(lane->windows);
	slab_free(lane->dpi_flows);
	slab_free(lane->names);
	slab_free(lane->flows);
	free(lane->scratch);
	free(lane->flow_of);
	free(lane);
}

struct fact *lane_fact(struct lane *lane, const struct lane_record *record, enum fact_kind kind)
{
	memset(&lane->fact, 0, fact_size(kind));
	lane->fact.sequence = record->sequence;
	lane->fact.number = record->number;
	lane->fact.time = record->time;
	lane->fact.kind = (uint8_t)kind;
	return &lane->fact;
}

void lane_emit(struct lane *lane)
{
	lane->emit(lane->emit_arg, &lane->fact);
}

static void set_sides(struct lane_flow *flow, const struct packet *p, const struct lane_packet *lp)
{
	bool low = lp->client_is_low;

	flow->client_is_low = low;
	flow->flow.client = low ? p->key.low : p->key.high;
	flow->flow.server = low ? p->key.high : p->key.low;
	flow->flow.client_port = low ? p->key.low_port : p->key.high_port;
	flow->flow.server_port = low ? p->key.high_port : p->key.low_port;
	flow->flow.is_midstream = lp->is_midstream;
}

static struct lane_flow *open_flow(struct lane *lane, const struct packet *p,
				   const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;
	uint32_t handle = slab_take(lane->flows);

	/* There are as many as the table has, and it never has two flows in one slot. */
	assert(handle != 0 && lane->flow_of[lp->ref.index] == 0);
	lane->flow_of[lp->ref.index] = handle;

	struct lane_flow *flow = slab_at(lane->flows, handle);

	flow->ref = lp->ref;
	flow->flow.id = record->number;
	flow->flow.first = p->time;
	flow->flow.protocol = p->key.protocol;
	flow->flow.ip_version = p->key.ip_version;
	set_sides(flow, p, lp);

	struct fact *fact = lane_fact(lane, record, FACT_FLOW_OPENED);

	fact->flow = flow->flow;
	fact->opened = (struct fact_opened){ .source_mac = p->source_mac,
					     .destination_mac = p->destination_mac,
					     .from_client = lp->touch.from_client,
					     .ttl = p->ttl,
					     .vlan = p->vlan };
	lane_emit(lane);
	return flow;
}

static struct fact_names names_of(struct lane *lane, const struct lane_flow *flow)
{
	static const struct fact_names nothing;

	return flow->names != 0 ? *(struct fact_names *)slab_at(lane->names, flow->names) : nothing;
}

static void emit_named(struct lane *lane, const struct lane_flow *flow,
		       const struct lane_record *record)
{
	struct fact *fact = lane_fact(lane, record, FACT_FLOW_NAMED);

	fact->flow = flow->flow;
	fact->named = names_of(lane, flow);
	lane_emit(lane);
}

static void emit_check_in(struct lane *lane, struct lane_flow *flow,
			  const struct lane_record *record)
{
	struct fact *fact = lane_fact(lane, record, FACT_CHECK_IN);

	fact->time = flow->pending_time;
	fact->flow = flow->flow;
	fact->check_in = flow->pending;
	fact->check_in.names = names_of(lane, flow);
	flow->has_pending = false;
	lane_emit(lane);
}

static void note_check_in(struct lane_flow *flow, const struct packet *p,
			  const struct lane_packet *lp)
{
	flow->has_pending = true;
	flow->pending_time = p->time;
	flow->pending = (struct fact_check_in){ .payload_len = p->payload_len,
						.is_first = lp->touch.payload_packets_before == 0,
						.is_answered = lp->is_answered,
						.has_data_down = lp->has_data_down };
}

static void note_sequence(struct lane_flow *flow, const struct packet *p, bool from_client)
{
	if (p->key.protocol != IP_TCP || !from_client || !(p->tcp_flags & TCP_SYN))
		return;
	flow->client_first_sequence = p->tcp_sequence + 1;
	flow->has_first_sequence = true;
}

static void take_packet(struct lane *lane, const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;
	struct packet p = lane_record_packet(record);
	struct lane_flow *flow = lp->touch.is_new
					 ? open_flow(lane, &p, record)
					 : slab_at(lane->flows, lane->flow_of[lp->ref.index]);
	bool is_named = false;

	if (flow->client_is_low != lp->client_is_low)
		set_sides(flow, &p, lp);
	note_sequence(flow, &p, lp->touch.from_client);
	if (lp->touch.is_check_in) {
		if (flow->has_pending)
			emit_check_in(lane, flow, record);
		note_check_in(flow, &p, lp);
	}
	if (p.payload.len > 0 && !p.is_fragment_rest) {
		bool is_service = lane_read_service(lane, flow, &p, record);

		if (!is_service && lp->touch.from_client)
			is_named = lane_read_hello(lane, flow, &p);
		if (!is_service)
			is_named |= lane_show_dpi(lane, lane->flow_of[lp->ref.index], &p, lp);
	}
	if (is_named)
		emit_named(lane, flow, record);
	if (flow->has_pending && flow->hello != HELLO_PARTIAL)
		emit_check_in(lane, flow, record);
}

static void fill_ended(struct fact_ended *ended, const struct flow_record *f, enum flow_end reason)
{
	enum flow_side up = (enum flow_side)f->client_side;
	enum flow_side down = up == FLOW_SIDE_LOW ? FLOW_SIDE_HIGH : FLOW_SIDE_LOW;
	uint8_t down_flags = f->tcp_flags[down];
	bool is_reset = f->key.protocol == IP_TCP && (down_flags & TCP_RST) &&
			!(down_flags & (TCP_SYN | TCP_PSH | TCP_FIN));

	static const enum fact_end_reason reasons[] = {
		[FLOW_END_IDLE] = FACT_END_IDLE,       [FLOW_END_REUSED] = FACT_END_REUSED,
		[FLOW_END_EVICTED] = FACT_END_EVICTED, [FLOW_END_EPOCH] = FACT_END_EPOCH,
		[FLOW_END_CAPTURE] = FACT_END_CAPTURE,
	};

	ended->last = f->last;
	ended->bytes_up = f->bytes[up];
	ended->bytes_down = f->bytes[down];
	ended->packets_up = f->packets[up];
	ended->packets_down = f->packets[down];
	ended->tcp_flags_up = f->tcp_flags[up];
	ended->tcp_flags_down = down_flags;
	ended->reason = (uint8_t)reasons[reason];
	ended->payload_packets = f->payload_packets;
	ended->icmp_error = f->icmp_error;
	ended->has_data_down = flow_server_spoke(f);
	ended->is_answered = f->packets[down] > 0 && !is_reset;
	ended->is_refused = is_reset || (f->packets[down] == 0 && f->icmp_error != 0);
}

static void take_end(struct lane *lane, const struct lane_record *record)
{
	const struct lane_flow_end *end = &record->end;
	uint32_t handle = lane->flow_of[end->ref.index];
	struct lane_flow *flow = slab_at(lane->flows, handle);

	assert(flow->ref.generation == end->ref.generation);
	lane_finish_dpi(lane, flow);
	lane_drop_window(lane, flow);
	if (flow->has_pending)
		emit_check_in(lane, flow, record);

	struct fact *fact = lane_fact(lane, record, FACT_FLOW_ENDED);

	fact->flow = flow->flow;
	fact->flow.client = *flow_client(&end->flow);
	fact->flow.server = *flow_server(&end->flow);
	fact->flow.client_port = flow_client_port(&end->flow);
	fact->flow.server_port = flow_server_port(&end->flow);
	fill_ended(&fact->ended, &end->flow, (enum flow_end)end->reason);
	fact->ended.names = names_of(lane, flow);
	lane_emit(lane);
	lane->flow_of[end->ref.index] = 0;
	if (flow->names != 0)
		slab_give_back(lane->names, flow->names);
	slab_give_back(lane->flows, handle);
}

void lane_take(struct lane *lane, const struct lane_record *record)
{
	switch ((enum lane_record_kind)record->kind) {
	case LANE_PACKET:
		take_packet(lane, record);
		break;
	case LANE_LINK: {
		struct packet p = lane_record_packet(record);

		lane_read_arp(lane, &p, record);
		break;
	}
	case LANE_FLOW_END:
		take_end(lane, record);
		break;
	case LANE_EPOCH:
		(void)lane_fact(lane, record, FACT_EPOCH);
		lane_emit(lane);
		break;
	case LANE_WATERMARK:
		break;
	}
}

struct lane_stats lane_stats(const struct lane *lane)
{
	return lane->stats;
}
