#include "dissectors/quic_frame.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor payload = cursor_over(data, len);
	struct quic_frame frame;

	while (cursor_left(&payload) > 0 && dissect_quic_frame(&payload, &frame) == DISSECT_OK)
		fuzz_touch_span(frame.bytes);
	return 0;
}
