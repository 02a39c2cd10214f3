/*
 * Logins of one side at one service, and at how many places: what guessing is told by. One thread.
 *
 * A run is what follows each other within logins.window; what was before counts as history.
 */
#pragma once

#include "sensor/base/address.h"
#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"
#include "sensor/detect/login_tries.h"

enum {
	GUESS_TIMES = 32, /* the latest refusals */
	GUESS_HASHES = 16,
};

enum guess_kind {
	GUESS_AT,    /* one server */
	GUESS_AMONG, /* the servers that a device tries */
	GUESS_OPEN, /* a service of the office that outside came to; only `told` and `last` count */
};

/* `other` is the server, or the client of an inbound login; unspecified for GUESS_AMONG and
 * GUESS_OPEN. No padding. */
struct guess_key {
	uint32_t device;
	uint16_t port;
	uint8_t kind;    /* enum guess_kind */
	uint8_t service; /* enum login_service */
	struct address other;
};

/* A few distinct hashes; more are not told apart. */
struct guess_hashes {
	uint32_t hashes[GUESS_HASHES];
	uint8_t count;
	uint8_t spare[3];
};

struct guess {
	nanotime first; /* of the run */
	nanotime last;
	nanotime told; /* when it was last told as guessing; 0 is never */
	nanotime told_guessed;
	double chance;               /* how certain that was, from outside or not */
	nanotime times[GUESS_TIMES]; /* of refusal number i at i % GUESS_TIMES */
	uint64_t last_flow;
	uint32_t refused;
	uint32_t accepted;
	uint32_t accepted_before; /* in runs before */
	uint32_t told_at;         /* refusals, of this run */
	uint32_t followed;        /* the next connection began within a second of the refusal */
	uint32_t at_once;         /* it had begun before */
	uint32_t size;            /* of the last connection judged by its size */
	struct guess_hashes accounts;
	struct guess_hashes servers;
	uint8_t direction; /* enum direction */
	uint8_t flow_count;
	bool is_by_shape; /* nobody can read the outcome: connections of one kind are counted */
	uint8_t spare[5];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
};

/* The guess of `key`, in a new run when the last is over at `now`. Borrowed until forgotten. */
struct guess *guess_touch(struct lru_map *map, const struct guess_key *key, nanotime now,
			  nanotime window);

/* Counts one refusal at `now` by the flow of `fact`. */
void guess_add_refusal(struct guess *guess, const struct fact *fact, nanotime now,
		       uint32_t account);

/* How many refusals lie within `window` before the latest: GUESS_TIMES at most. */
uint32_t guess_recent(const struct guess *guess, nanotime window);

/* Share of connections that began right after a refusal, and of those that had begun before. */
double guess_share_followed(const struct guess *guess);
double guess_share_at_once(const struct guess *guess);

/*
 * Whether a program tries again by a clock: the median of the intervals, and their spread (median
 * absolute deviation over median) in `*spread`. False when there are too few.
 */
bool guess_rhythm(const struct guess *guess, double *seconds, double *spread);

/* True when the hash was new. 0 is nobody. */
bool guess_note(struct guess_hashes *hashes, uint32_t hash);

/* For kept_table. */
void guess_tidy(void *value);
bool guess_is_sound(const void *key, const void *value);
