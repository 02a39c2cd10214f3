/* ICMP echo (RFC 792, RFC 4443 4): ping, whose reply should carry what the request carried. */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

/* As the IP header names them. */
enum icmp_protocol { ICMP_PROTOCOL_V4 = 1, ICMP_PROTOCOL_V6 = 58 };

struct icmp_echo {
	bool is_reply;
	uint16_t id;
	uint16_t sequence;
	struct span payload; /* as much as the capture has of it */
};

/*
 * `protocol` is IP's, of enum icmp_protocol, and `type` ICMP's; `in` starts behind the checksum.
 * DISSECT_OTHER for all but echo requests and replies. `out` is set only on DISSECT_OK; its payload
 * borrows from the bytes under `in`.
 */
MUST_USE enum dissect dissect_icmp_echo(uint8_t protocol, uint8_t type, struct cursor in,
					struct icmp_echo *out);
