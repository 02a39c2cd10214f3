#include "dissectors/tls_certificate.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tls_certificate message;

	if (dissect_tls_certificate(cursor_over(data, len), &message) == DISSECT_OK) {
		assert(message.kept <= TLS_CERTIFICATES_MAX && message.kept <= message.count);
		for (size_t i = 0; i < message.kept; i++)
			fuzz_touch_span(message.certificates[i]);
	}
	return 0;
}
