#include "dissectors/tls_record.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tls_scratch scratch;
	struct tls_records records;
	struct tls_item item = { .kind = TLS_ITEM_MESSAGE };
	size_t given = 0;

	tls_records_start(&records, cursor_over(data, len));
	while (item.kind != TLS_ITEM_ENCRYPTED &&
	       tls_records_next(&records, &scratch, &item) == DISSECT_OK) {
		fuzz_touch_span(item.body.rest);
		given++;
	}
	assert(given <= len);
	return 0;
}
