/* One captured frame, as a source hands it out. Plain values; the bytes are borrowed. */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/nanotime.h"

/* The link types that decode knows; values are the registry's LINKTYPE_ numbers (tcpdump.org). */
enum link_type {
	LINK_NULL = 0, /* BSD loopback: family in the writer's byte order */
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW = 101,  /* starts with an IPv4 or IPv6 header */
	LINK_LOOP = 108, /* OpenBSD loopback: family in network order */
	LINK_LINUX_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

/* libpcap, and some writers, call LINK_RAW by another number. */
static inline uint32_t link_type_of(uint32_t number)
{
	enum { DLT_RAW_HERE = 12 };

	return number == DLT_RAW_HERE ? LINK_RAW : number;
}

struct frame {
	nanotime time;
	struct span bytes;  /* what was captured; borrowed until the next frame is asked for */
	uint32_t wire_len;  /* what was on the wire; never less than bytes.len */
	uint32_t link_type; /* enum link_type, or another registered number that decode refuses */
	uint8_t interface;  /* which of a live capture's, in the order they were named; of files 0,
			     * or as  capture_set_number() says */
};

/* `frame` is borrowed for the call. */
typedef void frame_take_fn(void *arg, const struct frame *frame);
