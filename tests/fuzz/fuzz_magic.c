#include "dissectors/magic.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span first = { .data = data, .len = len };
	const char *name = magic_name(magic_of(first));

	fuzz_touch_span((struct span){ .data = (const uint8_t *)name, .len = strlen(name) });
	return 0;
}
