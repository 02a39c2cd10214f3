#include "dissectors/rdp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct rdp msg;

	while (dissect_rdp(&in, &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.cookie);
		fuzz_touch_span(msg.routing_token);
		fuzz_touch_span(msg.client_name);
	}
	return 0;
}
