/*
 * A capture in the making: packets in any order, written sorted by time as pcap (Ethernet,
 * microseconds, little-endian).
 *
 * One thread. Everything is held in memory until it is written: at most CAPTURE_OUT_BYTES of
 * packets. A benchmark cannot go on without its capture, so running out of memory or disk ends the
 * program with a line that says so.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CAPTURE_OUT_BYTES ((size_t)3 << 30)

struct capture_out;

struct capture_out *capture_out_new(void);
void capture_out_free(struct capture_out *out);

/* Copies `len` bytes. `at_us` counts from the capture's start; equal times keep their order. */
void capture_out_add(struct capture_out *out, uint64_t at_us, const uint8_t *bytes, size_t len,
		     size_t wire_len);

/* Writes the packets, by time, and says on standard error how many. */
void capture_out_write(struct capture_out *out, const char *path);
