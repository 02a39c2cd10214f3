/*
 * Where a byte stream's bytes come from: a file, a pipe, standard input or memory.
 *
 * Plain values, held by byte_stream; one thread at a time. Allocates nothing.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/err.h"

#include <stdint.h>
#include <stdio.h>

struct byte_source {
	int fd;               /* -1: the bytes are in `memory` */
	int error;            /* the errno of a read that failed; 0 when none did */
	bool ended;           /* so or by an error */
	bool is_on_disk;      /* a regular file that nobody else reads: not standard input */
	FILE *file;           /* reads `fd`, and closes it; NULL before byte_source_as_file() */
	struct cursor memory; /* what is left of it */
	uint64_t size;        /* all there is to consume; 0 when that is not known */
	uint64_t consumed;
};

/*
 * Opens `path`, or standard input for "-", which stays open when the source is closed. ERR_IO
 * with errno set (EISDIR for a directory). A named pipe waits here for its writer.
 */
MUST_USE enum err byte_source_open(struct byte_source *out, const char *path);

/* `bytes` are borrowed for the life of the source. */
struct byte_source byte_source_over(struct span bytes);

/*
 * A FILE that reads the rest of a source that is_on_disk, from `unread` bytes before where the
 * source stands; NULL with errno set. The caller closes it, before byte_source_close() and after
 * the last question about the source, of which byte_source_read() is none any more.
 */
FILE *byte_source_as_file(struct byte_source *source, size_t unread);

/* How much was read so far, also by the FILE. */
uint64_t byte_source_consumed(const struct byte_source *source);

/* The errno of a read that failed, also of the FILE's; 0 when none did. */
int byte_source_error(const struct byte_source *source);

/* Keeps errno. */
void byte_source_close(struct byte_source *source);

/*
 * What the source gives at once, at most `cap` bytes; 0 when it ended or cannot be read. A signal
 * does not end the wait for a pipe.
 */
size_t byte_source_read(struct byte_source *source, uint8_t *into, size_t cap);

/* Moves what `from` has, at most `cap` bytes; answers how many. */
size_t byte_source_move(struct cursor *from, uint8_t *into, size_t cap);
