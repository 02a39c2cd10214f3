/*
 * What bench_send puts on the wire, a frame at a time. One thread; running out of memory ends the
 * program.
 */
#pragma once

#include "tests/bench/frame_out.h"

enum { SEND_FRAME_MAX = 1 << 16 };

struct frame_source;

/* A kind by its name, or a capture by its path; NULL when there is neither. */
struct frame_source *frame_source_new(const char *what);
void frame_source_free(struct frame_source *source);

/* Frames of one flow, 0 for a capture: the rate is one of flows where there are any. */
unsigned frame_source_per_flow(const struct frame_source *source);

/* The kinds, each on a line. */
const char *frame_source_kinds(void);

/* Writes the next frame; returns its length. Never ends: flows are drawn, a capture begins again.
 */
size_t frame_source_next(struct frame_source *source, uint8_t out[static SEND_FRAME_MAX]);
