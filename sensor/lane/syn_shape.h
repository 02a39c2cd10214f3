/*
 * What a SYN's signature (sensor/hello/syn_signature.h) mostly depends on, as a number that is
 * cheap to make: capture asks of every SYN whether its host sends them as it did before. Left out
 * are the signature's quirks, which some stacks leave to chance, and so is what lies behind IPv6
 * extension headers.
 */
#pragma once

#include "sensor/decode/packet.h"

/* Of a SYN of which the headers were captured; never 0. 0 for any other packet. */
uint32_t syn_shape(const struct packet *packet);
