/* `hinomi-courier rotate-key`: another pair of keys for what this sensor delivers. */
#include "sensor/courier/commands.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/courier_user.h"
#include "sensor/courier/keys.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>

enum { DONE, FAILED, USAGE };

static const char help[] =
	"Usage: hinomi-courier rotate-key [--config FILE]... [--folder FOLDER]\n"
	"Makes a new pair of keys, tells the rangers' service (https.url) by the word of the one "
	"in\n"
	"use, and signs with it from then on. Not while hinomi-courier runs: rangers can ask for "
	"it\n"
	"then.\n\n"
	"  --config FILE     options from a file; may be given again\n"
	"  --folder FOLDER   goes over courier.folder\n"
	"  --help\n\n"
	"Exit codes: 0 done; 1 refused or no answer, the key in use stays; 2 wrong usage.\n";

static int complain(const char *what, int code)
{
	(void)fprintf(stderr, "hinomi-courier: rotate-key: %s\n", what);
	return code;
}

static void say(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi-courier: %s\n", line);
}

static bool take_words(struct courier_settings_files *files, bool *is_help, int argc, char **argv)
{
	static const struct option table[] = {
		{ "config", required_argument, NULL, 'g' },
		{ "folder", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int given;

	while ((given = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (given == 'g' && files->count < COURIER_FILES_MAX)
			files->path[files->count++] = optarg;
		else if (given == 'd')
			files->folder = optarg;
		else if (given == 'h')
			*is_help = true;
		else
			return false;
	}
	return *is_help || optind == argc;
}

static int rotate(const struct config *config, struct outbox *outbox)
{
	const struct https_setup https = {
		.line = &config->courier.https,
		.proxy = config->courier.https_proxy,
		.module = "https",
	};
	char problem[OUTPUT_SAID_LEN];
	struct https_client *client = NULL;
	enum err err = https_open(&client, &https, problem);

	if (err == ERR_OK)
		err = keys_rotate(outbox, client, problem);
	https_close(client);
	if (err != ERR_OK)
		return complain(problem, FAILED);
	(void)puts("The desk holds the new key, and it is in use.");
	return DONE;
}

int command_rotate_key(int argc, char **argv)
{
	static struct config config;
	char problem[OUTBOX_PROBLEM_LEN];
	struct courier_settings_files files = { 0 };
	struct outbox *outbox = NULL;
	struct outbox_setup setup = { .sensor = "", .say = say };
	bool is_help = false;
	int code;

	if (!take_words(&files, &is_help, argc, argv))
		return complain("takes --config and --folder; --help tells more", USAGE);
	if (is_help)
		return fputs(help, stdout) >= 0 ? DONE : FAILED;
	if (sign_start() != ERR_OK)
		return complain("the system gives no random numbers", FAILED);
	if (courier_settings_read(&config, &files, say, NULL) != ERR_OK)
		return USAGE;
	if (config.courier.https.url[0] == '\0')
		return complain("https.url is not set: enrol first", FAILED);
	(void)signal(SIGPIPE, SIG_IGN);
	setup.folder = config.courier.folder;
	setup.size_bytes = config.courier.size_bytes;
	if (courier_become(&config, problem) != ERR_OK ||
	    outbox_open(&outbox, &setup, problem) != ERR_OK)
		return complain(problem, FAILED);
	code = rotate(&config, outbox);
	outbox_close(outbox);
	return code;
}
