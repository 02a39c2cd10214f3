/*
 * A capsule: what one verdict rests on, in one piece that stands for itself. The fact that decided,
 * every row that the judge looked at while it took that fact (as it was before), all options, the
 * versions of the rules, the digests of the data, and the verdict itself as text.
 *
 * The form: CAPSULE_MAGIC, then the parts below, each once and in their order: four letters, the
 * length in four bytes (big-endian), that many bytes. The last part is the SHA-256 of all that
 * stands before it; each capsule holds that of the one before, so that none can be taken out of a
 * sensor's chain, or changed, unnoticed. Facts and rows are as they lie in memory; `layout` says in
 * whose. Nothing in a capsule is trusted: whoever restores a row checks it.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/kept.h"
#include "sensor/base/nanotime.h"
#include "sensor/digest/digest.h"

#include <stdbool.h>

#define CAPSULE_MAGIC "hinomi capsule\n"

enum {
	CAPSULE_BYTES_MAX = 512 << 10,
	CAPSULE_WHY_LEN = 160,
};

enum capsule_part {
	CAPSULE_HEAD,     /* struct capsule_head */
	CAPSULE_PROGRAM,  /* the sensor's version */
	CAPSULE_IDENTITY, /* of office and sensor; may be empty */
	CAPSULE_OPTIONS,  /* config_lines.h */
	CAPSULE_RULES,    /* "BCN-1 beacon 1", one a line: rule, kind, version */
	CAPSULE_DATA,     /* "known_services=<digest>", one a line */
	CAPSULE_LISTED,   /* the indicators that the verdict names, one a line */
	CAPSULE_FACT,     /* that decided; empty where the end of the capture did */
	CAPSULE_FINISHED, /* then: the detector that was asked for its last words */
	CAPSULE_ROWS,     /* capsule_next_row() */
	CAPSULE_VERDICT,  /* capsule_verdict.h */
	CAPSULE_PACKETS,  /* a capture (pcap) of what was on the wire, as illustration; may be empty
			   */
	CAPSULE_DIGEST,
	CAPSULE_PARTS,
};

struct capsule_head {
	uint64_t number;              /* in the sensor's chain, from 1 */
	uint8_t previous[SHA256_LEN]; /* digest of the one before; zero for the first */
	nanotime when;                /* of the fact */
	uint32_t layout;              /* of the fact: see capsule_layout() */
	uint32_t revision;            /* of the case */
	uint64_t not_noted; /* rows that there was no room for: then the verdict may not come again
			     */
	uint64_t not_made;  /* capsules that this sensor left out until now, beyond its bounds */
};

/* Of facts in this build: size, kinds, byte order. */
uint32_t capsule_layout(void);

/* Builds one in `bytes`, borrowed. What does not fit makes it useless: `is_full`. */
struct capsule_writer {
	uint8_t *bytes;
	size_t room;
	size_t len;
	size_t part_at; /* of the part that is being written */
	bool is_full;
};

void capsule_write_begin(struct capsule_writer *w, uint8_t *bytes, size_t room);
void capsule_write_head(struct capsule_writer *w, const struct capsule_head *head);
/* In the order of enum capsule_part; each ends the one before. */
void capsule_write_part(struct capsule_writer *w, enum capsule_part part);
void capsule_write(struct capsule_writer *w, const void *bytes, size_t len);
void capsule_write_text(struct capsule_writer *w, const char *text);
/* One row, into CAPSULE_ROWS. */
void capsule_write_row(struct capsule_writer *w, const struct kept_row *row);
/* The digest, also into `out`. False when it did not all fit. */
bool capsule_write_end(struct capsule_writer *w, uint8_t out[static SHA256_LEN]);

/* One that was read; borrowed from its bytes. */
struct capsule {
	struct capsule_head head;
	struct span parts[CAPSULE_PARTS];
};

/*
 * Checks form and digest. ERR_MALFORMED, and `why` is half a sentence: no capsule, cut short, or
 * changed since it was made.
 */
MUST_USE enum err capsule_open(struct capsule *out, struct span bytes,
			       char why[static CAPSULE_WHY_LEN]);

enum { CAPSULE_TABLE_LEN = 64 };

struct capsule_row {
	struct kept_row row; /* its table is `table` */
	char table[CAPSULE_TABLE_LEN];
};

/* The row at `*at`, which begins as 0 and moves on; false at the end or where there is none. */
bool capsule_next_row(const struct capsule *capsule, size_t *at, struct capsule_row *out);
