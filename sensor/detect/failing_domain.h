/*
 * What failing_names remembers of a device: the latest domains that it asked for and that do not
 * exist, when it asked, and its names of other roots. Plain values, in an LRU map.
 */
#pragma once

#include "sensor/detect/rhythm.h"
#include "sensor/detect/signal.h"

#include <stddef.h>

enum { FAILED_DOMAINS_MOST = 32, FAILED_ROUNDS = RHYTHM_MOST };

struct failed_domain {
	uint64_t hash; /* of the registered domain; 0 is none */
	nanotime first;
	nanotime last;
	uint32_t top;  /* hash of its last label */
	uint32_t cost; /* thousandths of bits for each letter; 0 where that says nothing */
	uint32_t tries;
	uint8_t length;
	bool is_bare; /* asked for as it is, or with "www." before it */
	uint8_t spare[2];
};

struct failing {
	nanotime first;
	nanotime last;
	nanotime last_round; /* when questions began again after a silence */
	uint64_t tries;
	uint64_t alternative_asked; /* questions for names of other roots */
	uint32_t rounds;
	uint32_t told_domains; /* when last told, of each story */
	float told_alternative;
	float told_rhythm;
	float told_many;
	uint8_t domain_count; /* places filled; then the longest unheard goes */
	uint8_t alternative_count;
	bool alternative_outside; /* asked of a name server that is neither the office's nor known
				   */
	bool alternative_answered;
	uint8_t flow_count;
	uint8_t alternative_flow_count;
	uint8_t spare[2];
	struct failed_domain domains[FAILED_DOMAINS_MOST];
	uint64_t alternatives[FAILED_DOMAINS_MOST]; /* hashes of names of other roots */
	uint32_t intervals_ms[FAILED_ROUNDS];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	struct signal_flow alternative_flows[SIGNAL_FLOWS_MAX];
	char example[FACT_HOST_LEN]; /* the first domain of the burst */
	char alternative[FACT_HOST_LEN];
};

/* The place of the domain with that hash, made if need be in that of the longest unheard. */
struct failed_domain *failed_domain_of(struct failing *f, uint64_t hash, nanotime now);

/* What the domains asked for since then have in common. */
struct failed_burst {
	uint32_t domains;
	uint32_t scored; /* of them, of letters that say something */
	uint32_t bare;
	double cost;  /* mean of those */
	double alike; /* share of those with the most frequent length and last label */
};

struct failed_burst failed_burst_since(const struct failing *f, nanotime since);

/* A round of questions at `now`, if there was silence before. */
void failed_round(struct failing *f, nanotime now);

/* For kept_table. */
void failing_tidy(void *value);
bool failing_is_sound(const void *key, const void *value);
