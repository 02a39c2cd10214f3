/* Bodies of lines that a lone dot ends: SMTP's DATA (RFC 5321 4.5.2), POP3's replies (RFC 1939 3).
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

/* Zeroes are a body's beginning. */
struct mail_body {
	uint8_t line_is; /* how much of the dot's line has been seen; mail_body.c's own */
	uint64_t len;    /* bytes eaten, those of the last line included */
};

/*
 * Eats from `in`, as the bytes come. DISSECT_OK: the body has ended, `in` stands behind it.
 * DISSECT_TRUNCATED: all was eaten, feed what comes next.
 */
MUST_USE enum dissect mail_body_take(struct mail_body *body, struct cursor *in);
