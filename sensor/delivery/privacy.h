/*
 * What leaves the office: one table of JSON members for each kind of parcel, and the filter that
 * lets nothing else through. Every body passes it before it is sealed. No payload stands in the
 * table but capsules, which are made only on request or for P1 where the office allows it.
 *
 * Any thread. Nothing is kept but a count.
 */
#pragma once

#include "sensor/base/language.h"
#include "sensor/delivery/parcel.h"

#include <stdio.h>

enum {
	PRIVACY_BYTES_MAX = 4 << 20, /* of a body before the filter */
	PRIVACY_PATH_MAX = 64,       /* of a row's path, with its NUL */
	PRIVACY_DEPTH_MAX = 8,       /* of objects and arrays in each other, in a row's path */
};

/* Whom a member says something of. */
enum privacy_concern {
	PRIVACY_DEVICE,   /* one of the office's devices */
	PRIVACY_PERSON,   /* may name a person */
	PRIVACY_PEER,     /* with whom a device spoke */
	PRIVACY_MEASURE,  /* figures, times, codes: nobody */
	PRIVACY_SENTENCE, /* words made of the others by fixed templates */
	PRIVACY_CONCERNS,
};

struct privacy_row {
	const char *path;          /* of a value: "device.mac", "findings[].attack[]" */
	const char *const *reason; /* by enum language */
	enum parcel_kind kind;
	enum privacy_concern concern;
};

extern const struct privacy_row privacy_rows[];
extern const size_t privacy_rows_count;

/*
 * Keeps of a body what the table lists: members in their order, values byte for byte as they stand
 * there, no blanks between them. The same body gives the same bytes. What has another shape than
 * its row says (an object where a value should be) is dropped as well. `*out` has a NUL behind it
 * and is the caller's to free.
 *
 * ERR_SYNTAX: no object of JSON (RFC 8259, valid UTF-8, no name twice, no U+0000); ERR_RANGE:
 * longer than PRIVACY_BYTES_MAX; ERR_MEMORY.
 */
MUST_USE enum err privacy_filter(enum parcel_kind kind, const char *json, size_t len, char **out,
				 size_t *out_len);

/* Members that were dropped since the process began: more than 0 says that the table is behind. */
uint64_t privacy_dropped(void);

/* The table for people: a line for each row, by kinds. */
void privacy_print(FILE *out, enum language language);
