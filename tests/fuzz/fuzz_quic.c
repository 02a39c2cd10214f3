#include "dissectors/quic.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor datagram = cursor_over(data, len);
	struct quic_packet packet;

	while (cursor_left(&datagram) > 0 && dissect_quic(&datagram, &packet) == DISSECT_OK) {
		fuzz_touch_span(packet.dcid);
		fuzz_touch_span(packet.scid);
		fuzz_touch_span(packet.token);
		fuzz_touch_span(packet.integrity);
		fuzz_touch_span(packet.versions);
		fuzz_touch_span(packet.before_number);
		fuzz_touch_span(packet.sealed);
		(void)quic_version_name(packet.version);
	}
	return 0;
}
