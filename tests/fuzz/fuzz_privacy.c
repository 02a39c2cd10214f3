#include "sensor/delivery/privacy.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* The first byte chooses the kind. What is let through is let through again, as it stands. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum parcel_kind kind;
	char *once;
	char *twice;
	size_t once_len;
	size_t twice_len;

	if (len == 0)
		return 0;
	kind = (enum parcel_kind)(data[0] % PARCEL_KINDS);
	if (privacy_filter(kind, (const char *)data + 1, len - 1, &once, &once_len) != ERR_OK)
		return 0;
	if (once_len > len - 1 || strlen(once) != once_len ||
	    privacy_filter(kind, once, once_len, &twice, &twice_len) != ERR_OK ||
	    once_len != twice_len || memcmp(once, twice, once_len) != 0)
		abort();
	free(once);
	free(twice);
	return 0;
}
