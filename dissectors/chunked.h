/* Chunked bodies of HTTP/1.1 (RFC 9112 7.1): where the content is, and where the body ends. */
/*
 * Skipped: chunk extensions and trailer fields, which together with sizes may be CHUNKED_LINE_MAX
 * bytes a line and CHUNKED_TRAILERS_MAX lines.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { CHUNKED_LINE_MAX = 4096, CHUNKED_TRAILERS_MAX = 64 };

enum chunked_state {
	CHUNKED_SIZE,      /* digits of a size */
	CHUNKED_EXTENSION, /* what may stand between a size and its line's end */
	CHUNKED_CONTENT,
	CHUNKED_CONTENT_END, /* the line end behind content */
	CHUNKED_TRAILER,
	CHUNKED_ENDED,
	CHUNKED_BROKEN,
};

/* One body, fed as it comes. Zeroes are its beginning; the caller's, one for each direction. */
struct chunked {
	enum chunked_state state;
	/*
	 * In CHUNKED_CONTENT the bytes of this chunk to come, else the size read so far. Who skips
	 * content without feeding it lessens it by as much, and leaves one byte at least.
	 */
	uint64_t left;
	uint32_t line_len; /* of the line so far, its end excluded */
	uint32_t trailers;
};

/*
 * Eats from `in`. DISSECT_OK: `content` is some of the body's content, or empty, and then the body
 * has ended and `in` stands behind it. DISSECT_TRUNCATED: all was eaten, feed what comes next.
 * DISSECT_MALFORMED: not chunked. `content` is set only on DISSECT_OK and borrows from `in`.
 */
MUST_USE enum dissect chunked_take(struct chunked *body, struct cursor *in, struct span *content);
