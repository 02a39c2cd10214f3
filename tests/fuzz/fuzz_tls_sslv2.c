#include "dissectors/tls_sslv2.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tls_sslv2_client_hello hello;

	if (dissect_tls_sslv2_client_hello(cursor_over(data, len), &hello) == DISSECT_OK) {
		fuzz_touch_span(hello.ciphers);
		fuzz_touch_span(hello.session_id);
		fuzz_touch_span(hello.challenge);
	}
	return 0;
}
