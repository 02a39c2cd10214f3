#include "sensor/app/intel_feeds.h"

#include "sensor/app/output.h"
#include "sensor/feed/feed_folder.h"
#include "sensor/feed/feed_form.h"

enum { NAME_LEN = 64, CONFIDENCE = 60 };

struct reading {
	struct intel_feeds *feeds;
	struct feed_gather *gather;
	const struct intel_feed *feed;
	char source[NAME_LEN];
};

static void leave_out(struct reading *r, const char *path, const char *why)
{
	r->feeds->failed++;
	(void)fprintf(stderr, "hinomi: %s: %s; left out\n", output_text(path).chars, why);
}

/* A feed_file_fn. Anything but ERR_OK: no other file would fare better. */
static enum err read_file(void *arg, const char *path)
{
	struct reading *r = arg;
	const struct feed_file file = { .path = path,
					.source = r->source,
					.class = r->feed->class,
					.is_warning_list = r->feed->is_warning_list,
					.confidence = CONFIDENCE };
	struct feed_counts counts;
	enum err err = feed_gather_read(r->gather, &file, &counts);

	feed_counts_add(&r->feeds->total, &counts);
	if (counts.refused > FEED_COMPLAINTS_MAX)
		(void)fprintf(stderr, "%s: %zu rows are refused, of %zu\n", output_text(path).chars,
			      counts.refused, counts.rows);
	if (err == ERR_MEMORY || err == ERR_FULL) {
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, err_text(err));
		return err;
	}
	if (err != ERR_OK)
		leave_out(r, path, err == ERR_IO ? strerror(errno) : err_text(err));
	return ERR_OK;
}

static bool read_feed(struct reading *r)
{
	enum err err;

	feed_stem(r->feed->path, r->source, sizeof(r->source));
	err = feed_each_file(r->feed->path, read_file, r);
	if (err == ERR_IO) /* of the folder: files say theirs themselves */
		leave_out(r, r->feed->path, strerror(errno));
	return err == ERR_OK || err == ERR_IO;
}

bool intel_feeds_read(struct intel_feeds *feeds, struct feed_gather *gather)
{
	struct reading r = { .feeds = feeds, .gather = gather };

	/* The names that everybody visits are known before any is blamed. */
	for (int warnings = 1; warnings >= 0; warnings--) {
		for (size_t i = 0; i < feeds->count; i++) {
			r.feed = &feeds->given[i];
			if (r.feed->is_warning_list == (warnings != 0) && !read_feed(&r))
				return false;
		}
	}
	return true;
}
