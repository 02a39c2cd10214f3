/*
 * Looks at what was received of one or more sensors, parcel by parcel in the order received, and
 * names what is missing, came too late, was changed, was told twice (CONTRACT.md, "Signed text and
 * chain"). Never stops at a fault.
 *
 * Memory grows with what was received up to `most_parcels` (stream_seen.h) and VERIFY_SENSORS_MAX
 * sensors. One thread.
 */
#pragma once

#include "sensor/delivery/batch.h"

enum {
	VERIFY_SENSORS_MAX = 4096,
	VERIFY_LINE_MAX = BATCH_BYTES_MAX,
	VERIFY_WHY_LEN = BATCH_PROBLEM_LEN,
};

enum verify_fault {
	VERIFY_UNREADABLE,  /* a line that is no parcel */
	VERIFY_UNKNOWN_KEY, /* signed by a key that was not given */
	VERIFY_EDITED,      /* something that is signed was changed: the signature does not fit */
	VERIFY_BODY_EDITED, /* the body is not the one that was signed */
	VERIFY_REORDERED,   /* came after a later one of its stream */
	VERIFY_REPLAYED,    /* the same one again */
	VERIFY_FORKED,      /* another genuine one stands under its number */
	VERIFY_BROKEN,      /* it names another one before it than the one that stands there */
	VERIFY_MISSING,
	VERIFY_CUT, /* missing at the end: the latest heartbeat says that it was issued */
	VERIFY_FAULTS,
};

/* Text is borrowed for the call. */
struct verify_finding {
	enum verify_fault fault;
	uint64_t line;      /* from 1 on; 0: found when all was read */
	const char *sensor; /* "" for an unreadable line */
	enum parcel_stream stream;
	uint64_t first; /* sequence; of VERIFY_MISSING and VERIFY_CUT the first of a run */
	uint64_t last;
	const struct parcel *parcel; /* NULL where it is not at hand */
	const char *why;             /* "" or one line more */
};

typedef void verify_found_fn(void *arg, const struct verify_finding *finding);

/* A key, and of whom it is; `sensor` empty: of all. */
struct verify_key {
	char sensor[PARCEL_SENSOR_LEN];
	struct sign_public public;
};

struct verify_setup {
	const struct verify_key *keys; /* borrowed */
	size_t key_count;
	size_t most_parcels;
	verify_found_fn *found;
	void *arg;
};

struct verify_totals {
	uint64_t lines;
	uint64_t genuine; /* distinct parcels */
	uint64_t sensors;
	uint64_t faults[VERIFY_FAULTS]; /* of the missing ones: parcels, not runs */
	bool is_whole;                  /* no fault; a replay is one */
};

struct stream_verify;

/* After sign_start(). ERR_MEMORY. */
MUST_USE enum err stream_verify_new(struct stream_verify **out, const struct verify_setup *setup);
/* NULL is fine. */
void stream_verify_free(struct stream_verify *verify);

/* One line without its end. ERR_FULL: more parcels or sensors than it remembers; ERR_MEMORY. */
MUST_USE enum err stream_verify_line(struct stream_verify *verify, const char *line, size_t len);
/* One that was too long to be read. */
void stream_verify_long_line(struct stream_verify *verify);

/* Once, at the end: names what is missing. */
void stream_verify_end(struct stream_verify *verify, struct verify_totals *out);

/* "missing" …: the word for it in JSON. */
const char *verify_fault_name(enum verify_fault fault);
