/*
 * The packet that nearly every frame holds, read in one pass: Ethernet with at most one tag, IPv4
 * without options or IPv6 without extension headers, TCP or UDP (not to a tunnel's port), whole up
 * to the end of the transport header, no fragment.
 *
 * Part of the decoder, its thread. A short cut and no more: each answer is what the layers
 * (link_layer.h, network_layer.h, transport_layer.h) give, at a third of their cost.
 */
#pragma once

#include "sensor/capture/frame.h"
#include "sensor/decode/packet.h"

/*
 * Sets all of `*out` but `number` and `time`, its spans borrowing from the frame. False for any
 * other frame, broken ones among them: `*out` is then of no meaning, and the layers have the word.
 */
bool plain_packet_read(const struct frame *frame, struct packet *out);
