#include "dissectors/declared_type.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span first = { .data = data, .len = len };
	enum magic magic = magic_of(first);
	const char *name = magic_name(magic);

	(void)declared_type_of(first);
	(void)declared_type_fits(DECLARED_TEXT, first, magic);
	(void)declared_type_fits(DECLARED_PICTURE, first, magic);
	fuzz_touch_span((struct span){ .data = (const uint8_t *)name, .len = strlen(name) });
	return 0;
}
