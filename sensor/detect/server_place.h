/*
 * A server that a device talks to, by address and port, and what speaks for a stranger's: the
 * evidence that detectors of unknown traffic share.
 */
#pragma once

#include "sensor/detect/detector.h"

/* No padding: a key of lru_map. */
struct server_key {
	uint32_t device;
	uint16_t port;
	uint8_t protocol;
	uint8_t spare;
	struct address address;
};

/* Of a flow's fact: of the device that `seen` is about, and its flow's server. */
struct server_key server_key_of(const struct observation *seen);

/* Who the device dealt with, what is known of the protocol, and this flow as an example. */
void server_describe(struct signal *s, const struct observation *seen);

/*
 * The evidence of `seen`, a flow to the outside: no name while DNS is seen, a dynamic DNS name, a
 * port that is usual for nothing, or for something else.
 */
void server_weigh(struct signal *s, const struct observation *seen);

/*
 * Nobody knows the protocol: neither our dissectors nor nDPI, beyond a guess from the port. False
 * where the address alone says whose service it is.
 */
bool server_speaks_unknown(const struct fact_names *names);
