/*
 * One capture file, whatever its format: pcap or pcapng, plain, gzip or zstd, or standard input.
 *
 * Nothing is read before the first capture_file_next(), so a process may open its files with
 * rights that it gives up before it looks at a byte. One thread at a time. Memory: that of the
 * stream (byte_stream.h) and of one reader (pcap_file.h, pcapng_file.h).
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/frame.h"

enum { CAPTURE_REASON_MAX = 192 }; /* with its NUL */

struct byte_stream;
struct capture_file;

enum capture_read {
	CAPTURE_FRAME,
	CAPTURE_END,    /* all was read, and it was whole */
	CAPTURE_FAILED, /* capture_file_reason() says why; every whole packet before was given */
};

/*
 * Opens `path`, or standard input for "-". ERR_MEMORY only: a file that cannot be opened is one
 * whose first answer is CAPTURE_FAILED, and its reason is there at once.
 */
MUST_USE enum err capture_file_new(struct capture_file **out, const char *path);

/* Over `stream`, which belongs to the file from then on; on an error to the caller. ERR_MEMORY. */
MUST_USE enum err capture_file_from_stream(struct capture_file **out, struct byte_stream *stream);

/* NULL is fine. */
void capture_file_free(struct capture_file *file);

/*
 * The next frame in the order of the file. Its bytes are borrowed until the next call on `file`.
 * After the end or a failure the answer stays the same.
 */
enum capture_read capture_file_next(struct capture_file *file, struct frame *out);

/*
 * The same for up to `most` frames, each handed to `take`: CAPTURE_FRAME when there may be more,
 * and the other answers after the last. Cheaper by the frame.
 */
enum capture_read capture_file_read(struct capture_file *file, size_t most, frame_take_fn *take,
				    void *arg);

/*
 * Why it failed: one line without the file's name, such as "truncated at packet 1234" (the packet
 * that is not whole, counted from 1); "" when it did not. Borrowed until capture_file_free().
 */
const char *capture_file_reason(const struct capture_file *file);

/* How many frames had a time that nanotime cannot hold, and were given the nearest it can. */
uint64_t capture_file_clamped_times(const struct capture_file *file);

/* For a progress bar: bytes taken of the underlying file, and its size, 0 when unknown. */
uint64_t capture_file_consumed(const struct capture_file *file);
uint64_t capture_file_size(const struct capture_file *file);
