#include "sensor/decode/transport_layer.h"

#include "sensor/decode/wire_header.h"

enum { ICMP_HEADER_LEN = 4 }; /* what all types share: RFC 4443 2.1 */

/* The type that answers a type, both ways (Community ID; RFC 792, 950, 1256, 4443, 4861 ...). */
struct icmp_pair {
	uint8_t request;
	uint8_t reply;
};

static const struct icmp_pair icmp_pairs[] = {
	{ 8, 0 },   /* echo */
	{ 13, 14 }, /* timestamp */
	{ 15, 16 }, /* information */
	{ 10, 9 },  /* router solicitation, advertisement */
	{ 17, 18 }, /* address mask */
};

static const struct icmp_pair icmpv6_pairs[] = {
	{ 128, 129 }, /* echo */
	{ 133, 134 }, /* router solicitation, advertisement */
	{ 135, 136 }, /* neighbour solicitation, advertisement */
	{ 130, 131 }, /* multicast listener query, report */
	{ 144, 145 }, /* home agent address discovery */
	{ 139, 140 }, /* node information */
};

static uint16_t icmp_answer(const struct icmp_pair *pairs, size_t count, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (type == pairs[i].request)
			return pairs[i].reply;
		if (type == pairs[i].reply)
			return pairs[i].request;
	}
	return code;
}

static uint16_t icmp_destination_port(uint8_t protocol, uint8_t type, uint8_t code)
{
	if (protocol == IP_ICMP)
		return icmp_answer(icmp_pairs, sizeof(icmp_pairs) / sizeof(icmp_pairs[0]), type,
				   code);
	return icmp_answer(icmpv6_pairs, sizeof(icmpv6_pairs) / sizeof(icmpv6_pairs[0]), type,
			   code);
}

/* A header that is not there: cut by the capture, or never sent. */
static enum decode_result missing(const struct network_layer *network, uint32_t header_len)
{
	return network->payload_len < header_len ? DECODE_BAD_TRANSPORT
						 : DECODE_TRUNCATED_TRANSPORT;
}

static void set_identity(const struct network_layer *network, uint16_t checksum, struct packet *out)
{
	out->identity = packet_identity(network->id_and_fragment, checksum, network->ip_len);
}

static enum decode_result read_tcp(const struct network_layer *network, struct packet *out,
				   struct ports *ports)
{
	struct cursor in = cursor_over(network->payload.data, network->payload.len);
	struct span tcp;

	if (!header_take(&in, TCP_HEADER_LEN, &tcp))
		return missing(network, TCP_HEADER_LEN);

	uint32_t header_len = tcp_header_len(tcp);

	if (header_len < TCP_HEADER_LEN || header_len > network->payload_len)
		return DECODE_BAD_TRANSPORT;
	cursor_skip(&in, header_len - TCP_HEADER_LEN);

	ports->source = tcp_source_port(tcp);
	ports->destination = tcp_destination_port(tcp);
	set_identity(network, tcp_checksum(tcp), out);
	out->tcp_sequence = tcp_sequence(tcp);
	out->tcp_acknowledged = tcp_acknowledged(tcp);
	out->tcp_flags = tcp_flags(tcp);
	out->tcp_window = tcp_window(tcp);
	out->icmp_type = 0;
	out->icmp_code = 0;
	out->payload = in.rest;
	out->payload_len = network->payload_len - header_len;
	return DECODE_OK;
}

static void clear_tcp(struct packet *out)
{
	out->tcp_sequence = 0;
	out->tcp_acknowledged = 0;
	out->tcp_flags = 0;
	out->tcp_window = 0;
}

static void carry(struct span payload, uint32_t payload_len, struct packet *out)
{
	clear_tcp(out);
	out->icmp_type = 0;
	out->icmp_code = 0;
	out->payload = payload;
	out->payload_len = payload_len;
}

enum decode_result transport_layer_read_udp(const struct network_layer *network,
					    struct udp_datagram *out)
{
	struct cursor in = cursor_over(network->payload.data, network->payload.len);
	struct span udp;

	if (!header_take(&in, UDP_HEADER_LEN, &udp))
		return missing(network, UDP_HEADER_LEN);

	uint32_t len = udp_len(udp);

	/* 0 where the card was to fill it or it does not fit; more than there is in a fragment. */
	if (len == 0 || len > network->payload_len)
		len = network->payload_len;
	if (len < UDP_HEADER_LEN)
		return DECODE_BAD_TRANSPORT;

	out->ports.source = udp_source_port(udp);
	out->ports.destination = udp_destination_port(udp);
	out->checksum = udp_checksum(udp);
	out->payload_len = len - UDP_HEADER_LEN;
	out->payload = cursor_take_up_to(&in, out->payload_len);
	return DECODE_OK;
}

static enum decode_result read_udp(const struct network_layer *network, struct packet *out,
				   struct ports *ports)
{
	struct udp_datagram udp;
	enum decode_result result = transport_layer_read_udp(network, &udp);

	if (result != DECODE_OK)
		return result;
	*ports = udp.ports;
	set_identity(network, udp.checksum, out);
	carry(udp.payload, udp.payload_len, out);
	return DECODE_OK;
}

static enum decode_result read_icmp(const struct network_layer *network, struct packet *out,
				    struct ports *ports)
{
	struct cursor in = cursor_over(network->payload.data, network->payload.len);
	uint8_t type = cursor_u8(&in);
	uint8_t code = cursor_u8(&in);
	uint16_t checksum = cursor_be16(&in);

	if (!cursor_ok(&in))
		return missing(network, ICMP_HEADER_LEN);

	ports->source = type;
	ports->destination = icmp_destination_port(network->protocol, type, code);
	set_identity(network, checksum, out);
	carry(in.rest, network->payload_len - ICMP_HEADER_LEN, out);
	out->icmp_type = type;
	out->icmp_code = code;
	return DECODE_OK;
}

enum decode_result transport_layer_read(const struct network_layer *network, struct packet *out,
					struct ports *ports)
{
	switch (network->protocol) {
	case IP_TCP:
		return read_tcp(network, out, ports);
	case IP_UDP:
		return read_udp(network, out, ports);
	case IP_ICMP:
	case IP_ICMPV6:
		return read_icmp(network, out, ports);
	default:
		*ports = (struct ports){ 0 };
		set_identity(network, 0, out);
		carry(network->payload, network->payload_len, out);
		return DECODE_OK;
	}
}

bool transport_layer_quoted_ports(const struct network_layer *network, struct ports *out)
{
	uint8_t protocol = network->protocol;
	struct cursor in = cursor_over(network->payload.data, network->payload.len);
	struct ports ports = { 0 };

	if (protocol == IP_TCP || protocol == IP_UDP) {
		ports.source = cursor_be16(&in);
		ports.destination = cursor_be16(&in);
	} else if (protocol == IP_ICMP || protocol == IP_ICMPV6) {
		uint8_t type = cursor_u8(&in);
		uint8_t code = cursor_u8(&in);

		ports.source = type;
		ports.destination = icmp_destination_port(protocol, type, code);
	}
	if (!cursor_ok(&in))
		return false;
	*out = ports;
	return true;
}
