/* Ethernet, tags, IPv4 or IPv6, TCP or UDP down to a flow's key: nothing counted, nothing kept. */
#pragma once

#include "dissectors/cursor.h"
#include "tests/bench/floor_table.h"

struct floor_parsed {
	struct floor_packet packet; /* without its time and length */
	struct span ip;             /* from the IP header to the end of the datagram */
	size_t payload_len;         /* behind the TCP or UDP header */
};

/* False when it is not IP, or cut. `out` is then not to be used. */
bool floor_parse(const uint8_t *frame, size_t len, struct floor_parsed *out);
