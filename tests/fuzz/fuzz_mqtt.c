#include "dissectors/mqtt.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* The first byte is the level that the stream is taken to have. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	uint8_t level = cursor_u8(&in);
	struct mqtt msg;

	while (dissect_mqtt(in, level, &msg) == DISSECT_OK) {
		if (msg.consumed == 0)
			abort();
		fuzz_touch_span(msg.client_id);
		fuzz_touch_span(msg.will_topic);
		fuzz_touch_span(msg.user_name);
		for (uint8_t i = 0; i < msg.topic_count; i++)
			fuzz_touch_span(msg.topics[i]);
		cursor_skip(&in, msg.consumed);
	}
	return 0;
}
