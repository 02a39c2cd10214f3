#include "dissectors/ndp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	uint8_t type = cursor_u8(&in);
	struct ndp message;

	if (dissect_ndp(type, in, &message) == DISSECT_OK)
		fuzz_touch_span((struct span){ .data = message.mac, .len = sizeof(message.mac) });
	return 0;
}
