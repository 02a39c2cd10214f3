#include "sensor/feed/feed_gather.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

/* Whatever format the first bytes tell, up to a set that holds together. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct suffix_rules *suffixes;
	static FILE *nowhere;
	const struct feed_file file = { .path = memory_file(data, len),
					.source = "feed",
					.confidence = 60 };
	struct intel_builder *builder;
	struct feed_gather *gather;
	struct feed_counts counts;

	if (!suffixes && suffix_rules_new(&suffixes) != ERR_OK)
		abort();
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");

	if (!nowhere || intel_builder_new(&builder, INTEL_INDICATORS) != ERR_OK)
		abort();

	const struct feed_gather_setup setup = { builder, suffixes, 20000 * NANOTIME_DAY, nowhere,
						 false };

	if (feed_gather_new(&gather, &setup) != ERR_OK)
		abort();
	(void)!feed_gather_read(gather, &file, &counts);
	if (counts.taken + counts.refused + counts.offline != counts.rows)
		abort();
	(void)intel_builder_count(builder);
	feed_gather_free(gather);
	intel_builder_free(builder);
	return 0;
}
