#include "dissectors/openvpn.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* The first byte chooses between a datagram and a stream. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	bool is_stream = cursor_u8(&in) % 2 != 0;
	struct openvpn packet;

	if (!is_stream) {
		if (dissect_openvpn(in, &packet) == DISSECT_OK)
			fuzz_touch_span(packet.payload);
		return 0;
	}
	while (dissect_openvpn_stream(in, &packet) == DISSECT_OK) {
		if (packet.consumed == 0 || packet.consumed > cursor_left(&in))
			abort();
		fuzz_touch_span(packet.payload);
		cursor_skip(&in, packet.consumed);
	}
	return 0;
}
