#include "dissectors/base64.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t out[64];
	size_t written = 0;

	if (base64_decode((struct span){ .data = data, .len = len }, out, sizeof(out), &written))
		fuzz_touch_span((struct span){ .data = out, .len = written });
	return 0;
}
