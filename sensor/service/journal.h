/*
 * What the sensor says of itself while it runs: one event, one line.
 *
 * Under systemd each event goes to the journal by its native protocol, with fields that can be
 * searched for ("journalctl HINOMI_EVENT=interface_down"); else to standard error as a sentence
 * with the same fields behind it. The journal's socket is connected at start, so that nothing is
 * opened later. Never blocks, not even where standard error is a terminal that was stopped or a
 * pipe that nobody reads: what is not taken is counted, and said as soon as something is taken
 * again.
 */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum journal_level { JOURNAL_ERROR = 3, JOURNAL_WARNING = 4, JOURNAL_NOTICE = 5, JOURNAL_INFO = 6 };

struct journal {
	int fd;    /* of the journal's socket; -1 is standard error */
	int plain; /* standard error opened anew, so as not to wait for it; 0 where it cannot be */
	_Atomic uint64_t lost;
	_Atomic uint64_t untold; /* of those */
};

/* `name` in small letters with underscores. */
struct journal_field {
	const char *name;
	const char *text;
};

/* The journal where $JOURNAL_STREAM says that standard error is one and it can be reached. */
void journal_open(struct journal *out);
void journal_close(struct journal *journal);

/*
 * `event` is the word to search for, `sentence` says it to a person. Texts are cleaned. Any thread;
 * of what is longer than JOURNAL_LINE_MAX the end is cut.
 */
enum { JOURNAL_LINE_MAX = 2048, JOURNAL_FIELDS_MAX = 8 };

struct journal_entry {
	enum journal_level level;
	const char *event;
	const char *sentence;
	struct journal_field fields[JOURNAL_FIELDS_MAX]; /* up to the first without a name */
};

void journal_say(struct journal *journal, const struct journal_entry *entry);
