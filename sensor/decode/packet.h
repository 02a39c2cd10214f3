/*
 * One decoded packet: the innermost IP packet (or ARP, LLDP, CDP) of a frame. Plain values, made by
 * decode, read by the flow table and the lanes. Spans borrow from the frame.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/flow_key.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
};

enum packet_kind {
	PACKET_IP,
	/* What has no flow: of the key the context alone. `payload` is … */
	PACKET_ARP,  /* the ARP packet */
	PACKET_LLDP, /* what stands behind the EtherType */
	PACKET_CDP,  /* the same from LLC on */
};

struct packet {
	uint64_t number; /* of the frame, from 1; gaps are frames that decode refused */
	nanotime time;

	/*
	 * What tells one IP packet from the next of its flow, the same in each copy that a mirror
	 * port makes (no TTL, MAC or tag in it). From the top, 16 bits each: the IP id (IPv6: low
	 * half of the fragment header's, 0 without one), the fragment field with its flags, the
	 * checksum of TCP, UDP, ICMP or ICMPv6 (0 for others and in later fragments), `ip_len`. 0
	 * for what is no IP. A sender that leaves checksums to its card, or ids at 0, repeats
	 * itself.
	 */
	uint64_t identity;

	struct mac destination_mac; /* of the innermost frame; zero where the link has none; in */
	struct mac source_mac;      /* the order of the wire, so that both are copied at once */
	uint16_t vlan;              /* its outermost 802.1Q id, 0 is none */

	struct flow_key key;
	bool source_is_low; /* which side of the key sent this packet */
	uint8_t ttl;

	uint8_t tcp_flags;
	uint16_t tcp_window;
	uint32_t tcp_sequence;
	uint32_t tcp_acknowledged;

	enum packet_kind kind; /* zero in a plain packet, like the next four: one store */
	uint8_t icmp_type;
	uint8_t icmp_code;
	bool is_fragment_rest; /* a later fragment: ports from the first one, no transport header */
	bool has_quoted;       /* an ICMP error that quotes enough of a packet */

	uint32_t ip_len;      /* of the innermost IP packet on the wire, header included */
	uint32_t payload_len; /* beyond the transport header, on the wire; ICMP: after the checksum
			       */
	struct span ip;       /* innermost IP packet, as much of it as was captured; ends with
			       * `payload` where there is one */
	struct span payload;  /* beyond the transport header, as much of it as was captured */

	struct flow_key quoted; /* the flow of the quoted packet; with `has_quoted` alone */
};

static inline const struct address *packet_source(const struct packet *p)
{
	return p->source_is_low ? &p->key.low : &p->key.high;
}

static inline const struct address *packet_destination(const struct packet *p)
{
	return p->source_is_low ? &p->key.high : &p->key.low;
}

static inline uint16_t packet_source_port(const struct packet *p)
{
	return p->source_is_low ? p->key.low_port : p->key.high_port;
}

static inline uint16_t packet_destination_port(const struct packet *p)
{
	return p->source_is_low ? p->key.high_port : p->key.low_port;
}
