#include "dissectors/icmp_echo.h"

enum {
	V4_REPLY = 0,
	V4_REQUEST = 8,
	V6_REQUEST = 128,
	V6_REPLY = 129,
};

enum dissect dissect_icmp_echo(uint8_t protocol, uint8_t type, struct cursor in,
			       struct icmp_echo *out)
{
	struct icmp_echo echo = { 0 };
	bool is_v6 = protocol == ICMP_PROTOCOL_V6;

	if (!is_v6 && protocol != ICMP_PROTOCOL_V4)
		return DISSECT_OTHER;
	echo.is_reply = type == (is_v6 ? V6_REPLY : V4_REPLY);
	if (!echo.is_reply && type != (is_v6 ? V6_REQUEST : V4_REQUEST))
		return DISSECT_OTHER;

	echo.id = cursor_be16(&in);
	echo.sequence = cursor_be16(&in);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	echo.payload = in.rest;
	*out = echo;
	return DISSECT_OK;
}
