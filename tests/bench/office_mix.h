/*
 * Captures made of real ones: the office mix (many captures, each repeated as if by other people,
 * and downloads that go on where half of the TLS and QUIC flows ended) and elephants (one TLS flow,
 * eight times, each followed by its share of a large download). One thread.
 */
#pragma once

#include "tests/bench/capture_out.h"

#include <stdbool.h>
#include <stdint.h>

struct office_mix {
	struct capture_out *out;
	uint64_t tail_packets;  /* what may still be put behind flows; falls to 0 */
	uint64_t capture_count; /* of captures used so far: a part of the seed */
};

/* Adds `path` `copies` times; false when nothing in it can be used. */
bool office_mix_add(struct office_mix *mix, const char *path, unsigned copies);

/* False when `path` holds no whole TLS handshake. */
bool elephants_add(struct capture_out *out, const char *path, uint64_t packets);
