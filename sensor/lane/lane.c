#include "sensor/lane/lane.h"

#include "sensor/lane/lane_flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { AGENTS = 4096 }; /* different ones at a time */

_Static_assert(AGENTS <= UINT16_MAX, "a slot holds the handle in 16 bits");

enum err lane_new(struct lane **out, const struct lane_config *config, struct lane_slot *slots,
		  lane_emit_fn *emit, void *arg)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	size_t dpi_size = sizeof(struct lane_dpi) + dpi_flow_size();
	enum err err;

	if (!lane)
		return ERR_MEMORY;
	lane->config = config;
	lane->slots = slots;
	lane->emit = emit;
	lane->emit_arg = arg;
	lane->hearing.told = lane_told;
	lane->hearing.told_arg = lane;
	lane->hearing.tells_all = config->tells_all;
	err = slab_new(&lane->dpi_flows, (uint32_t)config->dpi_flows, dpi_size);
	if (err == ERR_OK)
		err = sessions_new(&lane->sessions, lane_session_gone, lane);
	if (err == ERR_OK)
		err = agents_new(&lane->agents, AGENTS);
	if (err == ERR_OK)
		err = lane_shapes_start(&lane->shapes, slots);
	if (err == ERR_OK)
		err = dpi_new(&lane->dpi);
	if (err != ERR_OK) {
		lane_free(lane);
		return err;
	}
	/* Now: later it would stand in the way of a packet. */
	dpi_prepare(lane->dpi);
	*out = lane;
	return ERR_OK;
}

static void release_dpi_flows(struct lane *lane)
{
	for (uint32_t h = slab_oldest(lane->dpi_flows); h != 0;
	     h = slab_younger(lane->dpi_flows, h))
		dpi_flow_release(lane->dpi, lane_dpi_state(slab_at(lane->dpi_flows, h)));
}

void lane_free(struct lane *lane)
{
	if (!lane)
		return;
	if (lane->dpi_flows)
		release_dpi_flows(lane);
	dpi_free(lane->dpi);
	if (lane->agents)
		agents_free(lane->agents);
	lane_shapes_release(&lane->shapes);
	sessions_free(lane->sessions);
	slab_free(lane->dpi_flows);
	free(lane);
}

struct fact *lane_fact(struct lane *lane, const struct lane_record *record, enum fact_kind kind)
{
	struct fact *fact = &lane->hearing.fact;

	fact_clear(fact, kind);
	fact->sequence = record->sequence;
	fact->number = record->number;
	fact->time = record->time;
	return fact;
}

void lane_emit(struct lane *lane)
{
	lane->emit(lane->emit_arg, &lane->hearing.fact);
}

static struct fact_flow flow_of(const struct lane_packet *lp, uint64_t id)
{
	const struct flow_key *key = &lp->packet.key;
	bool low = lp->client_is_low;

	return (struct fact_flow){ .id = id,
				   .first = lp->flow_first,
				   .client = low ? key->low : key->high,
				   .server = low ? key->high : key->low,
				   .client_port = low ? key->low_port : key->high_port,
				   .server_port = low ? key->high_port : key->low_port,
				   .protocol = key->protocol,
				   .ip_version = key->ip_version,
				   .is_midstream = lp->is_midstream };
}

/* `out` is all zero. */
static void fill_names(struct lane *lane, const struct lane_slot *slot, struct fact_names *out)
{
	if (slot->names.host[0] != '\0')
		memcpy(out->host, slot->names.host, sizeof(out->host));
	memcpy(out->protocol, slot->names.protocol, sizeof(out->protocol));
	if (slot->agent != 0)
		memcpy(out->agent, agents_text(lane->agents, slot->agent), sizeof(out->agent));
	out->risks = slot->risks;
	out->host_source = slot->names.host_source;
	out->is_guess = slot->names.is_guess;
	out->is_upload = slot->names.is_upload;
}

static void emit_named(struct lane *lane, const struct lane_flow *flow,
		       const struct lane_record *record)
{
	struct fact *fact = lane_fact(lane, record, FACT_FLOW_NAMED);

	fact->flow = flow->flow;
	fill_names(lane, flow->slot, &fact->named);
	fact->named.has_data_down = record->packet.has_data_down;
	flow->slot->has_answered = record->packet.has_data_down;
	lane_emit(lane);
}

static void emit_check_in(struct lane *lane, const struct lane_flow *flow,
			  const struct lane_record *record)
{
	struct fact *fact = lane_fact(lane, record, FACT_CHECK_IN);
	struct lane_slot *slot = flow->slot;

	fact->time = slot->pending_time;
	fact->flow = flow->flow;
	fact->check_in.payload_len = slot->pending_len;
	fact->check_in.is_first = (slot->pending_flags & PENDING_FIRST) != 0;
	fact->check_in.is_answered = (slot->pending_flags & PENDING_ANSWERED) != 0;
	fact->check_in.has_data_down = (slot->pending_flags & PENDING_DATA_DOWN) != 0;
	fill_names(lane, slot, &fact->check_in.names);
	slot->has_pending = false;
	lane_emit(lane);
}

static void note_check_in(struct lane_slot *slot, const struct packet *p,
			  const struct lane_packet *lp)
{
	slot->has_pending = true;
	slot->pending_time = p->time;
	slot->pending_len = p->payload_len;
	slot->pending_flags =
		(uint8_t)((lp->touch.payload_packets_before == 0 ? PENDING_FIRST : 0) |
			  (lp->is_answered ? PENDING_ANSWERED : 0) |
			  (lp->has_data_down ? PENDING_DATA_DOWN : 0));
}

/* Who is asked for, and by which protocol; true when that was learned just now. */
static bool read_payload(struct lane *lane, const struct lane_flow *flow, const struct packet *p,
			 const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;

	if (p->payload.len == 0)
		return false;
	lane->has_named = false;
	lane_read_service(lane, flow, p, record);
	if (p->key.protocol == IP_TCP) {
		lane_hear_session(lane, flow, p, lp);
		if (flow->slot->hello == HELLO_SETTLED && flow->slot->tls == LANE_TLS_NONE)
			lane_shapes_listen(&lane->shapes, flow->slot, p->payload,
					   lp->touch.from_client);
	}
	return lane_show_dpi(lane, flow, p, lp) || lane->has_named;
}

static void start_hearing(struct lane *lane, const struct lane_flow *flow, const struct packet *p,
			  const struct lane_record *record)
{
	struct hearing *hearing = &lane->hearing;

	lane->heard = flow;
	hearing->sequence = record->sequence;
	hearing->number = record->number;
	hearing->time = record->time;
	hearing->flow = flow->flow;
	hearing->from_client = record->packet.touch.from_client;
	hearing->source_mac = p->source_mac;
	hearing->source = *packet_source(p);
}

/* Before all that is concluded from it. */
static void emit_excerpt(struct lane *lane, const struct fact_flow *flow, const struct packet *p,
			 const struct lane_record *record)
{
	struct fact *fact = lane_fact(lane, record, FACT_EXCERPT);
	struct fact_excerpt *excerpt = &fact->excerpt;
	size_t len = p->ip.len < FACT_EXCERPT_BYTES ? p->ip.len : FACT_EXCERPT_BYTES;
	size_t payload_at = record->packet.payload_at;

	fact->flow = *flow;
	excerpt->wire_len = p->ip_len;
	excerpt->len = (uint16_t)len;
	excerpt->payload_at = (uint16_t)(payload_at < len ? payload_at : len);
	if (len > 0)
		memcpy(excerpt->bytes, p->ip.data, len);
	lane_emit(lane);
}

static void take_packet(struct lane *lane, const struct lane_record *record, struct span copy)
{
	const struct lane_packet *lp = &record->packet;
	const struct packet p = lane_record_packet(record, copy);
	struct lane_slot *slot = &lane->slots[lp->ref.index];

	if (lp->is_told_now) {
		assert(lane_slot_is_free(slot, lp->told_before));
		lane_slot_open(slot, lp->ref.generation);
		slot->id = record->sequence;
	}

	const struct lane_flow flow = { .flow = flow_of(lp, slot->id),
					.slot = slot,
					.index = lp->ref.index };

	if (lane->config->tells_packets)
		emit_excerpt(lane, &flow.flow, &p, record);
	if (lp->touch.is_check_in) {
		if (slot->has_pending)
			emit_check_in(lane, &flow, record);
		note_check_in(slot, &p, lp);
	}
	lane_shapes_packet(&lane->shapes, &p, lp);
	start_hearing(lane, &flow, &p, record);
	bool is_named = read_payload(lane, &flow, &p, record);
	/* Once more when the server begins to answer: who waits for that would else wait for the
	 * end. */
	bool is_answer = lp->has_data_down && !slot->has_answered;

	if (is_named || is_answer)
		emit_named(lane, &flow, record);
	if (slot->has_pending && slot->hello != HELLO_PARTIAL)
		emit_check_in(lane, &flow, record);
}

static void fill_counts(struct fact_ended *ended, const struct flow_record *f)
{
	enum flow_side up = (enum flow_side)f->client_side;
	enum flow_side down = flow_side_other(up);
	uint8_t down_flags = f->tcp_flags[down];
	bool is_reset = f->key.protocol == IP_TCP && (down_flags & TCP_RST) &&
			!(down_flags & (TCP_SYN | TCP_PSH | TCP_FIN));

	ended->last = f->last;
	ended->bytes_up = f->bytes[up];
	ended->bytes_down = f->bytes[down];
	ended->packets_up = f->packets[up];
	ended->packets_down = f->packets[down];
	ended->tcp_flags_up = f->tcp_flags[up];
	ended->tcp_flags_down = down_flags;
	ended->payload_packets = f->payload_packets;
	ended->icmp_error = f->icmp_error;
	ended->has_data_down = flow_server_spoke(f);
	ended->is_answered = f->packets[down] > 0 && !is_reset;
	ended->is_refused = is_reset || (f->packets[down] == 0 && f->icmp_error != 0);
}

static struct fact_flow whole_flow_of(const struct flow_record *f, uint64_t id)
{
	return (struct fact_flow){ .id = id,
				   .first = f->first,
				   .client = *flow_client(f),
				   .server = *flow_server(f),
				   .client_port = flow_client_port(f),
				   .server_port = flow_server_port(f),
				   .protocol = f->key.protocol,
				   .ip_version = f->key.ip_version,
				   .is_midstream = (f->flags & FLOW_MIDSTREAM) != 0 };
}

/* FACT_FLOW_ENDED or FACT_FLOW_GOES_ON, whose counters are those of `record`. */
static struct fact *begin_counted(struct lane *lane, const struct lane_flow *flow,
				  const struct lane_record *record, enum fact_kind kind,
				  const struct flow_record *counted)
{
	struct fact *fact = lane_fact(lane, record, kind);

	fact->flow = flow->flow;
	fill_counts(&fact->ended, counted);
	if (flow->slot) {
		fill_names(lane, flow->slot, &fact->ended.names);
		lane_shapes_tell(&lane->shapes, flow->slot, counted, &fact->ended.shape);
	}
	return fact;
}

static void emit_ended(struct lane *lane, const struct lane_flow *flow,
		       const struct lane_record *record)
{
	static const enum fact_end_reason reasons[] = {
		[FLOW_END_IDLE] = FACT_END_IDLE,       [FLOW_END_REUSED] = FACT_END_REUSED,
		[FLOW_END_EVICTED] = FACT_END_EVICTED, [FLOW_END_EPOCH] = FACT_END_EPOCH,
		[FLOW_END_CAPTURE] = FACT_END_CAPTURE,
	};
	struct fact *fact = begin_counted(lane, flow, record, FACT_FLOW_ENDED, &record->end.flow);

	fact->ended.reason = (uint8_t)reasons[record->end.reason];
	lane_emit(lane);
}

static void take_news(struct lane *lane, const struct lane_record *record)
{
	const struct lane_flow_news *news = &record->news;
	struct lane_slot *slot = &lane->slots[news->ref.index];

	assert(slot->names.generation == news->ref.generation);
	if (news->is_opening)
		lane_shapes_opening(&lane->shapes, news);
	if (!news->is_minute)
		return;

	const struct lane_flow flow = { .flow = whole_flow_of(&news->flow, slot->id),
					.slot = slot,
					.index = news->ref.index };

	(void)begin_counted(lane, &flow, record, FACT_FLOW_GOES_ON, &news->flow);
	lane_emit(lane);
}

static void take_end(struct lane *lane, const struct lane_record *record)
{
	const struct lane_flow_end *end = &record->end;
	bool was_told = (end->flow.flags & FLOW_TOLD) != 0;
	struct lane_slot *slot = was_told ? &lane->slots[end->ref.index] : NULL;
	const struct lane_flow flow = { .flow = whole_flow_of(
						&end->flow, was_told ? slot->id : record->sequence),
					.slot = slot,
					.index = end->ref.index };

	if (was_told) {
		assert(slot->names.generation == end->ref.generation);
		lane_finish_dpi(lane, slot);
		lane_drop_session(lane, slot);
		if (slot->has_pending)
			emit_check_in(lane, &flow, record);
	}
	if (!end->is_quiet)
		emit_ended(lane, &flow, record);
	if (was_told) {
		if (slot->agent != 0)
			agents_give_back(lane->agents, slot->agent);
		lane_shapes_drop(&lane->shapes, slot);
		lane_slot_close(slot);
	}
}

bool lane_is_ready(const struct lane *lane, const struct lane_record *record)
{
	const struct lane_packet *lp = &record->packet;

	return record->kind != LANE_PACKET || !lp->is_told_now ||
	       lane_slot_is_free(&lane->slots[lp->ref.index], lp->told_before);
}

void lane_take(struct lane *lane, const struct lane_record *record, struct span copy)
{
	struct packet p;

	switch ((enum lane_record_kind)record->kind) {
	case LANE_PACKET:
		take_packet(lane, record, copy);
		break;
	case LANE_LINK:
		p = lane_record_packet(record, copy);
		lane_read_link(lane, &p, record);
		break;
	case LANE_SYN:
		p = lane_record_packet(record, copy);
		lane_read_syn(lane, &p, record);
		break;
	case LANE_SIGHTING:
		lane_fact(lane, record, FACT_SIGHTING)->sighting = record->sighting;
		lane_emit(lane);
		break;
	case LANE_ATTEMPTS:
		lane_fact(lane, record, FACT_ATTEMPTS)->attempts = record->attempts;
		lane_emit(lane);
		break;
	case LANE_FLOW_END:
		take_end(lane, record);
		break;
	case LANE_FLOW_NEWS:
		take_news(lane, record);
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
	struct lane_stats stats = lane->stats;

	stats.malformed = lane->hearing.malformed;
	stats.windows_evicted = sessions_stats(lane->sessions).windows_evicted;
	stats.conflicting = sessions_stats(lane->sessions).conflicting;
	stats.agents_refused = agents_refused(lane->agents);
	stats.dpi_heap_exceeded = dpi_stats(lane->dpi).heap_exceeded;
	stats.dpi_off = dpi_stats(lane->dpi).is_off;
	return stats;
}
