#include "dissectors/kerberos.h"

#include "tests/fuzz/fuzz.h"

static void touch(const struct kerberos *msg)
{
	const struct span name = { (const uint8_t *)msg->client.text, strlen(msg->client.text) };

	fuzz_touch_span(name);
	fuzz_touch_span(msg->realm);
	fuzz_touch_span(msg->client_realm);
	fuzz_touch_span(msg->ticket_realm);
	fuzz_touch_span(msg->till);
	fuzz_touch_span(msg->netbios_address);
	fuzz_touch_span(msg->error_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct kerberos msg;

	if (dissect_kerberos(in, &msg) == DISSECT_OK)
		touch(&msg);
	while (dissect_kerberos_tcp(&in, &msg) == DISSECT_OK)
		touch(&msg);
	return 0;
}
