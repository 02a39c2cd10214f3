/* NTP (RFC 5905 7.3; older versions RFC 1305, SNTP RFC 4330): who asks for the time, and gets it.
 */
/*
 * Skipped: poll, precision, root delay and dispersion, the three other timestamps, extensions and
 * MACs. Control (mode 6) and private (mode 7) messages have another format and are DISSECT_OTHER.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { NTP_REFERENCE_LEN = 4 };

enum ntp_mode {
	NTP_SYMMETRIC_ACTIVE = 1,
	NTP_SYMMETRIC_PASSIVE = 2,
	NTP_CLIENT = 3,
	NTP_SERVER = 4,
	NTP_BROADCAST = 5,
};

struct ntp {
	enum ntp_mode mode;
	uint8_t version; /* 1 … 4 */
	uint8_t leap;    /* 3 says: my clock is not set */
	uint8_t stratum; /* 0 with a server: `reference` is a kiss code as RATE */
	uint8_t reference[NTP_REFERENCE_LEN]; /* stratum 1: a name as GPS; above mostly IPv4 */
	uint32_t transmit_seconds;            /* when it was sent, by the sender's clock; */
	uint32_t transmit_fraction;           /* clients may send 0 or random bits instead */
};

/*
 * One datagram. DISSECT_OTHER for a version or mode that is none of the above. `out` is set only
 * on DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect dissect_ntp(struct cursor in, struct ntp *out);

/* Seconds since 1970 of a timestamp between 1968 and 2104, over NTP's new era in 2036 (RFC 4330 3).
 */
int64_t ntp_unix_seconds(uint32_t timestamp_seconds);
