#include "dissectors/modbus.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* The first byte says who sent the stream. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	enum modbus_side side = cursor_u8(&in) % 2 == 0 ? MODBUS_CLIENT : MODBUS_SERVER;
	struct modbus msg;

	while (dissect_modbus(in, side, &msg) == DISSECT_OK) {
		if (msg.consumed == 0 || msg.consumed > cursor_left(&in))
			abort();
		cursor_skip(&in, msg.consumed);
	}
	return 0;
}
