#include "dissectors/mld.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* The first byte chooses the type. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t types[] = { MLD_QUERY, MLD_V1_REPORT, MLD_V1_DONE, MLD_V2_REPORT,
					 135 };
	struct cursor in = cursor_over(data, len);
	uint8_t type = types[cursor_u8(&in) % sizeof(types)];
	struct mld msg;

	if (dissect_mld(type, in, &msg) == DISSECT_OK && msg.group_count > MLD_GROUPS_MAX)
		abort();
	return 0;
}
