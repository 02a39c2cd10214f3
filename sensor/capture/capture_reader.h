/* What the readers of the two capture formats answer; capture_file turns it into words. */
#pragma once

enum reader_answer {
	READER_FRAME,
	READER_END,
	READER_CUT,     /* the bytes end, or cannot be read, inside a packet or header */
	READER_DAMAGED, /* the reader has the words */
};

/* Longest packet that a reader takes; what claims more is damage. libpcap has the same limit. */
enum { READER_PACKET_MAX = 256 * 1024 };
