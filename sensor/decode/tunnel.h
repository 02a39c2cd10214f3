/*
 * What an IP packet carries that is a packet or frame again: IP in IP (RFC 2003, 2473, 4213), GRE
 * (RFC 2784, 2890), PPTP's GRE (RFC 2637), ERSPAN I to III (draft-foschiano-erspan-03), VXLAN (RFC
 * 7348, draft-ietf-nvo3-vxlan-gpe-12), Geneve (RFC 8926), TZSP, Teredo (RFC 4380), L2TP (RFC 2661,
 * 3931).
 *
 * Skipped: checksums, sequence numbers, options, time stamps, session numbers. Not read: GRE with
 * source routes (RFC 1701), 802.11 in TZSP, pseudo-wires of L2TPv3 other than Ethernet.
 *
 * Bounds: a tunnel header is read once, its options and tags one by one until they end. How many
 * tunnels may stand in one another is the caller's to say.
 */
#pragma once

#include "sensor/decode/network_layer.h"
#include "sensor/decode/tunnel_kind.h"

struct tunnel {
	enum tunnel_kind kind;
	uint16_t content;    /* EtherType of what it carries; TUNNEL_UNREADABLE where it has none */
	uint16_t vlan;       /* ERSPAN's word of where the frame was seen; 0 is none */
	bool is_guess;       /* known by a port, not by a protocol number */
	bool carries_frames; /* any may be in it: that one is neither IP nor ARP is no surprise */
	bool has_network_id; /* what is inside is another network than what is outside */
	uint32_t network_id; /* its number in a tunnel of this kind */
	uint32_t payload_len; /* of the content on the wire */
	struct span payload;  /* as much as was captured */
};

enum { TUNNEL_UNREADABLE = 0xffff }; /* no EtherType: RFC 1701 */

/*
 * The tunnel that `outer` is, which is not the rest of a fragmented packet. False for a packet of
 * another kind, one whose tunnel header cannot be true or was cut by the capture, and one that
 * steers a tunnel without carrying anything. `*out` is of meaning only on true; its payload borrows
 * from the packet.
 */
MUST_USE bool tunnel_read(const struct network_layer *outer, struct tunnel *out);

/*
 * The flow key's context inside `tunnel`, when that of the tunnel itself is `outside`: another for
 * each network id, so that equal addresses in two networks stay apart. Never 0 then, and the same
 * on every machine. Unchanged where the tunnel only brings what belongs to the network outside: a
 * mirror port's frames, IP in IP, GRE without a key.
 */
uint16_t tunnel_context(const struct tunnel *tunnel, uint16_t outside);
