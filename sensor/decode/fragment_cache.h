/*
 * Which flow the later fragments of a packet belong to: what its first fragment said.
 *
 * Part of the decoder, its thread. Holds the last 512 first fragments; the oldest goes first. One
 * is good for 10 s of packet time in either direction, so that a file whose time steps back forgets
 * as a forward step does and no single wrong stamp can poison it. Nothing here depends on a
 * random key: the same packets give the same answers. A look-up is at most 512 comparisons.
 */
#pragma once

#include "sensor/base/flow_key.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

enum { FRAGMENT_CACHE_ENTRIES = 512 };

#define FRAGMENT_CACHE_LIFE (10 * NANOTIME_SECOND)

/* What names a fragmented packet: RFC 791 3.2, RFC 8200 4.5. No padding: hashed as memory. */
struct fragment_key {
	struct address source;
	struct address destination;
	uint32_t id;
	uint16_t context; /* as in the flow key: ids are of one network */
	uint8_t ip_version;
	uint8_t protocol; /* 0 in IPv6, where it is no part of the name */
};

_Static_assert(sizeof(struct fragment_key) == 40, "a fragment key has no padding");

struct first_fragment {
	struct flow_key key;
	uint32_t len; /* bytes of the packet that it holds */
	bool source_is_low;
	bool is_in_frame; /* the flow stands in a frame in a tunnel that was fragmented */
};

struct fragment_entry {
	struct fragment_key name;
	nanotime seen;
	struct first_fragment first;
};

struct fragment_cache {
	uint32_t tags[FRAGMENT_CACHE_ENTRIES]; /* apart from the entries: a look-up reads 2 KB */
	struct fragment_entry entries[FRAGMENT_CACHE_ENTRIES];
	uint32_t used;
	uint32_t next; /* to be written; the oldest when all are used */
};

void fragment_cache_init(struct fragment_cache *cache);

/* Remembers a first fragment seen at `now`. The newest of one name counts: ids come around. */
void fragment_cache_add(struct fragment_cache *cache, const struct fragment_key *name, nanotime now,
			const struct first_fragment *first);

/* NULL when none was seen in time. Borrowed until the next add. */
const struct first_fragment *fragment_cache_find(const struct fragment_cache *cache,
						 const struct fragment_key *name, nanotime now);
