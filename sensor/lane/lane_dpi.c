#include "sensor/lane/lane_flow.h"

#include <string.h>

enum {
	/*
	 * Payload packets after which nDPI is asked for its best guess. Of 27,000 flows of 431
	 * captures it names none later, but for four of TLS met in its middle.
	 */
	DATAGRAMS_SHOWN = 7,
	SEGMENTS_SHOWN = 10,
	TLS_CHANGE_CIPHER_SPEC = 20,
	TLS_APPLICATION_DATA = 23,
	TLS_MAJOR = 3,
};

/* By what was said. */
static void set_protocol(struct lane *lane, struct lane_slot *slot, struct dpi_protocol protocol)
{
	char text[DPI_NAME_LEN];

	slot->protocol = protocol;
	dpi_protocol_text(lane->dpi, protocol, text);
	if (slot->names.is_guess) { /* which counts no more */
		struct lane_names names = slot->names;

		names.is_guess = false;
		lane_slot_name(slot, &names);
	}
	lane_slot_set_protocol(slot, text);
}

static struct dpi_ends ends_of(const struct lane_flow *flow)
{
	return (struct dpi_ends){ .source = &flow->flow.client,
				  .destination = &flow->flow.server,
				  .server_port = flow->flow.server_port };
}

static void give_back(struct lane *lane, struct lane_slot *slot)
{
	if (slot->dpi != 0) {
		dpi_flow_release(lane->dpi, lane_dpi_state(slab_at(lane->dpi_flows, slot->dpi)));
		slab_give_back(lane->dpi_flows, slot->dpi);
	}
	slot->dpi = 0;
	slot->is_dpi_done = true;
}

void lane_name_service(struct lane *lane, const struct lane_flow *flow, enum dpi_service service)
{
	struct lane_slot *slot = flow->slot;

	give_back(lane, slot); /* known for certain: nDPI need not look */
	if (slot->is_service_settled)
		return;
	slot->is_service_settled = true;
	set_protocol(lane, slot, dpi_protocol_of(service));
}

void lane_name_dns(struct lane *lane, const struct lane_flow *flow, struct span host,
		   bool is_response)
{
	struct dpi_ends ends = ends_of(flow);
	struct lane_slot *slot = flow->slot;

	slot->is_dpi_done = true;
	if (slot->is_service_settled)
		return;

	struct dpi_protocol protocol = dpi_protocol_of_dns(lane->dpi, host, &ends);

	slot->is_service_settled = is_response || protocol.master != 0;
	if (protocol.app != slot->protocol.app || protocol.master != slot->protocol.master)
		set_protocol(lane, slot, protocol);
}

/* Whether nDPI says less than our own reading of a hello, or of its beginning. */
static bool is_less(const struct lane_slot *slot, const struct dpi_verdict *verdict)
{
	if (slot->tls == LANE_TLS_NONE)
		return false;
	if (!dpi_protocol_is_known(verdict->protocol) || verdict->is_guess)
		return true;
	return slot->tls != LANE_TLS_BEGUN && verdict->protocol.master == 0;
}

static void take_verdict(struct lane *lane, struct lane_slot *slot,
			 const struct dpi_verdict *verdict)
{
	struct lane_names names = slot->names;

	slot->risks = verdict->risks;
	if (!is_less(slot, verdict)) {
		slot->protocol = verdict->protocol;
		names.is_guess = verdict->is_guess;
	} else if (!dpi_protocol_is_known(slot->protocol)) {
		slot->protocol = dpi_protocol_of(DPI_TLS);
	}
	dpi_protocol_text(lane->dpi, slot->protocol, names.protocol);
	if (names.host[0] == '\0' && lane_is_name(verdict->host)) {
		memcpy(names.host, verdict->host, sizeof(verdict->host));
		names.host_source = HOST_DPI;
	}
	lane_slot_name(slot, &names);
}

void lane_finish_dpi(struct lane *lane, struct lane_slot *slot)
{
	struct dpi_verdict verdict;

	if (slot->dpi != 0) {
		dpi_finish(lane->dpi, lane_dpi_state(slab_at(lane->dpi_flows, slot->dpi)),
			   &verdict);
		take_verdict(lane, slot, &verdict);
	} else if (slot->tls == LANE_TLS_BEGUN && !slot->is_dpi_done) {
		set_protocol(lane, slot, dpi_protocol_of(DPI_TLS));
	}
	give_back(lane, slot);
}

void lane_name_tls(struct lane *lane, const struct lane_flow *flow, struct span sni)
{
	struct dpi_ends ends = ends_of(flow);
	struct lane_slot *slot = flow->slot;
	struct dpi_protocol protocol;
	enum dpi_rest rest;

	if (slot->is_dpi_done)
		return;
	rest = dpi_read_sni(lane->dpi, sni, &ends, &protocol);
	set_protocol(lane, slot, protocol);
	slot->tls = rest == DPI_REST_ALL ? LANE_TLS_SHOWN : LANE_TLS_SERVER;
	if (rest == DPI_REST_NOTHING)
		give_back(lane, slot);
}

void lane_name_quic(struct lane *lane, const struct lane_flow *flow, struct span sni,
		    struct span alpn)
{
	struct dpi_ends ends = ends_of(flow);
	struct lane_slot *slot = flow->slot;

	give_back(lane, slot);
	slot->is_service_settled = true;
	set_protocol(lane, slot, dpi_protocol_of_quic(lane->dpi, sni, alpn, &ends));
}

/* State is made at the first payload: a scan's empty handshakes never need any. */
static struct lane_dpi *dpi_of(struct lane *lane, const struct lane_flow *flow)
{
	struct lane_slot *slot = flow->slot;

	if (slot->dpi != 0)
		return slab_at(lane->dpi_flows, slot->dpi);

	slot->dpi = slab_take(lane->dpi_flows);
	if (slot->dpi == 0) {
		const struct lane_dpi *oldest =
			slab_at(lane->dpi_flows, slab_oldest(lane->dpi_flows));

		lane_finish_dpi(lane, &lane->slots[oldest->owner]);
		lane->stats.dpi_evicted++;
		slot->dpi = slab_take(lane->dpi_flows);
	}

	struct lane_dpi *dpi = slab_at(lane->dpi_flows, slot->dpi);

	dpi->owner = flow->index;
	return dpi;
}

/* A record of a kind that follows the certificate begins here: none will be seen any more. */
static bool is_handshake_over(const struct packet *packet)
{
	struct cursor in = cursor_over(packet->payload.data, packet->payload.len);
	uint8_t type = cursor_u8(&in);

	return (type == TLS_APPLICATION_DATA || type == TLS_CHANGE_CIPHER_SPEC) &&
	       cursor_u8(&in) == TLS_MAJOR;
}

void lane_note_sealed(struct lane_slot *slot)
{
	/* What nDPI has begun to read it goes on with. */
	if (slot->tls == LANE_TLS_SERVER && slot->dpi == 0)
		slot->tls = LANE_TLS_SEALED;
}

/* Whether nDPI cannot learn more of a handshake whose hello we have read. */
static bool is_tls_settled(const struct lane_slot *slot, const struct packet *packet)
{
	return slot->tls == LANE_TLS_SEALED ||
	       (slot->tls == LANE_TLS_SERVER && is_handshake_over(packet));
}

/* Whether the packet holds what our own dissector reads in nDPI's place. */
static bool is_kept_from_dpi(const struct lane_slot *slot, bool from_client)
{
	return from_client && (slot->tls == LANE_TLS_SERVER ||
			       (slot->tls == LANE_TLS_BEGUN && slot->hello == HELLO_PARTIAL));
}

/* Whether nDPI has by now learned from a hello what it is shown for, or can see no more of it. */
static bool is_tls_seen(const struct lane_slot *slot, const struct dpi_verdict *verdict,
			const struct packet *packet)
{
	if (slot->tls == LANE_TLS_SHOWN && verdict->protocol.app == slot->protocol.app &&
	    verdict->protocol.master == slot->protocol.master)
		return true;
	return dpi_protocol_is_tls(verdict->protocol) && packet->key.protocol == IP_TCP &&
	       is_handshake_over(packet);
}

static void show(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		 bool from_client)
{
	struct lane_dpi *dpi = dpi_of(lane, flow);
	struct dpi_input input = { .ip = packet->ip,
				   .payload = packet->payload,
				   .time = packet->time,
				   .from_client = from_client };
	struct dpi_verdict verdict;

	dpi_packet(lane->dpi, lane_dpi_state(dpi), &input, &verdict);
	if (verdict.is_final || is_tls_seen(flow->slot, &verdict, packet)) {
		take_verdict(lane, flow->slot, &verdict);
		give_back(lane, flow->slot);
	}
}

static uint32_t packets_shown(const struct lane_slot *slot, const struct packet *packet)
{
	if (slot->tls != LANE_TLS_NONE)
		return LANE_HANDSHAKE_PACKETS; /* a long certificate */
	return packet->key.protocol == IP_TCP ? SEGMENTS_SHOWN : DATAGRAMS_SHOWN;
}

bool lane_show_dpi(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		   const struct lane_packet *record)
{
	struct lane_slot *slot = flow->slot;
	uint32_t seen = record->touch.payload_packets_before + 1;
	bool from_client = record->touch.from_client;

	if (slot->is_dpi_done)
		return false;
	if (is_tls_settled(slot, packet)) {
		lane_finish_dpi(lane, slot);
		return true;
	}
	if (!is_kept_from_dpi(slot, from_client))
		show(lane, flow, packet, from_client);
	if (!slot->is_dpi_done && seen >= packets_shown(slot, packet))
		lane_finish_dpi(lane, slot);
	return slot->is_dpi_done;
}
