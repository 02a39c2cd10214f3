/*
 * Feeds into a builder: finds out each file's format, makes items of its rows, and refuses by name
 * and row what would blame half the internet. Whoever publishes a feed can err, or be broken into.
 *
 * One thread.
 */
#pragma once

#include "sensor/feed/feed_row.h"
#include "sensor/intel/intel_builder.h"
#include "sensor/intel/suffix_rules.h"

/* A file, and what whoever builds the set says of it. */
struct feed_file {
	const char *path;
	const char *source;     /* its feed's name, the same for all of its files */
	enum intel_class class; /* of a warning list */
	bool is_warning_list;   /* tells of places, not of bad ones */
	int confidence;         /* where its rows tell none */
};

struct feed_counts {
	size_t rows;
	size_t taken;
	size_t refused;     /* the next ones among them */
	size_t implausible; /* would blame everybody: a feed that is broken, or broken into */
	size_t offline;     /* left out: gone for a month, or no longer said */
};

void feed_counts_add(struct feed_counts *total, const struct feed_counts *more);

enum {
	FEED_COMPLAINTS_MAX = 10, /* lines for refused rows of a file */
	FEED_REASONS_MAX = 48,    /* why rows were refused; what comes later counts as the last */
	FEED_REASON_LEN = 96,
};

struct feed_reason {
	char why[FEED_REASON_LEN]; /* cut where it is longer */
	size_t rows;
};

struct feed_gather;

struct feed_gather_setup {
	struct intel_builder *builder;
	const struct suffix_rules *suffixes;
	nanotime now;       /* when the set is made */
	FILE *complaints;   /* a line for each of the first refused rows of a file */
	bool is_prevalence; /* what is common among offices: nothing is too common for it */
};

/* All in `setup` is borrowed. */
MUST_USE enum err feed_gather_new(struct feed_gather **out, const struct feed_gather_setup *setup);
void feed_gather_free(struct feed_gather *gather);

/* Why rows of all files so far were refused, the most frequent first; how many there are. */
size_t feed_gather_reasons(struct feed_gather *gather, const struct feed_reason **out);

/*
 * Reads a file. Warning lists first: what is popular is known from them. ERR_IO with errno,
 * ERR_MALFORMED for what no reader knows, ERR_FULL for too many sources or items.
 */
MUST_USE enum err feed_gather_read(struct feed_gather *gather, const struct feed_file *file,
				   struct feed_counts *counts);
