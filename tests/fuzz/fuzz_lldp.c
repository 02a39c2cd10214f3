#include "dissectors/lldp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct lldp msg;

	if (dissect_lldp(cursor_over(data, len), &msg) != DISSECT_OK)
		return 0;
	fuzz_touch_span(msg.chassis.value);
	fuzz_touch_span(msg.port.value);
	fuzz_touch_span(msg.port_description);
	fuzz_touch_span(msg.system_name);
	fuzz_touch_span(msg.system_description);
	fuzz_touch_span(msg.management_address);
	fuzz_touch_span(msg.hardware_revision);
	fuzz_touch_span(msg.firmware_revision);
	fuzz_touch_span(msg.software_revision);
	fuzz_touch_span(msg.serial);
	fuzz_touch_span(msg.manufacturer);
	fuzz_touch_span(msg.model);
	return 0;
}
