/* `hinomi intel build`. */
#include "sensor/app/arguments.h"
#include "sensor/app/intel_command.h"
#include "sensor/app/intel_feeds.h"
#include "sensor/app/intel_keys.h"
#include "sensor/app/output.h"
#include "sensor/intel/intel_file.h"

#include <stdlib.h>
#include <time.h>

enum {
	EXPIRES_DAYS = 14,
	SHRINK_TO = 2, /* a set of less than half the items is a broken feed */
};

struct build {
	const char *out;
	const char *key;
	const char *previous;
	uint64_t serial;
	unsigned days;
	nanotime now;
	bool may_shrink;
	bool is_strict;
	bool is_help;
	enum intel_purpose purpose;
	struct intel_feeds feeds;
	struct intel_builder *builder;
};

static const char help[] =
	"Usage: hinomi intel build -o SET --key SECRET [options] FEED…\n"
	"Compiles feeds into one signed file for the sensor. A FEED is a file, or a folder whose\n"
	"files are one feed. Understood are, by how they begin:\n"
	"  plain lists of names, addresses, address:port, networks and URLs; hosts files; "
	"Maltrail's\n"
	"  trails; CSV and JSON of URLhaus, ThreatFox, Feodo Tracker and SSLBL; Suricata rules "
	"that\n"
	"  carry one indicator; MISP events and warning lists; STIX 2.1 bundles; Zeek's intel "
	"files\n"
	"\n"
	"  -o, --out SET           the file to write; it is replaced at once\n"
	"  --key SECRET            signs it; 'hinomi intel key NAME' makes a pair\n"
	"  --warning CLASS=LIST    a list of what is not bad of itself: cdn, sinkhole, hosting,\n"
	"                          dynamic-dns, resolver, popular or service\n"
	"  --serial N              number of the set (default: the present second)\n"
	"  --expires DAYS          until when sensors trust it (default: 14)\n"
	"  --made TIME             2026-11-22T10:00:00Z instead of now: the same feeds, the same "
	"file\n"
	"  --purpose prevalence    of lists \"item,offices\": what is common among offices, "
	"which\n"
	"                          is no reason to doubt; instead of indicators\n"
	"  --strict                builds nothing when a row is implausible or a file left out\n"
	"  --previous SET          refuses to write a set of less than half its items …\n"
	"  --shrink                … unless this says that it is meant\n"
	"  --help\n\n"
	"Rows that would blame half the internet are left out and named: public suffixes, names "
	"of\n"
	"a popular list or of services that every device uses, providers that strangers share,\n"
	"public resolvers, private and too wide networks. A file that cannot be read is left out.\n"
	"Exit codes: 0 done, 1 not built, 2 wrong usage.\n";

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi intel build --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool add_feed(struct build *b, const char *path, const char *class_name,
		     enum intel_class class)
{
	if (b->feeds.count == INTEL_FEEDS_MAX)
		return usage("at most 32 feeds; put the files of one into a folder: ", path);
	b->feeds.given[b->feeds.count++] = (struct intel_feed){ path, class_name != NULL, class };
	return true;
}

static bool add_warning(struct build *b, char *word)
{
	static const char *const names[INTEL_CLASSES] = {
		[INTEL_CDN] = "cdn",
		[INTEL_SINKHOLE] = "sinkhole",
		[INTEL_SHARED_HOSTING] = "hosting",
		[INTEL_DYNAMIC_DNS] = "dynamic-dns",
		[INTEL_RESOLVER] = "resolver",
		[INTEL_POPULAR] = "popular",
		[INTEL_SERVICE] = "service",
	};
	char *equals = strchr(word, '=');

	if (!equals)
		return usage("--warning is CLASS=LIST, not ", word);
	*equals = '\0';
	for (size_t i = 1; i < INTEL_CLASSES; i++) {
		if (strcmp(names[i], word) == 0)
			return add_feed(b, equals + 1, names[i], (enum intel_class)i);
	}
	return usage("no such class of warning lists: ", word);
}

static bool take_number(const char *text, uint64_t most, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out <= most
		       ? true
		       : usage("not such a number: ", text);
}

static bool take_time(const char *text, nanotime *out)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	time_t seconds = end && *end == '\0' ? timegm(&tm) : -1;

	*out = seconds < 0 ? 0 : (nanotime)seconds * NANOTIME_SECOND;
	return seconds >= 0 ? true : usage("a time is 2026-11-22T10:00:00Z, not ", text);
}

static bool take_purpose(struct build *b, const char *word)
{
	if (strcmp(word, "prevalence") == 0)
		b->purpose = INTEL_PREVALENCE;
	else if (strcmp(word, "indicators") != 0)
		return usage("a purpose is indicators or prevalence, not ", word);
	return true;
}

static bool take_option(void *options, int given)
{
	struct build *b = options;
	uint64_t number;

	switch (given) {
	case 'o':
		b->out = optarg;
		return true;
	case 'k':
		b->key = optarg;
		return true;
	case 'w':
		return add_warning(b, optarg);
	case 'n':
		return take_number(optarg, UINT64_MAX, &b->serial);
	case 'e':
		if (!take_number(optarg, 3650, &number))
			return false;
		b->days = (unsigned)number;
		return true;
	case 'm':
		return take_time(optarg, &b->now);
	case 'p':
		b->previous = optarg;
		return true;
	case 's':
		b->may_shrink = true;
		return true;
	case 't':
		b->is_strict = true;
		return true;
	case 'u':
		return take_purpose(b, optarg);
	default:
		return false;
	}
}

static bool has_warning(const struct build *b)
{
	for (size_t i = 0; i < b->feeds.count; i++) {
		if (b->feeds.given[i].is_warning_list)
			return true;
	}
	return false;
}

static bool take_options(struct build *b, int argc, char **argv)
{
	static const struct option table[] = {
		{ "out", required_argument, NULL, 'o' },
		{ "key", required_argument, NULL, 'k' },
		{ "warning", required_argument, NULL, 'w' },
		{ "serial", required_argument, NULL, 'n' },
		{ "expires", required_argument, NULL, 'e' },
		{ "made", required_argument, NULL, 'm' },
		{ "previous", required_argument, NULL, 'p' },
		{ "shrink", no_argument, NULL, 's' },
		{ "strict", no_argument, NULL, 't' },
		{ "purpose", required_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "intel build",
		.table = table,
		.letters = "ho:",
		.is_help = &b->is_help,
		.take = take_option,
	};

	b->days = EXPIRES_DAYS;
	b->now = (nanotime)time(NULL) * NANOTIME_SECOND;
	if (!arguments_take(&arguments, argc, argv, b))
		return false;
	for (; optind < argc; optind++) {
		if (!add_feed(b, argv[optind], NULL, INTEL_OF_ITS_OWN))
			return false;
	}
	if (b->is_help)
		return true;
	if (b->serial == 0)
		b->serial = b->now / NANOTIME_SECOND;
	if (!b->out || !b->key)
		return usage(b->out ? "--key is missing" : "-o is missing", "");
	if (b->purpose == INTEL_PREVALENCE && has_warning(b))
		return usage("--warning says nothing of prevalence", "");
	return b->feeds.count > 0 || usage("no feed is given", "");
}

/* Its signature does not matter here: only how many items it had. */
static bool has_not_shrunk(struct build *b)
{
	size_t before;
	size_t now = intel_builder_count(b->builder);
	enum intel_fault fault;

	if (!b->previous || b->may_shrink)
		return true;
	fault = intel_file_count(b->previous, &before);
	if (fault != INTEL_FINE) {
		(void)fprintf(stderr, "hinomi: %s %s\n", output_text(b->previous).chars,
			      intel_fault_text(fault));
		return false;
	}
	if (now >= before / SHRINK_TO)
		return true;
	(void)fprintf(
		stderr,
		"hinomi: %zu items, the set before had %zu: is a feed broken? If it is meant, "
		"say --shrink\n",
		now, before);
	return false;
}

static bool write_set(struct build *b, const struct sign_secret *secret)
{
	const struct intel_issue issue = { b->serial, b->now, b->now + b->days * NANOTIME_DAY };
	uint8_t *bytes;
	size_t len;
	enum err err = intel_builder_make(b->builder, &bytes, &len);

	if (err == ERR_OK) {
		err = intel_file_write(b->out, bytes, len, &issue, secret);
		free(bytes);
	}
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(b->out).chars,
			      err == ERR_IO ? strerror(errno) : err_text(err));
	return err == ERR_OK;
}

/* What each feed gave is on standard error; here what became of it. */
static bool is_worth_writing(struct build *b)
{
	if (b->feeds.total.taken == 0) {
		(void)fputs("hinomi: no feed gave an item: nothing is written\n", stderr);
		return false;
	}
	if (!b->is_strict || (b->feeds.failed == 0 && b->feeds.total.implausible == 0))
		return has_not_shrunk(b);
	(void)fprintf(stderr,
		      "hinomi: --strict: %zu implausible rows, %zu files left out: nothing is "
		      "written\n",
		      b->feeds.total.implausible, b->feeds.failed);
	return false;
}

static void tell_reasons(struct feed_gather *gather)
{
	const struct feed_reason *reasons;
	size_t count = feed_gather_reasons(gather, &reasons);

	for (size_t i = 0; i < count; i++)
		(void)fprintf(stderr, "%zu rows refused: %s\n", reasons[i].rows, reasons[i].why);
}

static bool build(struct build *b, const struct sign_secret *secret)
{
	struct suffix_rules *suffixes = NULL;
	struct feed_gather *gather = NULL;
	bool good = suffix_rules_new(&suffixes) == ERR_OK &&
		    intel_builder_new(&b->builder, b->purpose) == ERR_OK;

	if (good) {
		const struct feed_gather_setup setup = { b->builder, suffixes, b->now, stderr,
							 b->purpose == INTEL_PREVALENCE };

		good = feed_gather_new(&gather, &setup) == ERR_OK;
	}
	if (!good)
		(void)fputs("hinomi: out of memory\n", stderr);
	good = good && intel_feeds_read(&b->feeds, gather);
	if (good)
		tell_reasons(gather);
	good = good && is_worth_writing(b) && write_set(b, secret);
	if (good)
		(void)printf("%s: %zu items of %zu rows; %zu refused, %zu long offline, %zu files "
			     "left out\n",
			     output_text(b->out).chars, intel_builder_count(b->builder),
			     b->feeds.total.rows, b->feeds.total.refused, b->feeds.total.offline,
			     b->feeds.failed);
	feed_gather_free(gather);
	intel_builder_free(b->builder);
	suffix_rules_free(suffixes);
	return good;
}

enum exit_code intel_build(int argc, char **argv)
{
	struct build b = { 0 };
	struct sign_secret secret;

	if (!take_options(&b, argc, argv))
		return EXIT_USAGE;
	if (b.is_help)
		return arguments_help(help);
	if (sign_start() != ERR_OK || !intel_read_secret(b.key, &secret))
		return EXIT_FAILED;

	bool good = build(&b, &secret);

	sign_forget(&secret);
	return good && output_is_written() ? EXIT_DONE : EXIT_FAILED;
}
