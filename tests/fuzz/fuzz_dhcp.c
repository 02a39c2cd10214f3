#include "dissectors/dhcp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dhcp msg;

	if (dissect_dhcp(cursor_over(data, len), &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.hostname);
		fuzz_touch_span(msg.vendor_class);
		fuzz_touch_span(msg.parameter_request);
		fuzz_touch_span(msg.fqdn);
	}
	return 0;
}
