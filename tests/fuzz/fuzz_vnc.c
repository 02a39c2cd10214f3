#include "dissectors/vnc.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* The first byte is the client's choice, the second its version. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct vnc_client client = { .has_choice = true };
	struct vnc_server server;

	client.security = cursor_u8(&in);
	client.version.minor = cursor_u8(&in);
	client.version.major = client.version.minor > 0 ? 3 : 0;
	if (dissect_vnc_server(in, &client, &server) == DISSECT_OK) {
		fuzz_touch_span(server.reason);
		fuzz_touch_span(server.desktop_name);
		fuzz_touch_span(
			(struct span){ .data = server.security, .len = server.security_kept });
	}
	if (dissect_vnc_client(in, &client) == DISSECT_OK && client.consumed > cursor_left(&in))
		abort();
	return 0;
}
