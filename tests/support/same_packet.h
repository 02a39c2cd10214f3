/* Two decoded packets, field by field: padding is of no meaning, nor `quoted` without has_quoted.
 */
#pragma once

#include "sensor/decode/packet.h"

static inline bool same_span(struct span a, struct span b)
{
	return a.data == b.data && a.len == b.len;
}

static inline bool same_transport(const struct packet *a, const struct packet *b)
{
	return a->tcp_flags == b->tcp_flags && a->tcp_window == b->tcp_window &&
	       a->tcp_sequence == b->tcp_sequence && a->tcp_acknowledged == b->tcp_acknowledged &&
	       a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
	       a->payload_len == b->payload_len && same_span(a->payload, b->payload) &&
	       a->has_quoted == b->has_quoted &&
	       (!a->has_quoted || flow_key_equal(&a->quoted, &b->quoted));
}

static inline bool same_packet(const struct packet *a, const struct packet *b)
{
	return a->number == b->number && a->time == b->time && a->kind == b->kind &&
	       a->identity == b->identity && mac_equal(&a->source_mac, &b->source_mac) &&
	       mac_equal(&a->destination_mac, &b->destination_mac) && a->vlan == b->vlan &&
	       flow_key_equal(&a->key, &b->key) && a->source_is_low == b->source_is_low &&
	       a->ttl == b->ttl && a->is_fragment_rest == b->is_fragment_rest &&
	       a->ip_len == b->ip_len && same_span(a->ip, b->ip) && same_transport(a, b);
}
