/*
 * A capture in the pcap format: microseconds or nanoseconds, either byte order, or Kuznetzov's.
 *
 * One thread at a time. Memory: the struct (64 KiB) and libpcap's packet buffer, which grows with
 * the packets seen, to 256 KiB (to 128 MiB where the link type is USB or D-Bus).
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/capture/byte_stream.h"
#include "sensor/capture/capture_reader.h"
#include "sensor/capture/frame.h"

struct pcap_file;

/* `stream` is borrowed until pcap_file_free(). ERR_MEMORY; a bad header is the first answer. */
MUST_USE enum err pcap_file_new(struct pcap_file **out, struct byte_stream *stream);

/* NULL is fine. */
void pcap_file_free(struct pcap_file *file);

/* The frame's bytes are borrowed until the next call. Not to be called after another answer. */
enum reader_answer pcap_file_next(struct pcap_file *file, struct frame *out);

/*
 * The same for up to `most` frames, each handed to `take`; `*count` of them were. One call of
 * libpcap's loop instead of one for each frame. READER_FRAME when there may be more.
 */
enum reader_answer pcap_file_read(struct pcap_file *file, int most, frame_take_fn *take, void *arg,
				  uint64_t *count);

/* What is wrong, after READER_DAMAGED. Borrowed until pcap_file_free(). */
const char *pcap_file_damage(const struct pcap_file *file);

/* How many frames had a fraction of a second that is none, and were given the nearest. */
uint64_t pcap_file_clamped_times(const struct pcap_file *file);
