#include "dissectors/tls_hello.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tls_scratch scratch;
	struct tls_client_hello client;
	struct tls_server_hello server;
	struct cursor stream = cursor_over(data, len);

	if (dissect_tls_client_hello(stream, &scratch, &client) == DISSECT_OK) {
		fuzz_touch_span(client.sni);
		fuzz_touch_span(client.alpn);
	}
	if (dissect_tls_server_hello(stream, &scratch, &server) == DISSECT_OK)
		assert(len > sizeof(server));
	return 0;
}
