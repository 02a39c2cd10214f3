/*
 * The sensor's figures for Prometheus, on a local socket.
 *
 * The process that parses packets may neither accept nor send, so it only writes its figures into
 * a page shared with a small process of its own, forked at start, which serves that page to whoever
 * connects ("curl --unix-socket PATH http://localhost/metrics") and does nothing else. The page is
 * guarded by a seqlock: the writer never waits for a reader.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { METRICS_TEXT_MAX = 64 * 1024 };

struct metrics;

/* What the serving process gives up before it serves, its listener open; false ends it. */
typedef bool metrics_enter_fn(int listener);

/*
 * Makes the socket at `path` and listens, while the process may still make files there; replaces
 * one that nobody serves any more. ERR_RANGE for too long a path, ERR_IO and errno: EADDRINUSE
 * where somebody does, or where a file stands.
 */
MUST_USE enum err metrics_listen(int *listener, const char *path);

/*
 * Forks the server: before threads are started. It ends with its parent. `listener` is closed in
 * any case. ERR_MEMORY.
 */
MUST_USE enum err metrics_new(struct metrics **out, int listener, metrics_enter_fn *enter);

/*
 * Gives back the page; the server ends with the process, which may not be allowed to signal it. The
 * socket's file is left, for the same reason.
 */
void metrics_free(struct metrics *metrics);

/* The writer, one thread: `len` is METRICS_TEXT_MAX at most. */
void metrics_publish(struct metrics *metrics, const char *text, size_t len);

/* Copies what was published last; for the server, and tests. Returns its length. */
size_t metrics_read(const struct metrics *metrics, char out[METRICS_TEXT_MAX]);
