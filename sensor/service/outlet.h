/*
 * Lines for somebody who may stop reading: a pager, a terminal that is held, a program that hangs.
 * Whoever puts a line never waits. What is not read yet is kept, OUTLET_BYTES at most; then whole
 * lines are dropped and counted. The descriptor stays as it is, for others may write to it too. One
 * thread.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>

enum { OUTLET_BYTES = 256 * 1024 };

struct outlet;

/* NULL without memory. `fd` is borrowed. */
struct outlet *outlet_new(int fd);

/* NULL is fine. What is left is not written. */
void outlet_free(struct outlet *outlet);

/* `lines` are whole; as much as the reader takes now is written. */
void outlet_put(struct outlet *outlet, struct span lines);

/* Writes what the reader takes now; false when something is left. */
bool outlet_flush(struct outlet *outlet);

/* Before the end: waits so long for a reader that reads. What is left then counts as dropped. */
void outlet_finish(struct outlet *outlet, int milliseconds);

/* Puts that were dropped since it was asked last. */
uint64_t outlet_take_dropped(struct outlet *outlet);
