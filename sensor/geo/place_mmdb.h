/*
 * MaxMind DB File Format Specification v2.0
 * (https://maxmind.github.io/MaxMind-DB/): one file, through libmaxminddb.
 *
 * The file is mapped, so it costs page cache and no heap. Whoever writes a new one puts it in the
 * old one's place by renaming; one that is overwritten or cut short while it is mapped is survived
 * all the same. Nothing in it is trusted: a record is walked with a bound on depth and values.
 *
 * One thread at a time.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/geo/place.h"

enum { PLACE_WHY_LEN = 200, PLACE_TYPE_LEN = 48 };

struct place_database;

/*
 * ERR_MISSING, ERR_IO, ERR_MALFORMED, ERR_MEMORY; `why` is then half a line that
 * says what is wrong and what to do.
 */
MUST_USE enum err place_database_open(struct place_database **out, const char *path,
				      char why[static PLACE_WHY_LEN]);
/* NULL is fine. */
void place_database_free(struct place_database *db);

struct place_database_head {
	uint64_t built; /* seconds since 1970 */
	uint64_t bytes;
	char type[PLACE_TYPE_LEN]; /* letters, digits, ".-_" and blanks */
};

/* Borrowed. */
const struct place_database_head *place_database_head(const struct place_database *db);

enum place_answer {
	PLACE_TOLD,
	PLACE_NOT_THERE,
	PLACE_DAMAGED, /* the record, or the way to it */
	PLACE_CUT_OFF, /* the file was cut short since it was opened: not to be asked again */
};

/* `*out` is set on PLACE_TOLD alone. */
enum place_answer place_database_find(const struct place_database *db,
				      const struct address *address, struct place *out);
