/*
 * A sweep: what one device tries of many, within a window, and how much of it in vain. The scan
 * detector keeps one for each key in an LRU map and weighs it; here it is kept and counted.
 *
 * Bounded: SWEEP_TARGETS_KEPT targets are known exactly, more are counted by sketch. One thread.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/signal.h"
#include "sensor/detect/statistics.h"

#include <stddef.h>
#include <string.h>

enum { SWEEP_TARGETS_KEPT = 64 };

enum sweep_kind { SWEEP_HOSTS_INSIDE, SWEEP_HOSTS_OUTSIDE, SWEEP_PORTS, SWEEP_ARP };

/* What is swept: a port over hosts, or the ports of one host. No padding. */
struct sweep_key {
	uint32_t device;
	uint8_t kind; /* enum sweep_kind */
	uint8_t protocol;
	uint16_t port;                /* of a host sweep */
	uint8_t address[ADDRESS_LEN]; /* of a port sweep */
};

struct sweep {
	nanotime window_start;
	nanotime first;
	nanotime last;
	uint64_t told_at;  /* targets when a signal was last emitted; 0 is never */
	uint8_t direction; /* enum direction, of the latest contact */
	uint8_t flow_count;
	uint32_t successes;
	uint32_t failures;
	uint32_t target_count; /* of the exact ones */
	struct distinct distinct;
	/* From here on as many count as the head says. */
	uint64_t targets[SWEEP_TARGETS_KEPT];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

enum { SWEEP_HEAD = offsetof(struct sweep, targets) };

/* A map of `count` sweeps at most; the caller frees it with lru_map_free(). */
MUST_USE enum err sweep_map_new(struct lru_map **out, uint32_t count);

/*
 * The sweep of `key`, begun anew when it is older than `window` at `now` or from after it.
 * Borrowed until the map forgets it. Inline: each flow comes here twice, and a call costs 14
 * instructions.
 */
static inline struct sweep *sweep_touch(struct lru_map *map, const struct sweep_key *key,
					nanotime now, nanotime window)
{
	bool is_new;
	struct sweep *sweep = lru_map_touch(map, key, &is_new);

	if (!is_new && (nanotime_between(sweep->window_start, now) > window ||
			nanotime_went_back(sweep->window_start, now))) {
		memset(sweep, 0, SWEEP_HEAD);
		is_new = true;
	}
	if (is_new)
		sweep->window_start = sweep->first = now;
	sweep->last = now > sweep->last ? now : sweep->last;
	return sweep;
}

/* Counts the target of this hash (distinct_hash()); false when it had been in this window. */
bool sweep_add(struct sweep *sweep, uint64_t target);

/* Takes an exact target out again; false when it is none of them. The sketch keeps it. */
bool sweep_remove(struct sweep *sweep, uint64_t target);

/* How many targets it has: exact while they are few. */
double sweep_targets(const struct sweep *sweep);

/*
 * At `least` targets, and at each doubling since the last signal: so that the case can say how far
 * it went without a signal for each.
 */
bool sweep_is_worth_telling(const struct sweep *sweep, double targets, uint64_t least);

/* Fills in what was swept, when, how often and with which flows; notes `targets` as told. */
void sweep_tell(struct sweep *sweep, const struct sweep_key *key, double targets, struct signal *s);

/* For kept_table, of maps from sweep_map_new(). */
void sweep_tidy(void *value);
bool sweep_is_sound(const void *key, const void *value);
