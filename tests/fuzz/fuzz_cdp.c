#include "dissectors/cdp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cdp msg;

	if (dissect_cdp(cursor_over(data, len), &msg) != DISSECT_OK)
		return 0;
	fuzz_touch_span(msg.device_id);
	fuzz_touch_span(msg.port_id);
	fuzz_touch_span(msg.software_version);
	fuzz_touch_span(msg.platform);
	for (uint8_t i = 0; i < msg.address_count; i++)
		fuzz_touch_span((struct span){ msg.addresses[i].bytes, msg.addresses[i].len });
	return 0;
}
