#include "dissectors/chunked.h"

#include "tests/fuzz/fuzz.h"

/* The body comes in pieces as long as its first byte says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct chunked body = { 0 };
	size_t piece_len = (size_t)cursor_u8(&in) + 1;
	struct span content;

	while (cursor_left(&in) > 0) {
		struct span bytes = cursor_take_up_to(&in, piece_len);
		struct cursor piece = { .rest = bytes };

		while (chunked_take(&body, &piece, &content) == DISSECT_OK && content.len > 0)
			fuzz_touch_span(content);
	}
	return 0;
}
