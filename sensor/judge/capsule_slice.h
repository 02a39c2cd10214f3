/*
 * The packets that go with a capsule, as illustration: nothing rests on them. The latest beginnings
 * of packets that lanes were shown are kept in a ring, and those of the verdict's flows, or else of
 * its device, are written as a capture (pcap, from the IP header on).
 *
 * Owner: capsules. One thread. CAPSULE_SLICE_KEPT packets, taken once; what was longer ago, or live
 * was never shown to a lane because it was far behind, is not there.
 */
#pragma once

#include "sensor/config/config.h"
#include "sensor/fact/fact.h"
#include "sensor/judge/capsule.h"

enum { CAPSULE_SLICE_KEPT = 4096, CAPSULE_SLICE_FLOWS = 64 };

struct capsule_slice;

MUST_USE enum err capsule_slice_new(struct capsule_slice **out);
void capsule_slice_free(struct capsule_slice *slice);

/* Keeps a FACT_EXCERPT. */
void capsule_slice_keep(struct capsule_slice *slice, const struct fact *excerpt);

/* Whose packets are wanted. */
struct slice_wanted {
	uint64_t flows[CAPSULE_SLICE_FLOWS]; /* their ids */
	size_t flow_count;
	const struct address *addresses; /* of the device, where there is none of the flows */
	size_t address_count;
};

/* The latest of them, at most capsule.packets; nothing at all where there is none. */
void capsule_slice_write(const struct capsule_slice *slice, const struct capsule_config *config,
			 const struct slice_wanted *wanted, struct capsule_writer *w);
