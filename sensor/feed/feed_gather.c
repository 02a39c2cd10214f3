#include "sensor/feed/feed_gather.h"

#include "sensor/base/text.h"
#include "sensor/feed/feed_ascii.h"
#include "sensor/feed/feed_form.h"
#include "sensor/feed/plausible.h"
#include "sensor/feed/plausible_path.h"
#include "sensor/feed/trail_trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHOWN_LEN = 80,
	PATH_SHOWN_LEN = 512,
	FAMILY_LEN = 64,
	CONFIDENCE_MAX = 100,
};

static const nanotime gone_after = 30 * NANOTIME_DAY;

struct feed_gather {
	struct feed_gather_setup setup;
	struct plausible *plausible;
	/* Of the file being read. */
	const struct feed_file *file;
	const char *why_file; /* none of its rows is to be blamed; NULL: by row */
	unsigned trust;       /* percent of what its rows are worth; 0 is all of it */
	struct feed_counts *counts;
	unsigned source;
	struct intel_item item;
	/* Of all files. */
	struct feed_reason reasons[FEED_REASONS_MAX];
	size_t reason_count;
};

enum err feed_gather_new(struct feed_gather **out, const struct feed_gather_setup *setup)
{
	struct feed_gather *g = calloc(1, sizeof(*g));

	if (!g)
		return ERR_MEMORY;
	g->setup = *setup;
	if (plausible_new(&g->plausible, setup->suffixes) != ERR_OK) {
		free(g);
		return ERR_MEMORY;
	}
	*out = g;
	return ERR_OK;
}

void feed_counts_add(struct feed_counts *total, const struct feed_counts *more)
{
	total->rows += more->rows;
	total->taken += more->taken;
	total->refused += more->refused;
	total->implausible += more->implausible;
	total->offline += more->offline;
}

void feed_gather_free(struct feed_gather *g)
{
	if (!g)
		return;
	plausible_free(g->plausible);
	free(g);
}

static void count_reason(struct feed_gather *g, const char *why)
{
	struct feed_reason reason = { .rows = 0 };
	size_t at = 0;

	(void)snprintf(reason.why, sizeof(reason.why), "%s", why);
	while (at < g->reason_count && strcmp(g->reasons[at].why, reason.why) != 0)
		at++;
	if (at == FEED_REASONS_MAX)
		at--;
	else if (at == g->reason_count)
		g->reasons[g->reason_count++] = reason;
	g->reasons[at].rows++;
}

static int most_first(const void *left, const void *right)
{
	const struct feed_reason *a = left;
	const struct feed_reason *b = right;

	return a->rows != b->rows ? (a->rows < b->rows) - (a->rows > b->rows)
				  : strcmp(a->why, b->why);
}

size_t feed_gather_reasons(struct feed_gather *g, const struct feed_reason **out)
{
	qsort(g->reasons, g->reason_count, sizeof(g->reasons[0]), most_first);
	*out = g->reasons;
	return g->reason_count;
}

static void refuse(struct feed_gather *g, unsigned line, const char *text, const char *why)
{
	char shown[SHOWN_LEN];
	char path[PATH_SHOWN_LEN];

	count_reason(g, why);
	if (g->counts->refused++ >= FEED_COMPLAINTS_MAX)
		return;
	(void)text_from_wire((struct span){ (const uint8_t *)g->file->path, strlen(g->file->path) },
			     path, sizeof(path));
	(void)text_from_wire((struct span){ (const uint8_t *)text, strlen(text) }, shown,
			     sizeof(shown));
	(void)fprintf(g->setup.complaints, "%s:%u: %s%s%s\n", path, line, why,
		      shown[0] != '\0' ? ": " : "", shown);
}

/* Refused by its reader, which never hands it on. */
static void refuse_row(void *arg, unsigned line, const char *text, const char *why)
{
	struct feed_gather *g = arg;

	g->counts->rows++;
	refuse(g, line, text, why);
}

static enum err parse_as(enum feed_kind kind, const char *text, struct intel_item *out)
{
	static const enum intel_kind kinds[] = {
		[FEED_NAME] = INTEL_NAME, [FEED_NETWORK] = INTEL_NETWORK,
		[FEED_URL] = INTEL_URL,   [FEED_JA4] = INTEL_JA4,
		[FEED_JA3] = INTEL_JA3,   [FEED_HASSH] = INTEL_HASSH,
		[FEED_SHA1] = INTEL_SHA1, [FEED_SHA256] = INTEL_SHA256,
	};

	return kind == FEED_ANY ? intel_item_guess(text, out)
				: intel_item_parse(kinds[kind], text, out);
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

static enum err parse(const struct feed_row *row, struct intel_item *out)
{
	char ascii[INTEL_ITEM_MAX];

	if (is_ascii(row->text))
		return parse_as(row->kind, row->text, out);
	if (feed_to_ascii(row->text, ascii, sizeof(ascii)) != ERR_OK)
		return ERR_SYNTAX;
	return parse_as(row->kind, ascii, out);
}

static bool is_gone(const struct feed_gather *g, const struct feed_row *row)
{
	if (row->until != 0 && row->until < g->setup.now)
		return true;

	nanotime seen = row->confirmed > row->listed ? row->confirmed : row->listed;

	return row->is_offline && seen != 0 && nanotime_between(seen, g->setup.now) > gone_after;
}

/* A family's name is shown to people: words of the feed's maker, cleaned. */
static void clean_family(const char *family, char out[static FAMILY_LEN])
{
	(void)text_from_wire((struct span){ (const uint8_t *)family, strlen(family) }, out,
			     FAMILY_LEN);
}

static bool is_path_alone(const struct intel_item *item)
{
	return item->kind == INTEL_URL && item->bytes[0] == '/';
}

static uint8_t confidence_of(const struct feed_gather *g, const struct feed_row *row)
{
	int most = g->setup.is_prevalence ? UINT8_MAX : CONFIDENCE_MAX;
	int told = row->confidence >= 0 ? row->confidence : g->file->confidence;
	if (told > most)
		told = most;
	if (g->trust != 0)
		told = told * (int)g->trust / CONFIDENCE_MAX;
	if (row->trust != 0)
		told = told * (int)row->trust / CONFIDENCE_MAX;
	if (is_path_alone(&g->item) &&
	    path_own((const char *)g->item.bytes, g->item.len) < PATH_OWN_SURE)
		told /= 2;
	return (uint8_t)told;
}

/* What is told of days to come would never grow old. */
static nanotime not_later(nanotime told, nanotime now)
{
	return told > now ? now : told;
}

static const char *why_not(struct feed_gather *g)
{
	if (g->setup.is_prevalence)
		return NULL; /* what everybody visits is what it is for */
	if (g->why_file)
		return g->why_file;
	return g->file->is_warning_list ? plausible_why_no_place(&g->item)
					: plausible_why_not(g->plausible, &g->item);
}

static enum err add(struct feed_gather *g, const struct feed_row *row)
{
	const struct feed_file *file = g->file;
	char family[FAMILY_LEN];
	enum err err;

	clean_family(row->family, family);

	const struct intel_note note = {
		.source = g->source,
		.family = family,
		.listed = not_later(row->listed, g->setup.now),
		.confirmed = not_later(row->confirmed, g->setup.now),
		.confidence = confidence_of(g, row),
		.class = file->class,
		.has_subdomains = row->has_subdomains && g->item.kind == INTEL_NAME,
		.is_harmless = file->is_warning_list,
	};

	err = intel_builder_add(g->setup.builder, &g->item, &note);
	g->counts->taken += err == ERR_OK;
	if (err == ERR_OK && file->class == INTEL_POPULAR && g->item.kind == INTEL_NAME)
		err = plausible_note_popular(g->plausible, &g->item);
	return err;
}

static enum err take(void *arg, const struct feed_row *row)
{
	struct feed_gather *g = arg;
	const char *why;

	g->counts->rows++;
	if (is_gone(g, row)) {
		g->counts->offline++;
		return ERR_OK;
	}
	if (parse(row, &g->item) != ERR_OK) {
		refuse(g, row->line, row->text, "no name, address, URL or fingerprint");
		return ERR_OK;
	}
	why = why_not(g);
	if (!why)
		return add(g, row);
	/* Maltrail's have such rows on any day. */
	g->counts->implausible += !g->why_file && !is_path_alone(&g->item);
	refuse(g, row->line, row->text, why);
	return ERR_OK;
}

static enum err read_all(struct feed_gather *g, FILE *from)
{
	const struct feed_sink sink = { take, refuse_row, g };
	char stem[FAMILY_LEN];

	if (g->setup.is_prevalence)
		return feed_read_offices(from, &sink);
	feed_stem(g->file->path, stem, sizeof(stem));
	return feed_read(from, stem, &sink);
}

enum err feed_gather_read(struct feed_gather *g, const struct feed_file *file,
			  struct feed_counts *counts)
{
	FILE *from = fopen(file->path, "re");
	enum err err;

	memset(counts, 0, sizeof(*counts));
	if (!from)
		return ERR_IO;
	g->file = file;
	g->counts = counts;
	g->why_file = NULL;
	g->trust = 0;
	if (!file->is_warning_list && !g->setup.is_prevalence)
		g->why_file = trail_of_path(file->path, &g->trust);
	err = intel_builder_source(g->setup.builder, file->source, &g->source);
	if (err == ERR_OK)
		err = read_all(g, from);

	int why = errno;

	(void)fclose(from);
	errno = why;
	return err;
}
