/* Names in DNS messages (RFC 1035 3.1, 4.1.4): for the dissectors alone. */
#pragma once

#include "dissectors/dns.h"

#include <stdbool.h>

enum {
	DNS_HEADER_LEN = 12,
	DNS_POINTER = 0xc0,   /* the upper bits of an octet that begins a pointer, not a label */
	DNS_OCTETS_MAX = 255, /* of a name, its root included */
};

/* A name without compression: length-prefixed labels, without the root's zero at the end. */
struct flat_name {
	uint8_t octets[DNS_OCTETS_MAX - 1];
	size_t len;
	uint8_t jumps; /* pointers that were followed for it */
};

/*
 * Leaves `in` behind the name's place in the message. A pointer must lead to before the labels that
 * it ends ("a prior occurrence", RFC 1035 4.1.4), so that the way goes back only and has an end.
 * `labels` is the name without compression and root, borrowed from the message where it stands
 * there in one piece, as nearly every question does, or from `room`, which then tells how much work
 * there was, on a failure too.
 */
MUST_USE enum dissect dns_name_read(struct cursor message, struct cursor *in,
				    struct flat_name *room, struct span *labels);

/*
 * Leaves `in` behind the name, whatever a pointer in it leads to and however long it is: tunnels
 * send names of more than 255 octets. False when there is no end to be found.
 */
MUST_USE bool dns_name_skip(struct cursor *in);

/* As text. What stands in `to` behind the text says nothing. */
void dns_name_set(struct dns_name *to, struct span labels);

/*
 * Labels up to a root, or to the end of `in` when the name is only the beginning of one (RFC 4702
 * 2.3.1, RFC 4704 4.2). No pointers. False, and `to` as it was, when there is no label or bad ones.
 */
bool dns_name_from_labels(struct cursor in, struct dns_name *to);
