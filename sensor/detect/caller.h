/*
 * What wide_beacon remembers of a device's calls to a place: a registered domain, or an address
 * without a name. Plain values, in an LRU map of the detector's.
 */
#pragma once

#include "sensor/detect/call_history.h"
#include "sensor/detect/detector.h"
#include "sensor/detect/statistics.h"
#include "sensor/detect/strength.h"

enum { CALLER_NAMES = 4 };

/* No padding. */
struct caller_key {
	uint32_t device;
	uint8_t place[DISTINCT_KEY_BYTES]; /* the domain's hash, or the address */
};

struct caller {
	struct call_history calls;
	nanotime heard;
	uint64_t bytes_up; /* of flows that have ended */
	uint64_t bytes_down;
	uint32_t device_hours; /* of the device when the first call came */
	uint32_t names[CALLER_NAMES];
	uint32_t name_count; /* distinct ones, up to that many */
	uint32_t name_turns; /* calls under another name than the one before */
	struct strength told;
	struct strength told_together;
	struct fact_flow flow; /* of the latest call */
	bool by_name;
	bool is_answered;
	bool has_data_down;
	bool is_plain_upload;
	bool lookup_missed;
	bool is_line;      /* the latest call came in the connection of the one before */
	uint8_t name_from; /* enum host_source */
	char application[FACT_PROTOCOL_LEN];
	char name[FACT_HOST_LEN]; /* of the latest call */
};

struct caller_key caller_key_of(const struct suffix_rules *suffixes,
				const struct observation *seen);

/* A call: a check-in that is none of the one before. */
void caller_add(struct caller *caller, const struct observation *seen);
void caller_add_ended(struct caller *caller, const struct fact_ended *ended);

/* What is told of it, without conditions and evidence. */
struct signal caller_signal(enum signal_kind kind, const struct caller_key *key,
			    const struct caller *caller, double prior);

/* The evidence of a stranger's server rather than a service. */
void caller_weigh_place(struct signal *s, const struct caller *caller);

/* For kept_table. */
void caller_tidy(void *value);
bool caller_is_sound(const void *key, const void *value);
