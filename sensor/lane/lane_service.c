#include "sensor/dialogue/datagram.h"

#include "sensor/lane/lane_flow.h"

/* Known for certain by what was read: nDPI need not look. */
static void name_flow(struct lane *lane, const struct lane_flow *flow,
		      enum datagram_service service)
{
	static const enum dpi_service services[] = {
		[DATAGRAM_MDNS] = DPI_MDNS,
		[DATAGRAM_LLMNR] = DPI_LLMNR,
		[DATAGRAM_DHCP] = DPI_DHCP,
		[DATAGRAM_NBNS] = DPI_NETBIOS,
	};

	flow->slot->has_pending = false; /* what it said is a fact of its own */
	if (service != DATAGRAM_DNS)
		lane_name_service(lane, flow, services[service]);
	else if (!lane->has_asked) /* a message without a question tells no fact */
		lane_name_dns(lane, flow, (struct span){ 0 }, true);
}

/* A hello that was told has named it already. */
static void name_quic(struct lane *lane, const struct lane_flow *flow, bool is_awaited)
{
	flow->slot->hello = is_awaited ? HELLO_PARTIAL : HELLO_AWAITED;
	if (!flow->slot->is_service_settled)
		lane_name_quic(lane, flow, (struct span){ 0 }, (struct span){ 0 });
}

void lane_read_service(struct lane *lane, const struct lane_flow *flow, const struct packet *packet,
		       const struct lane_record *record)
{
	const struct datagram datagram = {
		.hearing = &lane->hearing,
		.desk = sessions_desk(lane->sessions),
		.payload = cursor_over(packet->payload.data, packet->payload.len),
		.source_port = packet_source_port(packet),
		.destination_port = packet_destination_port(packet),
		.is_cut = packet->payload.len < packet->payload_len,
	};
	enum datagram_service service;

	if (packet->key.protocol != IP_UDP) {
		lane_read_control(lane, packet, record);
		return;
	}
	lane->has_asked = false;
	service = datagram_read(&datagram);
	if (service == DATAGRAM_QUIC || service == DATAGRAM_QUIC_AWAITED)
		name_quic(lane, flow, service == DATAGRAM_QUIC_AWAITED);
	else if (service != DATAGRAM_NONE && service != DATAGRAM_OTHER)
		name_flow(lane, flow, service);
}
