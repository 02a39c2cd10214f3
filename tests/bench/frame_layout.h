/* Where the headers of a captured frame stand: plain Ethernet with IPv4 or IPv6 only. Pure. */
#pragma once

#include "sensor/base/flow_key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame_layout {
	struct flow_key key; /* ports are 0 unless has_transport */
	bool source_is_low;
	bool has_transport; /* an unfragmented TCP or UDP header that is all there */
	bool is_plain;      /* without tags, options or extensions, and captured whole */
	uint8_t tcp_flags;
	uint32_t tcp_sequence;
	uint32_t tcp_acknowledged;
	size_t ip;        /* offset of the IP header */
	size_t transport; /* of what follows it; 0 in a later fragment */
	size_t payload;
	size_t payload_len;
};

/* False when the frame is not IP or its IP header is cut; `out` is set only on true. */
bool frame_layout_of(const uint8_t *frame, size_t len, struct frame_layout *out);
