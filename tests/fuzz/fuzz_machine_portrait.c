#include "dissectors/machine_portrait.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* However the text is cut, the same is found. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct machine_portrait whole = { 0 };
	struct machine_portrait parts = { 0 };
	size_t step = len > 0 ? data[0] % 7U + 1 : 1;

	machine_portrait_take(&whole, (struct span){ data, len });
	for (size_t at = 0; at < len; at += step) {
		size_t left = len - at < step ? len - at : step;

		machine_portrait_take(&parts, (struct span){ data + at, left });
	}
	if (machine_portrait_topics(&whole) != machine_portrait_topics(&parts) ||
	    whole.seen > PORTRAIT_BYTES || whole.tail_len > PORTRAIT_TAIL)
		abort();
	return 0;
}
