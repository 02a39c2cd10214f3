#include "dissectors/dcerpc.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct dcerpc msg;

	while (dissect_dcerpc(&in, &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.credentials);
		for (size_t i = 0; i < msg.context_count; i++)
			(void)dcerpc_interface_name(msg.contexts[i].uuid);
	}
	return 0;
}
