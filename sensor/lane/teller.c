#include "sensor/lane/teller.h"

#include "sensor/base/out_of_line.h"
#include "sensor/lane/attempts.h"
#include "sensor/lane/lane_choice.h"
#include "sensor/lane/services.h"
#include "sensor/lane/sightings.h"

#include <stdlib.h>

struct teller {
	const struct config *config;
	teller_put_fn *put;
	void *arg;
	struct sightings *sightings;
	struct attempts *attempts;
	struct teller_place place; /* where attempts are told */
};

static void put_attempts(void *arg, const struct fact_attempts *attempts)
{
	struct teller *teller = arg;
	struct lane_record record = { .number = teller->place.number,
				      .time = teller->place.now,
				      .kind = LANE_ATTEMPTS,
				      .attempts = *attempts };

	teller->put(teller->arg, lanes_of_host(&attempts->host), &record, (struct span){ 0 });
}

enum err teller_new(struct teller **out, const struct config *config, teller_put_fn *put, void *arg)
{
	struct teller *teller = calloc(1, sizeof(*teller));
	enum err err;

	if (!teller)
		return ERR_MEMORY;
	teller->config = config;
	teller->put = put;
	teller->arg = arg;
	err = sightings_new(&teller->sightings, config);
	if (err == ERR_OK)
		err = attempts_new(&teller->attempts, config, put_attempts, teller);
	if (err != ERR_OK) {
		teller_free(teller);
		return err;
	}
	*out = teller;
	return ERR_OK;
}

void teller_free(struct teller *teller)
{
	if (!teller)
		return;
	attempts_free(teller->attempts);
	sightings_free(teller->sightings);
	free(teller);
}

static struct span shown_of(const struct teller *teller, struct span bytes)
{
	struct cursor all = cursor_over(bytes.data, bytes.len);
	size_t most = teller->config->lane.copy_bytes;

	return bytes.len > most ? cursor_take(&all, most) : bytes;
}

void teller_link(struct teller *teller, const struct packet *packet)
{
	struct lane_record record = { .number = packet->number,
				      .time = packet->time,
				      .kind = LANE_LINK,
				      .packet = { .packet = *packet } };

	teller->put(teller->arg, lanes_of_mac(&packet->source_mac), &record,
		    shown_of(teller, packet->payload));
}

static OUT_OF_LINE void put_sighting(struct teller *teller, const struct packet *packet,
				     const struct fact_sighting *sighting)
{
	struct lane_record record = { .number = packet->number,
				      .time = packet->time,
				      .kind = LANE_SIGHTING,
				      .sighting = *sighting };

	teller->put(teller->arg, lanes_of_host(packet_source(packet)), &record, (struct span){ 0 });
}

/* Its headers: the lane makes its signature, which takes a while. */
static OUT_OF_LINE void put_syn(struct teller *teller, const struct packet *packet)
{
	struct lane_record record = { .number = packet->number,
				      .time = packet->time,
				      .kind = LANE_SYN,
				      .packet = { .packet = *packet } };

	teller->put(teller->arg, lanes_of_host(packet_source(packet)), &record,
		    shown_of(teller, packet->ip));
}

/*
 * Ended as it is, it would only be counted with others before it: it waits for an answer, or until
 * it goes on. What floods us is not looked into at its own price.
 */
static bool is_put_off(const struct teller *teller, const struct packet *packet,
		       const struct flow_record *flow)
{
	return attempts_is_one(flow) && !services_are_always_read(packet) &&
	       attempts_is_flooded(teller->attempts, packet_source(packet),
				   packet_destination(packet), packet->time);
}

/*
 * What the lane wants of the flow after this packet. A head that fills its packet goes on in the
 * next one.
 */
static void want_more(struct flow_table *flows, const struct packet *packet,
		      const struct flow_touch *touch, bool is_first, bool is_head)
{
	enum { FULL_PACKET = 500 };
	enum flow_wanted wanted = (enum flow_wanted)touch->wanted;

	if (is_first)
		wanted = services_wanted(packet);
	else if (is_head && packet->payload_len >= FULL_PACKET && wanted == FLOW_WANTED_NONE)
		wanted = FLOW_WANTED_NEXT;
	else if (wanted == FLOW_WANTED_NEXT && !is_head)
		wanted = FLOW_WANTED_NONE;
	if (wanted != touch->wanted)
		flow_table_want(flows, touch->ref, wanted);
}

static OUT_OF_LINE void put_packet(struct teller *teller, struct flow_table *flows,
				   const struct packet *packet, const struct flow_touch *touch,
				   bool is_head)
{
	const struct flow_record *flow = flow_table_get(flows, touch->ref);
	struct span shown = shown_of(teller, packet->ip);
	size_t headers = packet->ip.len - packet->payload.len;
	struct lane_record record = {
		.number = packet->number,
		.time = packet->time,
		.kind = LANE_PACKET,
		.packet = { .packet = *packet,
			    .ref = touch->ref,
			    .touch = *touch,
			    .flow_first = flow->first,
			    .is_told_now = (flow->flags & FLOW_TOLD) == 0,
			    .client_is_low = flow->client_side == FLOW_SIDE_LOW,
			    .is_midstream = (flow->flags & FLOW_MIDSTREAM) != 0,
			    .has_client_first = (flow->flags & FLOW_CLIENT_KNOWN) != 0,
			    .client_first = (uint16_t)(flow->initial_sequence + 1),
			    .is_answered = flow->class == FLOW_ESTABLISHED,
			    .has_data_down = flow_server_spoke(flow),
			    .payload_at = (uint32_t)(headers < shown.len ? headers : shown.len),
			    .said_up = flow_said_up(flow) },
	};

	if (record.packet.is_told_now) {
		if (is_put_off(teller, packet, flow))
			return;
		record.packet.told_before = flow_table_tell(flows, touch->ref);
	}
	want_more(flows, packet, touch, record.packet.is_told_now, is_head);
	teller->put(teller->arg, lanes_of_flow(&teller->config->network, &flow->key), &record,
		    shown);
}

static bool is_opening(const struct packet *packet, const struct flow_touch *touch)
{
	return packet->payload_len > 0 && !packet->is_fragment_rest && !touch->is_retransmission &&
	       touch->payload_packets_before < UINT8_MAX &&
	       lane_is_after_silence(touch, packet->time);
}

/* A flow that its lane knows: only of those more is asked than their end. */
static OUT_OF_LINE void put_news(struct teller *teller, const struct flow_table *flows,
				 const struct packet *packet, const struct flow_touch *touch,
				 bool is_shown)
{
	const struct flow_record *flow = flow_table_get(flows, touch->ref);
	bool is_minute = lane_is_next_minute(touch, flow->first, packet->time);
	bool is_turn = !is_shown && is_opening(packet, touch);

	if ((flow->flags & FLOW_TOLD) == 0 || (!is_minute && !is_turn))
		return;

	struct lane_record record = { .number = packet->number,
				      .time = packet->time,
				      .kind = LANE_FLOW_NEWS,
				      .news = { .ref = touch->ref,
						.flow = *flow,
						.is_minute = is_minute,
						.is_opening = is_turn,
						.from_client = touch->from_client,
						.payload_len = packet->payload_len } };

	teller->put(teller->arg, lanes_of_flow(&teller->config->network, &flow->key), &record,
		    (struct span){ 0 });
}

bool teller_passes_over(struct teller *teller, const struct flow_table *flows,
			const struct packet *syn, uint64_t hash)
{
	return attempts_has_flood(teller->attempts) && !flow_table_holds(flows, &syn->key, hash) &&
	       attempts_pass_over(teller->attempts, syn);
}

/* Whether the lane is shown it. */
static bool show_packet(struct teller *teller, struct flow_table *flows,
			const struct packet *packet, const struct flow_touch *touch)
{
	if (packet->payload_len == 0 || packet->is_fragment_rest)
		return false;

	bool is_asked = touch->payload_packets_before < LANE_HANDSHAKE_PACKETS ||
			touch->is_check_in || teller_is_wanted(touch);
	/* What the last of the first packets begins may go on behind them. */
	bool is_head = packet->key.protocol == IP_TCP &&
		       touch->payload_packets_before + 1 >= LANE_HANDSHAKE_PACKETS &&
		       session_may_begin(touch->from_client, packet->payload);

	if (is_asked || is_head)
		put_packet(teller, flows, packet, touch, is_head);
	return is_asked || is_head;
}

void teller_packet(struct teller *teller, struct flow_table *flows, const struct packet *packet,
		   const struct flow_touch *touch)
{
	if (touch->is_new) {
		struct fact_sighting sighting;

		unsigned news = sightings_see(teller->sightings, packet, &sighting);

		if ((news & SIGHTING_HOST) != 0)
			put_sighting(teller, packet, &sighting);
		if ((news & SIGHTING_SYN) != 0)
			put_syn(teller, packet);
	}

	bool is_shown = show_packet(teller, flows, packet, touch);

	if (!touch->is_new && teller_may_have_news(packet, touch))
		put_news(teller, flows, packet, touch, is_shown);
}

static OUT_OF_LINE void put_end(struct teller *teller, uint64_t number,
				const struct lane_flow_end *end, nanotime when)
{
	struct lane_record record = {
		.number = number, .time = when, .kind = LANE_FLOW_END, .end = *end
	};

	teller->put(teller->arg, lanes_of_flow(&teller->config->network, &end->flow.key), &record,
		    (struct span){ 0 });
}

void teller_flow_ended(struct teller *teller, struct teller_place place, struct flow_ref ref,
		       const struct flow_record *flow, nanotime when, enum flow_end reason)
{
	bool is_quiet;

	teller->place = place;
	is_quiet = attempts_is_one(flow) && !attempts_admit(teller->attempts, flow, place.now);
	if (is_quiet && (flow->flags & FLOW_TOLD) == 0)
		return;

	const struct lane_flow_end end = {
		.ref = ref, .flow = *flow, .reason = (uint8_t)reason, .is_quiet = is_quiet
	};

	put_end(teller, place.number, &end, when);
}

void teller_epoch(struct teller *teller, struct teller_place place)
{
	struct lane_record record = { .number = place.number,
				      .time = place.now,
				      .kind = LANE_EPOCH };

	teller_finish(teller, place);
	teller->put(teller->arg, 0, &record, (struct span){ 0 });
}

void teller_finish(struct teller *teller, struct teller_place place)
{
	teller->place = place;
	attempts_finish(teller->attempts);
}
