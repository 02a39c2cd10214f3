#include "dissectors/der.h"

#include "tests/fuzz/fuzz.h"

enum { DEPTH_MAX = 8 };

/* Every element, and what is inside it where its tag says so. */
static void walk(struct cursor in)
{
	struct cursor stack[DEPTH_MAX] = { in };
	size_t depth = 1;

	while (depth > 0) {
		struct cursor *top = &stack[depth - 1];
		struct der_element element = der_take(top);

		if (!cursor_ok(top)) {
			depth--;
			continue;
		}
		fuzz_touch_span(element.value.rest);
		(void)der_number(element.value);
		if ((element.tag & DER_CONSTRUCTED) != 0 && depth < DEPTH_MAX)
			stack[depth++] = element.value;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct cursor value;

	walk(in);
	if (der_enter_optional(&in, DER_SEQUENCE, &value))
		fuzz_touch_span(value.rest);
	return 0;
}
