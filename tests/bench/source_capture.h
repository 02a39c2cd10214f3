/*
 * A real capture held in memory, with its flows found: what the office mix repeats.
 *
 * One thread. Bounds: SOURCE_PACKETS_MAX packets (the rest of the file is left out), of which the
 * flows are at most as many.
 */
#pragma once

#include "sensor/base/flow_key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_PACKETS_MAX = 1 << 17 };

#define SOURCE_NO_FLOW SIZE_MAX

struct source_packet {
	uint64_t at_us; /* from the first packet; silences are cut to two seconds */
	uint8_t *bytes; /* as Ethernet, whatever the link type was */
	size_t len;
	size_t wire_len;
	size_t flow; /* index into flows, or SOURCE_NO_FLOW */
};

/* What a bulk tail needs to go on where a flow left off, before its first FIN or RST. */
struct source_flow {
	struct flow_key key;
	bool client_is_low;
	bool is_tls;  /* both hellos were seen */
	bool is_quic; /* a full-sized long header on port 443 */
	size_t packet_count;
	size_t client_packet;      /* index of a plain packet from the client; SIZE_MAX: none */
	size_t last;               /* index of the last packet before the end */
	size_t end;                /* index of the first FIN or RST, SIZE_MAX when there is none */
	uint32_t next_sequence[2]; /* the client's, the server's */
};

struct source_capture {
	struct source_packet *packets;
	size_t packet_count;
	struct source_flow *flows;
	size_t flow_count;
};

/* False when the file holds nothing that can be used. Out of memory ends the program. */
bool source_capture_load(struct source_capture *out, const char *path);
void source_capture_release(struct source_capture *source);
