/*
 * What detectors of attacks by one message share: a find becomes a signal once for each attacker,
 * target and story, and again when it has become more likely.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

struct attack_find {
	enum signal_kind kind;
	uint32_t device; /* whom the signal is about */
	enum direction direction;
	enum outcome outcome;
	const struct address *object;
	const char *detail;
	enum reason_code reason; /* what was seen: the signal's condition */
	/* Of a number that is tested; a condition that is just met has none. */
	double value;
	double threshold;
	const char *option;
	double prior;
	double times;           /* REASON_ANSWERED, when above 1 */
	bool is_stronger_again; /* a second time says more */
	uint32_t requests;      /* REASON_AGAIN with `times_requests`, when that is above 1 */
	double times_requests;
	uint32_t servers; /* REASON_TARGETS with `times_servers`, when that is above 1 */
	double times_servers;
	double times_back;   /* REASON_CALLED_BACK, when above 1 */
	double times_output; /* REASON_COMMAND_OUTPUT, when above 1 */
};

/* What was told. A map of `count` at most; the caller frees it with lru_map_free(). */
MUST_USE enum err attack_told_new(struct lru_map **out, uint32_t count);

/*
 * Between the two of `seen`: the attacker is blamed when it is of the office, else its target is
 * named. The rest of the find is the caller's to fill in.
 */
struct attack_find attack_between(const struct observation *seen);

void attack_tell(struct lru_map *map, const struct attack_find *found, const struct fact *fact,
		 struct signal_sink *sink);

/* For kept_table. */
bool attack_told_is_sound(const void *key, const void *value);
