/* Input: an IP packet. What is said of it is printable ASCII, and the same of the same bytes. */
#include "sensor/hello/syn_signature.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char text[SYN_SIGNATURE_LEN];
	char again[SYN_SIGNATURE_LEN];
	struct span ip = { .data = data, .len = len };

	if (syn_signature_read(ip, text) != DISSECT_OK)
		return 0;
	if (strnlen(text, sizeof(text)) == sizeof(text))
		abort();
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] < ' ' || text[i] > '~')
			abort();
	}
	if (syn_signature_read(ip, again) != DISSECT_OK || strcmp(text, again) != 0)
		abort();
	return 0;
}
