/*
 * A capture in the pcapng format (draft-ietf-opsawg-pcapng), which libpcap refuses when its
 * interfaces differ.
 *
 * Read: sections in either byte order, interfaces with if_tsresol and if_tsoffset, enhanced,
 * simple and obsolete packet blocks. Skipped: every other block, section lengths, all other
 * options. One thread at a time. Memory is the struct, some 300 KiB, for any file.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/byte_stream.h"
#include "sensor/capture/capture_reader.h"
#include "sensor/capture/frame.h"

enum {
	PCAPNG_INTERFACES_MAX = 1024,        /* in one section; one more is damage */
	PCAPNG_BLOCK_MAX = 16 * 1024 * 1024, /* a longer block is damage */
};

struct pcapng_file;

/* `stream` is borrowed until pcapng_file_free(). ERR_MEMORY. */
MUST_USE enum err pcapng_file_new(struct pcapng_file **out, struct byte_stream *stream);

/* NULL is fine. */
void pcapng_file_free(struct pcapng_file *file);

/*
 * The frame's bytes are borrowed until the next call. A simple packet, which has no time, gets
 * that of the frame before it. Not to be called after another answer than READER_FRAME.
 */
enum reader_answer pcapng_file_next(struct pcapng_file *file, struct frame *out);

/* What is wrong, after READER_DAMAGED. Borrowed until pcapng_file_free(). */
const char *pcapng_file_damage(const struct pcapng_file *file);

/* How many frames had a time that nanotime cannot hold, and were given the nearest it can. */
uint64_t pcapng_file_clamped_times(const struct pcapng_file *file);
