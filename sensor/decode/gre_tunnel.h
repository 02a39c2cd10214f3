/*
 * GRE (RFC 2784, 2890) with what it is used for beyond IP: Ethernet (RFC 1701's type 0x6558), PPTP
 * (RFC 2637), ERSPAN I, II and III (draft-foschiano-erspan-03).
 *
 * Skipped: checksum, sequence and acknowledgment number, ERSPAN's session, time stamp, security
 * group and platform subheader.
 */
#pragma once

#include "sensor/decode/tunnel.h"

/* As tunnel_read(), of the bytes behind the IP header; what is not set is 0 in `*out` before. */
MUST_USE bool gre_tunnel_read(struct cursor in, struct tunnel *out);
