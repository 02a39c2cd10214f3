/* `hinomi-courier status`: what waits where, also while the courier runs. */
#include "sensor/courier/commands.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/courier_user.h"
#include "sensor/courier/outbox.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

enum { DONE, FAILED, USAGE };

static const char help[] =
	"Usage: hinomi-courier status [--json] [--config FILE]... [--folder FOLDER]\n"
	"Says for each output what waits, when it last took some, what was set aside, and what is\n"
	"wrong with it.\n\n"
	"  --json            one JSON object\n"
	"  --config FILE     options from a file; may be given again\n"
	"  --folder FOLDER   goes over courier.folder\n"
	"  --help\n\n"
	"Exit codes: 0 done, 1 courier.db cannot be read, 2 wrong usage or configuration.\n";

struct asked {
	struct courier_settings_files files;
	bool as_json;
	bool is_help;
};

static int complain(const char *what, int code)
{
	(void)fprintf(stderr, "hinomi-courier: status: %s\n", what);
	return code;
}

static void say_fault(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi-courier: %s\n", line);
}

static bool take_words(struct asked *asked, int argc, char **argv)
{
	static const struct option table[] = {
		{ "config", required_argument, NULL, 'g' },
		{ "folder", required_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int given;

	while ((given = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (given == 'g' && asked->files.count < COURIER_FILES_MAX)
			asked->files.path[asked->files.count++] = optarg;
		else if (given == 'd')
			asked->files.folder = optarg;
		else if (given == 'j')
			asked->as_json = true;
		else if (given == 'h')
			asked->is_help = true;
		else
			return false;
	}
	return asked->is_help || optind == argc;
}

static void print_output(const struct outbox_look *look, unsigned i)
{
	const struct outbox_status *s = &look->status;
	char when[NANOTIME_TEXT_LEN] = "never";
	uint64_t waiting = 0;

	for (unsigned k = 0; k < PARCEL_STREAMS; k++)
		waiting += s->waiting[i][k];
	if (s->settled[i] != 0)
		(void)nanotime_text(s->settled[i], when);
	(void)printf("%s: %" PRIu64 " waiting (%" PRIu64 " urgent), last delivered %s, %" PRIu64
		     " set aside%s%s\n",
		     s->output[i], waiting, s->waiting[i][PARCEL_URGENT], when, s->set_aside[i],
		     look->said[i][0] != '\0' ? "; " : "", look->said[i]);
}

static void print_canary(const struct outbox_look *look)
{
	char asked[NANOTIME_TEXT_LEN];

	if (look->canary_asked == 0) {
		(void)puts("canary: none has come back or been given up yet");
		return;
	}
	(void)nanotime_text(look->canary_asked, asked);
	if (look->canary_seen == 0)
		(void)printf("canary: the sensor did not see the lookup of %s: is the mirror "
			     "plugged in, and does the lookup pass it?\n",
			     asked);
	else
		(void)printf("canary: the sensor saw the lookup of %s\n", asked);
}

static void print(const struct outbox_look *look)
{
	(void)printf("sensor %s, courier.db holds %" PRIu64 " KiB\n", look->sensor,
		     look->status.bytes / 1024);
	for (unsigned i = 0; i < look->status.outputs; i++)
		print_output(look, i);
	if (look->status.outputs == 0)
		(void)puts("no output was ever configured");
	print_canary(look);
}

static void write_output(struct json *j, const struct outbox_look *look, unsigned i)
{
	const struct outbox_status *s = &look->status;

	json_object_begin(j, NULL);
	json_string(j, "name", s->output[i]);
	json_object_begin(j, "waiting");
	for (unsigned k = 0; k < PARCEL_STREAMS; k++)
		json_uint(j, parcel_stream_name((enum parcel_stream)k), s->waiting[i][k]);
	json_object_end(j);
	if (s->settled[i] != 0)
		json_time(j, "delivered", s->settled[i]);
	else
		json_null(j, "delivered");
	json_uint(j, "set_aside", s->set_aside[i]);
	json_string(j, "problem", look->said[i]);
	json_object_end(j);
}

static void write_canary(struct json *j, const struct outbox_look *look)
{
	if (look->canary_asked == 0) {
		json_null(j, "canary");
		return;
	}
	json_object_begin(j, "canary");
	json_time(j, "asked", look->canary_asked);
	if (look->canary_seen != 0)
		json_time(j, "seen", look->canary_seen);
	else
		json_null(j, "seen");
	json_object_end(j);
}

static void write(const struct outbox_look *look)
{
	static struct json j;
	char hex[PARCEL_HEX_LEN];

	json_start(&j, stdout);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.courier_status/1");
	json_string(&j, "sensor", look->sensor);
	json_uint(&j, "bytes", look->status.bytes);
	json_object_begin(&j, "streams");
	for (unsigned k = 0; k < PARCEL_STREAMS; k++) {
		json_object_begin(&j, parcel_stream_name((enum parcel_stream)k));
		json_uint(&j, "sequence", look->status.head[k].sequence);
		hex_text(look->status.head[k].chain, SHA256_LEN, hex);
		json_string(&j, "chain", hex);
		json_object_end(&j);
	}
	json_object_end(&j);
	write_canary(&j, look);
	json_array_begin(&j, "outputs");
	for (unsigned i = 0; i < look->status.outputs; i++)
		write_output(&j, look, i);
	json_array_end(&j);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

int command_status(int argc, char **argv)
{
	static struct config config;
	static struct outbox_look look;
	struct asked asked = { 0 };
	char problem[OUTBOX_PROBLEM_LEN];

	if (!take_words(&asked, argc, argv))
		return complain("--help tells what it takes", USAGE);
	if (asked.is_help)
		return fputs(help, stdout) >= 0 ? DONE : FAILED;
	if (courier_settings_read(&config, &asked.files, say_fault, NULL) != ERR_OK)
		return USAGE;
	/* As that user, so that nothing is left behind which it cannot open. */
	if (courier_become(&config, problem) != ERR_OK ||
	    outbox_look(config.courier.folder, &look, problem) != ERR_OK)
		return complain(problem, FAILED);
	if (asked.as_json)
		write(&look);
	else
		print(&look);
	return fflush(stdout) == 0 ? DONE : FAILED;
}
