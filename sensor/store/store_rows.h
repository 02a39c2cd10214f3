/*
 * The rows of cases.db as callers give and get them. Plain values; texts and spans are borrowed for
 * the call. Times are packet time.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/nanotime.h"

/* The latest revision of a case. */
struct store_case {
	const char *id; /* the key */
	uint64_t revision;
	nanotime opened;
	nanotime changed;
	uint8_t priority;
	bool is_withdrawn;
	struct span json;   /* for readers: UTF-8 */
	struct span record; /* the sensor's own, to go on from */
};

/* The evidence that one revision of a case rests on. */
struct store_capsule {
	const char *case_id;
	uint64_t revision;
	struct span bytes;
};

struct store_device {
	const char *key;
	const char *name;    /* may be empty */
	const char *address; /* the same */
	nanotime first;
	nanotime last;
	struct span json;
};

struct store_health {
	const char *id; /* the key */
	const char *code;
	nanotime opened;
	nanotime last;
	nanotime closed; /* 0: still open */
	bool is_urgent;  /* when it is put: on the disk at once */
	struct span json;
};

/* A time in which nothing, or not all, was seen. */
struct store_gap {
	nanotime from;
	nanotime to;
	const char *reason;
};

struct store_count {
	uint64_t day; /* since the epoch */
	const char *name;
	uint64_t more; /* added to what the day has */
};

/* A block of whom the office was in contact with; only its writer knows what is in it. */
struct store_contacts {
	nanotime first; /* of all rows in it … */
	nanotime last;
	uint64_t rows;
	struct span bytes;
};

struct store_life {
	nanotime started;
	nanotime last_alive;
	bool stopped_clean;
	bool found_damaged; /* cases.db; so it is checked, and moved aside, at the next start */
};

/* Called for each row; false ends it. */
typedef bool store_case_fn(void *arg, const struct store_case *row);
typedef bool store_capsule_fn(void *arg, const struct store_capsule *row);
typedef bool store_device_fn(void *arg, const struct store_device *row);
typedef bool store_health_fn(void *arg, const struct store_health *row);
typedef bool store_contacts_fn(void *arg, const struct store_contacts *row);
/* A block of that scan; NULL: there are no more. */
typedef bool store_scan_fn(void *arg, unsigned scan, const struct store_contacts *row);
