#include "dissectors/spnego.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct spnego msg;

	if (dissect_spnego(cursor_over(data, len), &msg) == DISSECT_OK)
		fuzz_touch_span(msg.token);
	return 0;
}
