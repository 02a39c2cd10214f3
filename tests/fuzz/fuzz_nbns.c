#include "dissectors/nbns.h"

#include "tests/fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct nbns msg;

	if (dissect_nbns(cursor_over(data, len), &msg) == DISSECT_OK)
		assert(msg.name[NBNS_NAME_LEN] == '\0');
	return 0;
}
