#include "sensor/app/arguments.h"
#include "sensor/app/command.h"
#include "sensor/app/decisions_file.h"
#include "sensor/app/output.h"
#include "sensor/app/place_files.h"
#include "sensor/app/settings.h"
#include "sensor/flow/flow_table.h"
#include "sensor/lane/lanes.h"

#include <inttypes.h>

static const char help[] =
	"Usage: hinomi check-config [--config FILE]... [--set NAME=VALUE]...\n\n"
	"Prints every option with its value, its meaning and its limits, as a file that --config\n"
	"takes, and the memory that follows from them; or says what is wrong, one line for each\n"
	"fault, of the file of judge.decisions too, and ends with 2. --set goes over --config,\n"
	"wherever it stands. What is wrong with a database of places.databases is told, and no\n"
	"fault: the sensor works without.\n";

static double mebibytes(uint64_t bytes)
{
	return (double)bytes / (1024 * 1024);
}

/* As comments: the output stays a file that --config takes. */
static void print_memory(const struct config *config, FILE *out)
{
	struct flow_sizes sizes = flow_table_sizes(&config->flow, sizeof(struct lane_slot));
	uint64_t table_bytes = sizes.index_bytes + sizes.record_bytes;

	(void)fprintf(
		out,
		"# Memory, taken at start and never more:\n"
		"#   live flows: %" PRIu32 " at most; index %.1f MiB + records %.1f MiB, "
		"%.0f bytes a flow\n"
		"#   lanes' slots: %.1f MiB, %zu bytes a flow, touched as flows send payload\n"
		"#   rings: %.1f MiB with workers, none without\n"
		"#   nDPI: %u modules of about 5.4 MiB; %.1f MiB for %" PRIu64
		" flows that are looked at\n",
		sizes.capacity, mebibytes(sizes.index_bytes), mebibytes(sizes.record_bytes),
		sizes.capacity > 0 ? (double)table_bytes / sizes.capacity : 0,
		mebibytes(sizes.slot_bytes), sizeof(struct lane_slot),
		mebibytes(config->lane.ring_bytes * 2 * LANES), LANES,
		mebibytes(config->lane.dpi_flows * LANES * dpi_flow_size()),
		LANES * config->lane.dpi_flows);
}

/* Suppressions and the like: only what is wrong with them is told. */
static bool are_decisions_good(const struct config *config)
{
	struct decisions *decisions;
	bool is_good = decisions_file_read(config, NULL, &decisions, NULL, NULL);

	decisions_free(decisions);
	return is_good;
}

static enum exit_code run(int argc, char **argv)
{
	static const struct option options_table[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct settings settings = { .is_enrolled = true };
	struct config config;
	bool is_help = false;
	const struct arguments arguments = {
		.command = "check-config",
		.table = options_table,
		.letters = "h",
		.settings = &settings,
		.is_help = &is_help,
	};

	if (!arguments_take(&arguments, argc, argv, NULL))
		return EXIT_USAGE;
	if (is_help)
		return arguments_help(help);
	if (optind < argc) {
		(void)fprintf(stderr,
			      "hinomi: check-config takes no '%s'; a file goes behind --config\n",
			      output_text(argv[optind]).chars);
		return EXIT_USAGE;
	}
	if (!settings_apply(&settings, &config) || !are_decisions_good(&config))
		return EXIT_USAGE;
	(void)place_files_check(&config);
	config_print(&config, stdout);
	print_memory(&config, stdout);
	return output_is_written() ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_check_config = {
	.name = "check-config",
	.summary = "print the effective configuration, or what is wrong with it",
	.run = run,
};
