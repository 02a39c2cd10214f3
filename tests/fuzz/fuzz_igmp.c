#include "dissectors/igmp.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct igmp msg;

	if (dissect_igmp(cursor_over(data, len), &msg) == DISSECT_OK &&
	    msg.group_count > IGMP_GROUPS_MAX)
		abort();
	return 0;
}
