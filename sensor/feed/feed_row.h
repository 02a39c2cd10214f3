/*
 * One row of a feed, whatever its format, on its way from a reader to whoever gathers it. Readers
 * know formats; what an item may be is judged in one place (feed_gather.h).
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdio.h>

/* What the feed says that the text is. */
enum feed_kind {
	FEED_ANY, /* it does not say: by its look */
	FEED_NAME,
	FEED_NETWORK, /* an address, a network, either with a port */
	FEED_URL,
	FEED_JA4,
	FEED_JA3,
	FEED_HASSH,
	FEED_SHA1,
	FEED_SHA256,
};

struct feed_row {
	const char *text;
	enum feed_kind kind;
	bool has_subdomains;
	bool is_offline;    /* its source last found nothing there */
	const char *family; /* "" is not told, like 0 below */
	nanotime listed;
	nanotime confirmed;
	nanotime until; /* from then on its source does not say so any more */
	int confidence; /* 0 … 100, of prevalence the offices; FEED_CONFIDENCE_UNTOLD */
	unsigned trust; /* percent of that confidence, or of the feed's; 0 is all of it */
	unsigned line;  /* 1 is the first; in JSON that of the item among its kind */
};

enum { FEED_CONFIDENCE_UNTOLD = -1, FEED_LINE_LEN = 8192 };

/* Everything is borrowed for the call. Anything but ERR_OK ends the reading. */
typedef enum err feed_row_fn(void *arg, const struct feed_row *row);

/* A row that the reader itself cannot use, and why. */
typedef void feed_refuse_fn(void *arg, unsigned line, const char *text, const char *why);

struct feed_sink {
	feed_row_fn *take;
	feed_refuse_fn *refuse;
	void *arg;
};

/* "2020-12-25 18:24:24", with a T, a zone, a fraction or no time at all; 0 when it is none. */
nanotime feed_time(const char *text);

/* The readers: `name` is the feed's, the family of lists that tell none ("" is none). */
MUST_USE enum err feed_read_list(FILE *from, const char *name, const struct feed_sink *sink);
MUST_USE enum err feed_read_table(FILE *from, const struct feed_sink *sink);
/* Maltrail's trails in one table: trail, "info", reference; it has no header. */
MUST_USE enum err feed_read_trails(FILE *from, const struct feed_sink *sink);
bool feed_is_trails(const char *head);
MUST_USE enum err feed_read_rules(FILE *from, const struct feed_sink *sink);
MUST_USE enum err feed_read_zeek(FILE *from, const struct feed_sink *sink);
MUST_USE enum err feed_read_json(FILE *from, const struct feed_sink *sink);
/* Of prevalence: "item,offices" a line, or the item alone. */
MUST_USE enum err feed_read_offices(FILE *from, const struct feed_sink *sink);
