#include "dissectors/ntp.h"

enum {
	LEAP_SHIFT = 6,
	VERSION_SHIFT = 3,
	VERSION_MASK = 0x07,
	VERSION_MAX = 4,
	MODE_MASK = 0x07,
	STRATUM_TO_REFERENCE = 1 + 1 + 4 + 4,
	REFERENCE_TO_TRANSMIT = 3 * 8,
};

enum dissect dissect_ntp(struct cursor in, struct ntp *out)
{
	struct ntp msg = { 0 };
	uint8_t first = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	msg.leap = first >> LEAP_SHIFT;
	msg.version = first >> VERSION_SHIFT & VERSION_MASK;
	msg.mode = first & MODE_MASK;
	if (msg.version == 0 || msg.version > VERSION_MAX)
		return DISSECT_OTHER;
	if (msg.mode < NTP_SYMMETRIC_ACTIVE || msg.mode > NTP_BROADCAST)
		return DISSECT_OTHER;

	msg.stratum = cursor_u8(&in);
	cursor_skip(&in, STRATUM_TO_REFERENCE);
	cursor_copy(&in, msg.reference, sizeof(msg.reference));
	cursor_skip(&in, REFERENCE_TO_TRANSMIT);
	msg.transmit_seconds = cursor_be32(&in);
	msg.transmit_fraction = cursor_be32(&in);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	*out = msg;
	return DISSECT_OK;
}

int64_t ntp_unix_seconds(uint32_t timestamp_seconds)
{
	static const int64_t from_1900_to_1970 = 2208988800;
	static const int64_t era = INT64_C(1) << 32;
	static const uint32_t half_era = UINT32_C(1) << 31;

	return timestamp_seconds - from_1900_to_1970 + (timestamp_seconds < half_era ? era : 0);
}
