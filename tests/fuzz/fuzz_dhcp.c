#include "dissectors/dhcp.h"

#include "dissectors/dns.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dns_name fqdn;
	struct dhcp msg;

	if (dissect_dhcp(cursor_over(data, len), &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.hostname);
		fuzz_touch_span(msg.vendor_class);
		fuzz_touch_span(msg.parameter_request);
		fuzz_touch_span(msg.fqdn);
		fuzz_touch_span(msg.client_id);
		fuzz_touch_span(msg.domain);
		assert(msg.option_count <= DHCP_OPTIONS_MAX);
		if (dhcp_fqdn_from_labels(&msg, &fqdn))
			assert(memchr(fqdn.text, '\0', DNS_NAME_TEXT_LEN));
	}
	return 0;
}
