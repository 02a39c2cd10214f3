/* The input: a ClientHello without records, whose fingerprints are made twice and must agree. */
#include "dissectors/tls_hello.h"
#include "sensor/hello/ja3.h"
#include "sensor/hello/ja4.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct fingerprint_scratch scratch;
	struct tls_client_hello hello;
	struct ja3 ja3;
	struct ja4 first;
	struct ja4 again;

	if (dissect_tls_client_hello_message(cursor_over(data, len), &hello) != DISSECT_OK)
		return 0;
	ja3_of(&hello, &scratch, &ja3);
	fuzz_touch_span(ja3.text);
	ja4_of(&hello, JA4_TCP, &scratch, &first);
	fuzz_touch_span(first.raw);
	ja4_of(&hello, JA4_TCP, &scratch, &again);
	if (strlen(first.text) != JA4_SIZE - 1 || strcmp(first.text, again.text) != 0)
		abort();
	return 0;
}
