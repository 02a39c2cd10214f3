#include "dissectors/ikev2.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ikev2 msg;

	if (dissect_ikev2(cursor_over(data, len), &msg) != DISSECT_OK)
		return 0;
	for (uint8_t i = 0; i < msg.vendor_id_count; i++)
		fuzz_touch_span(msg.vendor_ids[i]);
	return 0;
}
