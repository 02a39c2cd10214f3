#include "dissectors/snmp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct snmp msg;

	if (dissect_snmp(cursor_over(data, len), &msg) != DISSECT_OK)
		return 0;
	fuzz_touch_span(msg.community);
	fuzz_touch_span(msg.user_name);
	fuzz_touch_span(msg.engine_id);
	fuzz_touch_span(msg.system_description);
	fuzz_touch_span(msg.system_name);
	for (uint8_t i = 0; i < msg.oid_count; i++)
		fuzz_touch_span(msg.oids[i]);
	return 0;
}
