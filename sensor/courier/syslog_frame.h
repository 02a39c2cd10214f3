/*
 * A message of RFC 5424 in the octet counting of RFC 5425: "LEN <PRI>1 TIME HOST hinomi - MSGID
 * [meta sequenceId="N"] TEXT". Any thread.
 *
 * No structured data of our own: that needs an enterprise number, and 32473 is for documents alone.
 * `meta` is IANA's: its sequenceId counts messages since the courier began, so that a collector
 * sees what a broken line took. What is the same case is said by CEF's externalId and cn1, or EVE's
 * hinomi.case and hinomi.rev.
 */
#pragma once

#include "sensor/delivery/parcel.h"

enum {
	SYSLOG_MESSAGE_MAX = 8192, /* what a receiver should take (RFC 5425, 4.3.1) */
	SYSLOG_HEAD_MAX = 256,
	SYSLOG_SEQUENCE_MAX = 2147483647,
};

/* RFC 5424, table 2; the facility is local0. */
enum syslog_severity {
	SYSLOG_CRITICAL = 2,
	SYSLOG_ERROR = 3,
	SYSLOG_WARNING = 4,
	SYSLOG_NOTICE = 5,
};

struct syslog_message {
	enum syslog_severity severity;
	const char *sensor;
	const char *id; /* "case", "health" */
	nanotime made;
	uint32_t sequence; /* 1 to SYSLOG_SEQUENCE_MAX */
	const char *text;  /* UTF-8 of one line */
	size_t text_len;
};

/*
 * The count and all that stands before the text, NUL-terminated; its length. A text that is not
 * ASCII alone gets the byte order mark that says it is UTF-8; ASCII needs none, and readers of CEF
 * look for "CEF:" at the very start.
 */
size_t syslog_head(const struct syslog_message *message, char out[static SYSLOG_HEAD_MAX]);
