/*
 * A capture filter (pcap-filter(7)) over flows: "host 10.0.0.5 and tcp port 443" as tcpdump reads
 * it, asked of a flow's key instead of a packet.
 *
 * libpcap compiles it and runs it over headers made from the key, so that there is one meaning of
 * such an expression. A flow matches when a packet of either direction would: "src host" is true
 * of both ends. What a key does not hold (lengths, flags, bytes of a packet) is refused.
 *
 * Owner: the caller. One thread at a time for each filter. Memory: the compiled program.
 */
#pragma once

#include "sensor/base/flow_key.h"

enum { KEY_FILTER_REASON_LEN = 320 };

struct key_filter;

/*
 * ERR_SYNTAX with libpcap's words or ours in `reason`, which may quote `expression`; ERR_MEMORY.
 * An empty expression is true of every flow. libpcap asks the resolver for names of hosts.
 */
MUST_USE enum err key_filter_new(struct key_filter **out, const char *expression,
				 char reason[static KEY_FILTER_REASON_LEN]);

/* NULL is fine. */
void key_filter_free(struct key_filter *filter);

/* Writes into the filter's own room: see the thread above. */
bool key_filter_matches(struct key_filter *filter, const struct flow_key *key);
