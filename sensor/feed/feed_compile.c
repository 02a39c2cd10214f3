#include "sensor/feed/feed_compile.h"

#include "sensor/base/text.h"
#include "sensor/feed/feed_folder.h"
#include "sensor/feed/feed_form.h"

#include <errno.h>
#include <string.h>

enum { SOURCE_LEN = 64, CONFIDENCE_OF_OWN = 60 };

struct gathering {
	const struct feed_compile_setup *setup;
	struct feed_gather *gather;
	char source[SOURCE_LEN];
	struct feed_counts *total;
};

/* A feed_file_fn. */
static enum err gather_file(void *arg, const char *path)
{
	struct gathering *g = arg;
	const struct feed_file file = { .path = path,
					.source = g->source,
					.is_warning_list = g->setup->is_of_good_ones,
					.confidence = CONFIDENCE_OF_OWN };
	struct feed_counts counts;
	enum err err = feed_gather_read(g->gather, &file, &counts);

	feed_counts_add(g->total, &counts);
	return err;
}

static enum err gather(const struct feed_compile_setup *setup, struct intel_builder *builder,
		       const struct suffix_rules *suffixes, struct feed_counts *counts)
{
	const struct feed_gather_setup gathering = { .builder = builder,
						     .suffixes = suffixes,
						     .complaints = setup->complaints };
	struct gathering g = { .setup = setup, .total = counts };
	enum err err = feed_gather_new(&g.gather, &gathering);

	if (err != ERR_OK)
		return err;
	feed_stem(setup->path, g.source, sizeof(g.source));
	err = feed_each_file(setup->path, gather_file, &g);

	int why = errno;

	feed_gather_free(g.gather);
	errno = why;
	return err;
}

static enum err make(struct intel_builder *builder, struct intel_set **out)
{
	uint8_t *bytes;
	size_t len;
	enum err err = intel_builder_make(builder, &bytes, &len);

	if (err != ERR_OK)
		return err;
	return intel_set_take(bytes, len, out) == INTEL_FINE ? ERR_OK : ERR_MEMORY;
}

enum err feed_compile(const struct feed_compile_setup *setup, struct intel_set **out,
		      struct feed_counts *counts)
{
	struct intel_builder *builder = NULL;
	struct suffix_rules *suffixes = NULL;
	enum err err = intel_builder_new(&builder, setup->purpose);

	memset(counts, 0, sizeof(*counts));
	if (err == ERR_OK)
		err = suffix_rules_new(&suffixes);
	if (err == ERR_OK)
		err = gather(setup, builder, suffixes, counts);

	int why = errno;

	if (err == ERR_OK)
		err = make(builder, out);
	suffix_rules_free(suffixes);
	intel_builder_free(builder);
	errno = why;
	return err;
}
