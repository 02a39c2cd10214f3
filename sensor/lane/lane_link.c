#include "dissectors/arp.h"
#include "dissectors/ndp.h"
#include "sensor/dialogue/packet_readers.h"
#include "sensor/lane/lane_flow.h"

#include <string.h>

enum { IP_IGMP = 2 };

static void read_arp(struct lane *lane, const struct packet *packet,
		     const struct lane_record *record)
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

static void read_ndp(struct lane *lane, const struct packet *packet,
		     const struct lane_record *record)
{
	struct ndp message;

	if (!lane_is_readable(lane,
			      dissect_ndp(packet->icmp_type,
					  cursor_over(packet->payload.data, packet->payload.len),
					  &message)))
		return;
	if (message.type == NDP_ROUTER_ADVERTISEMENT) {
		read_router(&lane->hearing, &message);
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

static struct cursor payload_of(const struct packet *packet)
{
	return cursor_over(packet->payload.data, packet->payload.len);
}

/* Of a packet without a flow. */
static struct hearing *hear(struct lane *lane, const struct packet *packet,
			    const struct lane_record *record)
{
	struct hearing *hearing = &lane->hearing;

	hearing->sequence = record->sequence;
	hearing->number = record->number;
	hearing->time = record->time;
	hearing->flow = (struct fact_flow){ 0 };
	hearing->from_client = false;
	hearing->source_mac = packet->source_mac;
	hearing->source = *packet_source(packet);
	return hearing;
}

void lane_read_link(struct lane *lane, const struct packet *packet,
		    const struct lane_record *record)
{
	switch (packet->kind) {
	case PACKET_ARP:
		read_arp(lane, packet, record);
		break;
	case PACKET_LLDP:
		read_lldp(hear(lane, packet, record), payload_of(packet));
		break;
	case PACKET_CDP:
		read_cdp(hear(lane, packet, record), payload_of(packet));
		break;
	case PACKET_IP:
		break;
	}
}

void lane_read_syn(struct lane *lane, const struct packet *packet, const struct lane_record *record)
{
	read_syn(hear(lane, packet, record), packet->ip);
}

static void read_echo(struct lane *lane, const struct packet *packet)
{
	const struct icmp_message message = {
		.protocol = packet->key.protocol,
		.type = packet->icmp_type,
		.in = payload_of(packet),
		.payload_len = packet->payload_len,
	};

	read_icmp_echo(&lane->hearing, sessions_desk(lane->sessions), &message);
}

void lane_read_control(struct lane *lane, const struct packet *packet,
		       const struct lane_record *record)
{
	switch (packet->key.protocol) {
	case IP_IGMP:
		read_igmp(&lane->hearing, payload_of(packet));
		break;
	case IP_ICMP:
		read_echo(lane, packet);
		break;
	case IP_ICMPV6:
		read_echo(lane, packet);
		read_mld(&lane->hearing, packet->icmp_type, payload_of(packet));
		read_ndp(lane, packet, record);
		break;
	default:
		break;
	}
}
