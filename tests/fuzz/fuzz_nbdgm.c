#include "dissectors/nbdgm.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct nbdgm msg;

	if (dissect_nbdgm(cursor_over(data, len), &msg) != DISSECT_OK)
		return 0;
	fuzz_touch_span(msg.comment);
	return 0;
}
