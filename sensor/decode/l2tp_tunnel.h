/*
 * L2TPv2 data (RFC 2661), with PPP inside, and L2TPv3 data (RFC 3931) over UDP or IP, with Ethernet
 * (RFC 4719) inside.
 *
 * Skipped: tunnel, session and sequence numbers, cookies. A v3 header does not say how long its
 * cookie is nor whether a sublayer follows; both are found by what must stand behind them, a frame
 * with a whole IP packet or ARP. Control messages are of no tunnel here.
 */
#pragma once

#include "sensor/decode/tunnel.h"

/*
 * As tunnel_read(), of the bytes behind the UDP or the IP header; `out->payload_len` is their
 * length on the wire, what else is not set 0 before.
 */
MUST_USE bool l2tp_tunnel_read_udp(struct cursor in, struct tunnel *out);
MUST_USE bool l2tp_tunnel_read_ip(struct cursor in, struct tunnel *out);
