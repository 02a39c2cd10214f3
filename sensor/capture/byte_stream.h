/*
 * The bytes of a file, a pipe or memory: forward only, unpacked when they are gzip or zstd.
 *
 * Packed or not is told by the first bytes, never by the name. Opening reads nothing, so a
 * process may open with rights that it gives up before the first byte is looked at. One thread
 * at a time. Memory is bounded by the struct (two windows of 64 KiB) and what zlib (50 KiB) or
 * zstd (a window of at most 8 MiB) take; a frame that asks for a wider window is refused.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/err.h"

#include <stdint.h>
#include <stdio.h>

enum { BYTE_STREAM_PEEK_MAX = 64 };

enum byte_stream_state {
	BYTE_STREAM_OPEN,       /* more may come */
	BYTE_STREAM_END,        /* all was read, and it was whole */
	BYTE_STREAM_CUT,        /* packed bytes that stop early */
	BYTE_STREAM_DAMAGED,    /* packed bytes that do not unpack */
	BYTE_STREAM_TOO_WIDE,   /* a zstd frame that asks for more memory than it may have */
	BYTE_STREAM_UNREADABLE, /* byte_stream_error() has the errno */
};

struct byte_stream;

/*
 * Opens `path`, or standard input for "-", which stays open afterwards. ERR_MEMORY, or ERR_IO
 * with errno set (EISDIR for a directory). A named pipe waits here for its writer.
 */
MUST_USE enum err byte_stream_open(struct byte_stream **out, const char *path);

/* Over `bytes`, borrowed until byte_stream_free(). ERR_MEMORY. */
MUST_USE enum err byte_stream_from_memory(struct byte_stream **out, struct span bytes);

/* NULL is fine. */
void byte_stream_free(struct byte_stream *stream);

/*
 * Reads `len` bytes; fewer only where the stream ends or fails, and byte_stream_state() then says
 * which. What stood whole before a failure is given out first.
 */
size_t byte_stream_read(struct byte_stream *stream, void *into, size_t len);

/* Passes over `len` bytes; answers how many there were, as byte_stream_read() does. */
size_t byte_stream_skip(struct byte_stream *stream, size_t len);

/* The next bytes without eating them, at most BYTE_STREAM_PEEK_MAX. Borrowed until the next call.
 */
struct span byte_stream_peek(struct byte_stream *stream, size_t len);

/*
 * A FILE that reads what is left of the stream, for libraries that ask for one; NULL with errno
 * set. The caller closes it, before byte_stream_free() and after the last question about the
 * stream, from which nothing else may be read or peeked then. A failure of the stream is an error
 * of the FILE.
 */
FILE *byte_stream_as_file(struct byte_stream *stream);

/*
 * What the end was, once a read came short; BYTE_STREAM_OPEN before, or the end already where it
 * was met while reading ahead.
 */
enum byte_stream_state byte_stream_state(const struct byte_stream *stream);

/* The errno of BYTE_STREAM_UNREADABLE. */
int byte_stream_error(const struct byte_stream *stream);

/* "gzip", "zstd", or "plain", also before the first byte was looked at. */
const char *byte_stream_packing(const struct byte_stream *stream);

/* Bytes taken from the underlying file so far, by the buffer rather than by the byte. */
uint64_t byte_stream_consumed(const struct byte_stream *stream);

/* What there is to consume: 0 when that is not known, as with a pipe. */
uint64_t byte_stream_size(const struct byte_stream *stream);
