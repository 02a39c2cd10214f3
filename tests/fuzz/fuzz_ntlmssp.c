#include "dissectors/ntlmssp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ntlmssp msg;

	if (dissect_ntlmssp(cursor_over(data, len), &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.domain);
		fuzz_touch_span(msg.workstation);
		fuzz_touch_span(msg.target_name);
		fuzz_touch_span(msg.netbios_computer);
		fuzz_touch_span(msg.netbios_domain);
		fuzz_touch_span(msg.dns_computer);
		fuzz_touch_span(msg.dns_domain);
		fuzz_touch_span(msg.dns_forest);
		fuzz_touch_span(msg.user);
		fuzz_touch_span(msg.service);
	}
	return 0;
}
