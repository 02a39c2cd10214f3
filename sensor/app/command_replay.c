/* `hinomi replay`: judges capsules again, and says what has changed where the verdict has. */
#include "sensor/app/arguments.h"
#include "sensor/app/capsule_files.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/intel_files.h"
#include "sensor/app/output.h"
#include "sensor/app/place_files.h"
#include "sensor/app/replay_report.h"
#include "sensor/app/settings.h"

#include <stdlib.h>

static const char help[] =
	"Usage: hinomi replay [OPTION]... FILE...\n\n"
	"Judges capsules again: the fact that decided, with what the sensor knew then, under the\n"
	"options that were in force. Says whether the verdict is the same to the last figure, or\n"
	"else which option, rule or data has changed. One changed byte in a capsule is found.\n\n"
	"  --set NAME=VALUE  one option goes over the capsule's, up to 64 times: would the "
	"verdict\n"
	"                    still be the same?\n"
	"  --config FILE     all options from a file instead of the capsule's\n"
	"  --intel FILE      indicator sets or feeds, instead of what the capsule holds of them;\n"
	"  --intel-key KEY   whose signature sets must bear\n"
	"                    people's decisions: --set judge.decisions=FILE\n"
	"                    countries and networks, instead of what the capsule holds of them:\n"
	"                    --set places.databases=FILE\n"
	"  --chain           the files are those of one sensor, in order, and none is missing\n"
	"  --pcap FILE       writes the packets that the capsule holds, the beginnings of those "
	"that\n"
	"                    it is about; what they carried is masked (capsule.payload)\n"
	"  --show            what the capsule holds, as text\n"
	"  --help\n\n"
	"Exit codes: 0 all verdicts are the same, 1 one is not, or a file cannot be read or was\n"
	"changed, 2 wrong usage or configuration.\n";

struct replay_options {
	struct settings settings;
	struct intel_files intel;
	const char *pcap; /* where packets go; NULL: nowhere */
	bool is_chain;
	bool shows;
	bool is_help;
};

/* What goes from one file to the next. */
struct replay_run {
	const struct replay_options *options;
	struct intel_sets *indicators; /* of --intel; NULL: the capsule's own */
	struct decisions *decisions;   /* of judge.decisions as given here; NULL is none */
	struct place_databases *place_databases; /* of places.databases likewise */
	uint8_t last[SHA256_LEN];
	uint64_t last_number; /* 0: there was none */
};

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi replay --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool take_option(void *options, int given)
{
	struct replay_options *o = options;

	switch (given) {
	case 'i':
		return intel_files_add(&o->intel, optarg);
	case 'K':
		return intel_files_add_key(&o->intel, optarg);
	case 'p':
		o->pcap = optarg;
		return true;
	case 'C':
		o->is_chain = true;
		return true;
	case 'S':
		o->shows = true;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct replay_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "set", required_argument, NULL, 's' },
		{ "config", required_argument, NULL, 'c' },
		{ "intel", required_argument, NULL, 'i' },
		{ "intel-key", required_argument, NULL, 'K' },
		{ "chain", no_argument, NULL, 'C' },
		{ "show", no_argument, NULL, 'S' },
		{ "pcap", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "replay",
		.table = table,
		.letters = "h",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (!o->is_help && optind == argc)
		return usage("no capsule given", "");
	if (o->pcap && argc - optind > 1)
		return usage("--pcap takes one capsule at a time, not also ", argv[optind + 1]);
	return true;
}

/* Whether it follows the one before, as --chain wants it. */
static bool follows(struct replay_run *run, const char *path, const struct capsule *capsule)
{
	const struct capsule_head *head = &capsule->head;
	bool does = run->last_number == 0 ||
		    (head->number == run->last_number + 1 &&
		     memcmp(head->previous, run->last, sizeof(run->last)) == 0);

	memcpy(run->last, capsule->parts[CAPSULE_DIGEST].data, sizeof(run->last));
	run->last_number = head->number;
	if (!does && run->options->is_chain)
		(void)printf("%s: does not follow the one before: the chain is broken there\n",
			     output_text(path).chars);
	return does || !run->options->is_chain;
}

/* One without any is an empty file: no capture. */
static bool write_packets(const char *path, const struct capsule *capsule)
{
	struct span packets = capsule->parts[CAPSULE_PACKETS];
	FILE *file = fopen(path, "wbe");
	bool is_written = file && fwrite(packets.data, 1, packets.len, file) == packets.len;

	if (file && fclose(file) != 0)
		is_written = false;
	if (!is_written)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, strerror(errno));
	else if (packets.len == 0)
		(void)printf("%s: the capsule holds no packets\n", output_text(path).chars);
	return is_written;
}

static bool replay_file(struct replay_run *run, const char *path)
{
	char why[CAPSULE_WHY_LEN];
	struct capsule capsule;
	size_t len;
	uint8_t *bytes = capsule_file_read(path, &len);
	bool is_same = false;

	if (!bytes)
		return false;
	if (capsule_open(&capsule, (struct span){ bytes, len }, why) != ERR_OK) {
		(void)printf("%s: %s\n", output_text(path).chars, why);
	} else {
		const struct replay_question question = { .path = path,
							  .capsule = &capsule,
							  .settings = &run->options->settings,
							  .indicators = run->indicators,
							  .decisions = run->decisions,
							  .place_databases = run->place_databases };

		is_same = follows(run, path, &capsule);
		if (run->options->shows)
			replay_show(&capsule);
		is_same &= replay_tell(&question);
		if (run->options->pcap)
			is_same &= write_packets(run->options->pcap, &capsule);
	}
	free(bytes);
	return is_same;
}

/* What is wrong with them is told once, not with each file. */
static bool read_settings(struct replay_run *run)
{
	struct config config;

	return settings_apply(&run->options->settings, &config) &&
	       decisions_file_read(&config, NULL, &run->decisions, NULL, NULL) &&
	       place_files_open(&config, &run->place_databases, NULL, NULL) &&
	       intel_files_read(&run->options->intel, &config, &run->indicators, NULL, NULL);
}

static enum exit_code run(int argc, char **argv)
{
	struct replay_options o = { 0 };
	struct replay_run run = { .options = &o };
	enum exit_code code = EXIT_DONE;

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.is_help)
		return arguments_help(help);
	if (!read_settings(&run))
		return EXIT_USAGE;
	for (int i = optind; i < argc; i++) {
		if (!replay_file(&run, argv[i]))
			code = EXIT_FAILED;
	}
	intel_sets_free(run.indicators);
	decisions_free(run.decisions);
	place_files_tell(run.place_databases, NULL, NULL);
	place_databases_free(run.place_databases);
	return output_is_written() ? code : EXIT_FAILED;
}

const struct command command_replay = {
	.name = "replay",
	.summary = "judge the evidence of a case again: the same verdict, or what has changed",
	.run = run,
};
