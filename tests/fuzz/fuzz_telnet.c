#include "dissectors/telnet.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct telnet telnet = { 0 };

	if (dissect_telnet(in) == DISSECT_OK && len == 0)
		abort();
	telnet_feed(&telnet, &in);
	fuzz_touch_span((struct span){ .data = telnet.terminal, .len = telnet.terminal_len });
	return 0;
}
