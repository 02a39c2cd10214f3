#include "dissectors/dtls.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tls_scratch scratch;
	struct tls_client_hello client;
	struct tls_server_hello server;
	struct dtls_hello_verify_request request;
	struct cursor in = cursor_over(data, len);

	if (dissect_dtls_client_hello(in, &scratch, &client) == DISSECT_OK) {
		fuzz_touch_span(client.cookie);
		fuzz_touch_span(client.ciphers);
		fuzz_touch_span(client.sni);
	}
	if (dissect_dtls_server_hello(in, &scratch, &server) == DISSECT_OK) {
		fuzz_touch_span(server.random);
		fuzz_touch_span(server.alpn);
	}
	if (dissect_dtls_hello_verify_request(in, &scratch, &request) == DISSECT_OK)
		fuzz_touch_span(request.cookie);
	return 0;
}
