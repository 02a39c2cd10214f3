#include "dissectors/ldap.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct ldap msg;

	while (dissect_ldap(&in, &msg) == DISSECT_OK) {
		fuzz_touch_span(msg.name);
		fuzz_touch_span(msg.mechanism);
		fuzz_touch_span(msg.credentials);
		fuzz_touch_span(msg.matched_dn);
		fuzz_touch_span(msg.diagnostic);
		fuzz_touch_span(msg.base);
		fuzz_touch_span(msg.ping.dns_domain);
		fuzz_touch_span(msg.ping.host);
		fuzz_touch_span(msg.ping.user);
		fuzz_touch_span(msg.extended_name);
	}
	return 0;
}
