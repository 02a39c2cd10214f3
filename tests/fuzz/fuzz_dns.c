#include "dissectors/dns.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dns msg;

	if (dissect_dns(cursor_over(data, len), &msg) == DISSECT_OK) {
		assert(memchr(msg.question.text, '\0', DNS_NAME_TEXT_LEN));
		assert(memchr(msg.address_owner.text, '\0', DNS_NAME_TEXT_LEN));
		assert(msg.answers_kept <= DNS_ANSWERS_MAX);
		assert(msg.answers_rdata_bytes <= len);
	}
	return 0;
}
