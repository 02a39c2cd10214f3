#include "dissectors/wireguard.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct wireguard msg;

	if (dissect_wireguard(cursor_over(data, len), &msg) == DISSECT_OK && msg.packet_len > len)
		abort();
	return 0;
}
