/* Captures made of nothing but numbers. Each adds to `out`; deterministic; one thread. */
#pragma once

#include "tests/bench/capture_out.h"

#include <stdint.h>

/* 60 % DNS lookups, 30 % connections that are reset at once, 10 % refused; ~2.6 packets a flow. */
void synthetic_mice(struct capture_out *out, uint64_t flows);

/* SYNs from random public sources to one server, 100,000 a second. */
void synthetic_syn_flood(struct capture_out *out, uint64_t packets);

/*
 * Flows that are all alive at once. TCP: a handshake, each step of all flows taking 20 seconds,
 * and then `packets` acknowledgements without payload on flows drawn at random.
 */
void synthetic_alive_tcp(struct capture_out *out, uint64_t flows, uint64_t packets);

/* The same handshake, then a request and its answer. */
void synthetic_alive_http(struct capture_out *out, uint64_t flows);

/* One datagram of noise each, over 20 seconds. */
void synthetic_alive_udp(struct capture_out *out, uint64_t flows);
