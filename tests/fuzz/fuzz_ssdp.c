#include "dissectors/ssdp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ssdp msg;

	if (dissect_ssdp(cursor_over(data, len), &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.target);
		fuzz_touch_span(msg.nts);
		fuzz_touch_span(msg.usn);
		fuzz_touch_span(msg.uuid);
		fuzz_touch_span(msg.usn_type);
		fuzz_touch_span(msg.location);
		fuzz_touch_span(msg.server);
		fuzz_touch_span(msg.user_agent);
		fuzz_touch_span(msg.man);
	}
	return 0;
}
