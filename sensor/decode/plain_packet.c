#include "sensor/decode/plain_packet.h"

#include "sensor/decode/link_layer.h"
#include "sensor/decode/udp_tunnel.h"
#include "sensor/decode/wire_header.h"

enum { VERSION_4_NO_OPTIONS = 4 << 4 | IPV4_HEADER_LEN / 4 };

/*
 * All calls within are in line: gcc leaves the cursor's reads as calls where there are many, and
 * a plain packet then costs 250 instructions instead of 132.
 */
#define FLAT __attribute__((flatten))

/* The IP packet that `in` begins with, without what pads an Ethernet frame to 60 bytes. */
static inline struct cursor without_padding(struct cursor in, uint32_t ip_len)
{
	struct span ip = cursor_take_up_to(&in, ip_len);

	return cursor_over(ip.data, ip.len);
}

/* The options too; `in` then stands at the payload, and `*room` is what that has on the wire. */
static inline bool take_tcp(struct cursor *in, uint32_t *room, struct span *tcp)
{
	if (!header_take(in, TCP_HEADER_LEN, tcp))
		return false;

	/* Less than nothing wraps, and is more than there is. */
	uint32_t options_len = tcp_header_len(*tcp) - TCP_HEADER_LEN;

	cursor_skip(in, options_len);
	*room -= TCP_HEADER_LEN + options_len;
	return cursor_ok(in);
}

static inline bool take_udp(struct cursor *in, uint32_t room, struct span *udp)
{
	return header_take(in, UDP_HEADER_LEN, udp) && udp_len(*udp) >= UDP_HEADER_LEN &&
	       udp_len(*udp) <= room && !udp_tunnel_may_use(udp_destination_port(*udp)) &&
	       !udp_tunnel_may_use(udp_source_port(*udp));
}

static inline void set_ports(uint16_t source, uint16_t destination, struct packet *out)
{
	out->key.low_port = out->source_is_low ? source : destination;
	out->key.high_port = out->source_is_low ? destination : source;
}

static inline void set_tcp(struct span tcp, struct cursor payload, uint32_t room,
			   struct packet *out)
{
	set_ports(tcp_source_port(tcp), tcp_destination_port(tcp), out);
	out->key.protocol = IP_TCP;
	out->tcp_sequence = tcp_sequence(tcp);
	out->tcp_acknowledged = tcp_acknowledged(tcp);
	out->tcp_flags = tcp_flags(tcp);
	out->tcp_window = tcp_window(tcp);
	out->payload = payload.rest;
	out->payload_len = room;
}

static inline void set_udp(struct span udp, struct cursor payload, struct packet *out)
{
	set_ports(udp_source_port(udp), udp_destination_port(udp), out);
	out->key.protocol = IP_UDP;
	out->tcp_sequence = 0;
	out->tcp_acknowledged = 0;
	out->tcp_flags = 0;
	out->tcp_window = 0;
	out->payload_len = (uint32_t)udp_len(udp) - UDP_HEADER_LEN;
	out->payload = cursor_take_up_to(&payload, out->payload_len);
	out->ip.len -= cursor_left(&payload);
}

static inline void set_ip(struct span ip, uint32_t ip_len, struct packet *out)
{
	out->ip = ip;
	out->ip_len = ip_len;
	out->key.context = 0;
	out->kind = PACKET_IP;
	out->icmp_type = 0;
	out->icmp_code = 0;
	out->is_fragment_rest = false;
	out->has_quoted = false;
}

static inline void set_v4(struct span header, struct span ip, uint32_t ip_len, uint16_t checksum,
			  struct packet *out)
{
	uint32_t source = ipv4_source(header);
	uint32_t destination = ipv4_destination(header);
	bool source_is_low = source < destination;

	address_set_v4(&out->key.low, source_is_low ? source : destination);
	address_set_v4(&out->key.high, source_is_low ? destination : source);
	out->source_is_low = source_is_low;
	set_ip(ip, ip_len, out);
	out->identity = packet_identity(ipv4_id_and_fragment(header), checksum, ip_len);
	out->key.ip_version = 4;
	out->ttl = ipv4_ttl(header);
}

/* All is asked before anything is set: each value then goes from its load to its store. */
static inline bool read_v4(struct cursor in, struct packet *out)
{
	struct cursor payload = in;
	struct span header;
	struct span transport;

	/* Between equal addresses the ports decide, which is left to the layers. */
	if (!header_take(&payload, IPV4_HEADER_LEN, &header) ||
	    ipv4_version_and_len(header) != VERSION_4_NO_OPTIONS ||
	    (ipv4_id_and_fragment(header) & (FRAGMENT_MORE | FRAGMENT_OFFSET)) != 0 ||
	    ipv4_source(header) == ipv4_destination(header))
		return false;

	uint32_t ip_len = ipv4_len(header);
	uint32_t room = ip_len - IPV4_HEADER_LEN;

	payload = without_padding(in, ip_len);

	struct span ip = payload.rest;

	cursor_skip(&payload, IPV4_HEADER_LEN);
	if (ipv4_protocol(header) == IP_TCP) {
		if (!take_tcp(&payload, &room, &transport))
			return false;
		set_v4(header, ip, ip_len, tcp_checksum(transport), out);
		set_tcp(transport, payload, room, out);
		return true;
	}
	if (ipv4_protocol(header) != IP_UDP || !take_udp(&payload, room, &transport))
		return false;
	set_v4(header, ip, ip_len, udp_checksum(transport), out);
	set_udp(transport, payload, out);
	return true;
}

static inline uint64_t half_of(struct span address, size_t from)
{
	struct cursor whole = cursor_over(address.data, address.len);
	struct cursor at = cursor_at(whole, from);
	uint64_t high = cursor_be32(&at);

	return high << 32 | cursor_be32(&at);
}

static inline int order_of(struct span a, struct span b)
{
	uint64_t a_half = half_of(a, 0);
	uint64_t b_half = half_of(b, 0);

	if (a_half == b_half) {
		a_half = half_of(a, ADDRESS_LEN / 2);
		b_half = half_of(b, ADDRESS_LEN / 2);
	}
	return (a_half > b_half) - (a_half < b_half);
}

static inline void set_v6(struct span header, int order, struct span ip, uint16_t checksum,
			  struct packet *out)
{
	struct span low = order < 0 ? ipv6_source(header) : ipv6_destination(header);
	struct span high = order < 0 ? ipv6_destination(header) : ipv6_source(header);
	uint32_t ip_len = (uint32_t)IPV6_HEADER_LEN + ipv6_payload_len(header);

	memcpy(out->key.low.bytes, low.data, ADDRESS_LEN);
	memcpy(out->key.high.bytes, high.data, ADDRESS_LEN);
	out->source_is_low = order < 0;
	set_ip(ip, ip_len, out);
	out->identity = packet_identity(0, checksum, ip_len);
	out->key.ip_version = 6;
	out->ttl = ipv6_hop_limit(header);
}

/* IPv4 does not pay for its registers. */
static FLAT __attribute__((noinline)) bool read_v6(struct cursor in, struct packet *out)
{
	struct cursor payload = in;
	struct span header;
	struct span transport;

	/* A length of 0, of a jumbogram or for the card to fill, leaves no transport header below.
	 */
	if (!header_take(&payload, IPV6_HEADER_LEN, &header) ||
	    ipv6_version_and_class(header) >> 4 != 6)
		return false;

	uint32_t room = ipv6_payload_len(header);
	int order = order_of(ipv6_source(header), ipv6_destination(header));

	payload = without_padding(in, IPV6_HEADER_LEN + room);

	struct span ip = payload.rest;

	cursor_skip(&payload, IPV6_HEADER_LEN);
	if (order != 0 && ipv6_next(header) == IP_TCP) {
		if (!take_tcp(&payload, &room, &transport))
			return false;
		set_v6(header, order, ip, tcp_checksum(transport), out);
		set_tcp(transport, payload, room, out);
		return true;
	}
	if (order == 0 || ipv6_next(header) != IP_UDP || !take_udp(&payload, room, &transport))
		return false;
	set_v6(header, order, ip, udp_checksum(transport), out);
	set_udp(transport, payload, out);
	return true;
}

FLAT __attribute__((noinline)) bool plain_packet_read(const struct frame *frame, struct packet *out)
{
	struct cursor in = cursor_over(frame->bytes.data, frame->bytes.len);
	struct span link;
	uint16_t vlan = 0;

	if (frame->link_type != LINK_ETHERNET || !header_take(&in, ETHERNET_HEADER_LEN, &link))
		return false;

	uint16_t type = ethernet_type(link);

	if (type == ETHERTYPE_TAG) {
		struct span tag;

		if (!header_take(&in, TAG_LEN, &tag))
			return false;
		vlan = tag_control(tag) & TAG_ID_MASK;
		type = tag_type(tag);
	}
	/* Set before the rest is asked: held until then, they cost registers. */
	memcpy(out->destination_mac.bytes, ethernet_destination(link).data, MAC_LEN);
	memcpy(out->source_mac.bytes, ethernet_source(link).data, MAC_LEN);
	out->vlan = vlan;
	if (type == NETWORK_IPV4)
		return read_v4(in, out);
	return type == NETWORK_IPV6 && read_v6(in, out);
}
