#include "dissectors/arp.h"
#include "dissectors/ndp.h"
#include "sensor/lane/lane_flow.h"

#include <string.h>

void lane_read_arp(struct lane *lane, const struct packet *packet, const struct lane_record *record)
{
	struct arp message;

	if (!lane_is_readable(
		    lane,
		    dissect_arp(cursor_over(packet->payload.data, packet->payload.len), &message)))
		return;

	struct fact *fact = lane_fact(lane, record, FACT_NEIGHBOUR);

	memcpy(fact->neighbour.sender_mac.bytes, message.sender_mac, MAC_LEN);
	fact->neighbour.sender = address_v4(message.sender_ip);
	fact->neighbour.target = address_v4(message.target_ip);
	fact->neighbour.is_request = message.operation == ARP_REQUEST;
	lane_emit(lane);
}

static void emit_prefixes(struct lane *lane, const struct packet *packet, const struct ndp *message,
			  const struct lane_record *record)
{
	for (uint8_t i = 0; i < message->prefix_count; i++) {
		struct fact *fact = lane_fact(lane, record, FACT_PREFIX);

		fact->prefix.router_mac = packet->source_mac;
		fact->prefix.prefix.address = address_v6(message->prefixes[i].address);
		fact->prefix.prefix.bits = message->prefixes[i].bits;
		lane_emit(lane);
	}
}

void lane_read_ndp(struct lane *lane, const struct packet *packet, const struct lane_record *record)
{
	struct ndp message;

	if (!lane_is_readable(lane,
			      dissect_ndp(packet->icmp_type,
					  cursor_over(packet->payload.data, packet->payload.len),
					  &message)))
		return;
	if (message.type == NDP_ROUTER_ADVERTISEMENT) {
		emit_prefixes(lane, packet, &message, record);
		return;
	}

	struct fact *fact = lane_fact(lane, record, FACT_NEIGHBOUR);
	bool is_request = message.type == NDP_NEIGHBOUR_SOLICITATION;

	/* The frame's own source: options may be forged more easily, and are often left out. */
	fact->neighbour.sender_mac = packet->source_mac;
	fact->neighbour.sender = is_request ? *packet_source(packet) : address_v6(message.target);
	fact->neighbour.target = address_v6(message.target);
	fact->neighbour.is_request = is_request;
	lane_emit(lane);
}
