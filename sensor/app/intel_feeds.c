#include "sensor/app/intel_feeds.h"

#include "sensor/app/output.h"
#include "sensor/feed/feed_form.h"

#include <dirent.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

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

/* False: no other file would fare better. */
static bool read_file(struct reading *r, const char *path)
{
	const struct feed_file file = { .path = path,
					.source = r->source,
					.class = r->feed->class,
					.is_warning_list = r->feed->is_warning_list,
					.confidence = CONFIDENCE };
	struct feed_counts *total = &r->feeds->total;
	struct feed_counts counts;
	enum err err = feed_gather_read(r->gather, &file, &counts);

	total->rows += counts.rows;
	total->taken += counts.taken;
	total->refused += counts.refused;
	total->implausible += counts.implausible;
	total->offline += counts.offline;
	if (counts.refused > FEED_COMPLAINTS_MAX)
		(void)fprintf(stderr, "%s: %zu rows are refused, of %zu\n", output_text(path).chars,
			      counts.refused, counts.rows);
	if (err == ERR_OK)
		return true;
	if (err != ERR_MEMORY && err != ERR_FULL) {
		leave_out(r, path, err == ERR_IO ? strerror(errno) : err_text(err));
		return true;
	}
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, err_text(err));
	return false;
}

/* What lies beside the files of many feeds. */
static bool is_about_the_feed(const char *name)
{
	static const char *const begins[] = { "README", "LICENSE", "LICENCE", "COPYING" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncasecmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	/* hashes.csv lists the digests of MISP's values, for a quick look-up of others. */
	return strcmp(name, "hashes.csv") == 0 || (len > 3 && strcmp(name + len - 3, ".md") == 0);
}

static int is_of_a_feed(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !is_about_the_feed(entry->d_name);
}

/* By bytes: alphasort() asks the locale. */
static int by_bytes(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static bool read_folder(struct reading *r)
{
	struct dirent **entries;
	int count = scandir(r->feed->path, &entries, is_of_a_feed, by_bytes);
	bool good = true;

	if (count < 0) {
		leave_out(r, r->feed->path, strerror(errno));
		return true;
	}
	for (int i = 0; i < count; i++) {
		char path[OUTPUT_TEXT_LEN];
		struct stat status;

		(void)snprintf(path, sizeof(path), "%s/%s", r->feed->path, entries[i]->d_name);
		if (good && stat(path, &status) == 0 && S_ISREG(status.st_mode))
			good = read_file(r, path);
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool read_feed(struct reading *r)
{
	struct stat status;

	feed_stem(r->feed->path, r->source, sizeof(r->source));
	if (stat(r->feed->path, &status) == 0 && S_ISDIR(status.st_mode))
		return read_folder(r);
	return read_file(r, r->feed->path);
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
