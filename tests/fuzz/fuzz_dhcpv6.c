#include "dissectors/dhcpv6.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dhcpv6 msg;

	if (dissect_dhcpv6(cursor_over(data, len), &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.client.whole);
		fuzz_touch_span(msg.client.link_layer);
		fuzz_touch_span(msg.option_request);
		fuzz_touch_span(msg.vendor_class);
		assert(memchr(msg.fqdn.text, '\0', DNS_NAME_TEXT_LEN));
		assert(msg.address_count <= DHCPV6_ADDRESSES_MAX);
		assert(msg.relays <= DHCPV6_RELAYS_MAX);
	}
	return 0;
}
