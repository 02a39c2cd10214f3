/* Replies of three digits and text, in one line or several (RFC 959 4.2, RFC 5321 4.2.1). */
/* What FTP and SMTP servers say; ftp.h and smtp.h read on from here. */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	CODED_REPLY_LINE_MAX = 4096,
	CODED_REPLY_LINES_MAX = 1024, /* longer replies are DISSECT_MALFORMED */
};

struct coded_reply {
	uint16_t code; /* 100 to 659, the middle digit at most 5 */
	bool is_multiline;
	struct span text; /* behind the first line's code; unchecked */
	struct span all;  /* the whole reply with its codes and line ends, but the last */
	size_t consumed;
};

/*
 * DISSECT_TRUNCATED while the reply has no end, DISSECT_OTHER as soon as it does not begin like
 * one. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_coded_reply(struct cursor in, struct coded_reply *out);
