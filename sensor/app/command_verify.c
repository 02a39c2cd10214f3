/* `hinomi verify`: whether what was received of sensors is all that they sent, as they sent it. */
#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/output.h"
#include "sensor/app/verify_keys.h"
#include "sensor/app/verify_report.h"

#include <stdlib.h>

static const char help[] =
	"Usage: hinomi verify --key KEY[,KEY...] [--json] FILE\n\n"
	"Looks at parcels as a desk received them, one a line in the order received, all streams\n"
	"of one or more sensors mixed; FILE may be '-', standard input. Names each that is\n"
	"missing, reordered, edited, replayed or forked, and what is missing at the end by what\n"
	"the latest heartbeat says. Goes on behind every fault.\n\n"
	"  --key KEY   64 hexadecimal digits, a sensor's public key; SENSOR=KEY for that sensor\n"
	"              alone; or a file of such, one a line. May be given several times.\n"
	"  --json      hinomi.verify/1, a line for each fault, and hinomi.verified/1 at the end\n"
	"  --help\n\n"
	"Exit codes: 0 whole, 1 not, or it cannot be read, 2 wrong usage.\n";

/* 48 bytes each, and a third of the room free: some 400 MB when it is full. */
enum { PARCELS_MAX = 4 << 20 };

struct options {
	struct verify_keys keys;
	const char *path;
	bool is_json;
	bool is_help;
};

static bool take_option(void *options, int given)
{
	struct options *o = options;

	switch (given) {
	case 'k':
		return verify_keys_add(&o->keys, optarg);
	case 'j':
		o->is_json = true;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = { .command = "verify",
					     .table = table,
					     .letters = "h",
					     .is_help = &o->is_help,
					     .take = take_option };

	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->is_help)
		return true;
	if (argc - optind != 1)
		return arguments_refuse("verify", "one file, or '-' for standard input", "");
	if (o->keys.count == 0)
		return arguments_refuse("verify", "--key is missing: the sensor's public key", "");
	o->path = argv[optind];
	return true;
}

static void take_finding(void *arg, const struct verify_finding *finding)
{
	const struct options *o = arg;

	verify_report_finding(finding, o->is_json);
}

/* The next line without its end; false behind the last. `*is_long`: it does not fit in `line`. */
static bool read_line(FILE *file, char *line, size_t *len, bool *is_long)
{
	int c = getc_unlocked(file);

	*len = 0;
	*is_long = false;
	if (c == EOF)
		return false;
	for (; c != EOF && c != '\n'; c = getc_unlocked(file)) {
		if (*len < VERIFY_LINE_MAX)
			line[(*len)++] = (char)c;
		else
			*is_long = true;
	}
	return true;
}

static bool complain(const char *path, const char *why)
{
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, why);
	return false;
}

static bool read_lines(struct stream_verify *verify, const char *path, FILE *file)
{
	char *line = malloc(VERIFY_LINE_MAX);
	enum err err = line ? ERR_OK : ERR_MEMORY;
	bool is_long;
	size_t len;

	while (err == ERR_OK && read_line(file, line, &len, &is_long)) {
		if (is_long)
			stream_verify_long_line(verify);
		else
			err = stream_verify_line(verify, line, len);
	}
	free(line);
	if (err == ERR_FULL)
		return complain(path, "more than 4194304 parcels or 4096 sensors: verify each "
				      "sensor's stream by itself");
	if (err != ERR_OK)
		return complain(path, err_text(err));
	return !ferror(file) || complain(path, strerror(errno));
}

static bool verify_file(struct options *o, FILE *file, bool *is_whole)
{
	const struct verify_setup setup = { .keys = o->keys.list,
					    .key_count = o->keys.count,
					    .most_parcels = PARCELS_MAX,
					    .found = take_finding,
					    .arg = o };
	struct stream_verify *verify = NULL;
	struct verify_totals totals;
	bool is_read;

	if (sign_start() != ERR_OK || stream_verify_new(&verify, &setup) != ERR_OK)
		return complain(o->path, "out of memory");
	is_read = read_lines(verify, o->path, file);
	if (is_read) {
		stream_verify_end(verify, &totals);
		verify_report_end(&totals, o->is_json);
		*is_whole = totals.is_whole;
	}
	stream_verify_free(verify);
	return is_read;
}

static enum exit_code run(int argc, char **argv)
{
	static struct options o;
	FILE *file;
	bool is_whole = false;
	bool is_read;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.is_help)
		return arguments_help(help);
	file = strcmp(o.path, "-") == 0 ? stdin : fopen(o.path, "re");
	if (!file) {
		(void)complain(o.path, strerror(errno));
		return EXIT_FAILED;
	}
	is_read = verify_file(&o, file, &is_whole);
	if (file != stdin)
		(void)fclose(file);
	return is_read && output_is_written() && is_whole ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_verify = {
	.name = "verify",
	.summary = "whether what was received of a sensor is all that it sent",
	.run = run,
};
