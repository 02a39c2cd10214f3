#include "dissectors/icmp_echo.h"

#include "tests/fuzz/fuzz.h"

struct kind {
	uint8_t protocol;
	uint8_t type;
};

/* The first byte chooses which of the four messages it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct kind kinds[] = {
		{ ICMP_PROTOCOL_V4, 8 },
		{ ICMP_PROTOCOL_V4, 0 },
		{ ICMP_PROTOCOL_V6, 128 },
		{ ICMP_PROTOCOL_V6, 129 },
	};
	struct cursor in = cursor_over(data, len);
	const struct kind *kind = &kinds[cursor_u8(&in) % (sizeof(kinds) / sizeof(kinds[0]))];
	struct icmp_echo echo;

	if (dissect_icmp_echo(kind->protocol, kind->type, in, &echo) == DISSECT_OK)
		fuzz_touch_span(echo.payload);
	return 0;
}
