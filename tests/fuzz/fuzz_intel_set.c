#include "sensor/intel/intel_set.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static void ask(const struct intel_set *set)
{
	struct address address = { { 0 } };
	struct intel_item item;
	struct intel_hit hit;
	struct intel_row row;
	size_t at = 0;
	size_t len = 0;

	while (intel_set_next(set, &at, &row)) {
		struct intel_hit again;

		len += strlen(row.hit.family);
		(void)intel_find_key(set, row.key, &again);
		(void)intel_find_address(set, &row.hit.first, 443, &again);
		(void)intel_holds_network(set, &row.hit.first, &row.hit.last, false);
	}
	for (unsigned bit = 0; bit <= 32; bit++)
		len += strlen(intel_set_source(set, bit));
	(void)intel_find_name(set, "a.evil.example", NULL, &hit);
	for (size_t i = 0; i < 2; i++) {
		(void)intel_find_address(set, &address, 80, &hit);
		memset(&address, 0xff, sizeof(address));
	}
	if (intel_item_url("evil.example/a", &item) == ERR_OK)
		(void)intel_find_item(set, &item, &hit);
	if (len == SIZE_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct intel_set *set;
	uint8_t *copy = malloc(len > 0 ? len : 1); /* at a multiple of 8, and of exact size */

	if (!copy)
		abort();
	memcpy(copy, data, len);
	if (intel_set_over(copy, len, &set) == INTEL_FINE) {
		ask(set);
		intel_set_free(set);
	}
	free(copy);
	return 0;
}
