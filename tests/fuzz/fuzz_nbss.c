#include "dissectors/nbss.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct nbss frame;

	while (dissect_nbss(&in, &frame) == DISSECT_OK)
		fuzz_touch_span(frame.message.rest);
	return 0;
}
