/* `hinomi-courier enrol`: from a code to a sensor that its rangers know. */
#include "sensor/courier/commands.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/courier_user.h"
#include "sensor/courier/enrol_file.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { DONE, FAILED, USAGE, HOST_LEN = 256 };

static const char help[] =
	"Usage: hinomi-courier enrol --url URL --code CODE [OPTION]...\n"
	"       hinomi-courier enrol --file FILE [OPTION]...\n"
	"Makes this sensor known to its rangers by a code of theirs. Afterwards its name, its "
	"token\n"
	"and what the rangers set stand in courier.folder. Not while hinomi-courier runs.\n\n"
	"  --code CODE        XXXXX-XXXXX-XXXXX-XXXXX; '-' reads it from standard input\n"
	"  --url URL          the rangers' service, as https://desk.example.jp/\n"
	"  --file FILE        a text with lines 'code = CODE' and 'url = URL'; the code is taken\n"
	"                     out of it afterwards\n"
	"  --authority FILE   certificates by one of which the service's must be signed\n"
	"  --proxy URL        on the way to it, as http://HOST:PORT\n"
	"  --config FILE      options from a file; may be given again\n"
	"  --folder FOLDER    goes over courier.folder\n"
	"  --help\n\n"
	"Exit codes: 0 enrolled, or FILE was used before; 1 refused or no answer; 2 wrong usage.\n";

struct words {
	struct courier_settings_files files;
	const char *url;
	const char *code;
	const char *file;
	const char *authority;
	const char *proxy;
	bool is_help;
};

static int complain(const char *what, int code)
{
	(void)fprintf(stderr, "hinomi-courier: enrol: %s\n", what);
	return code;
}

static void say(void *arg, const char *line)
{
	(void)arg;
	(void)fprintf(stderr, "hinomi-courier: %s\n", line);
}

static bool take_word(struct words *w, int given)
{
	switch (given) {
	case 'a':
		w->authority = optarg;
		return true;
	case 'c':
		w->code = optarg;
		return true;
	case 'd':
		w->files.folder = optarg;
		return true;
	case 'f':
		w->file = optarg;
		return true;
	case 'g':
		if (w->files.count == COURIER_FILES_MAX)
			return false;
		w->files.path[w->files.count++] = optarg;
		return true;
	case 'h':
		w->is_help = true;
		return true;
	case 'p':
		w->proxy = optarg;
		return true;
	case 'u':
		w->url = optarg;
		return true;
	default:
		return false;
	}
}

static bool take_words(struct words *w, int argc, char **argv)
{
	static const struct option table[] = {
		{ "authority", required_argument, NULL, 'a' },
		{ "code", required_argument, NULL, 'c' },
		{ "config", required_argument, NULL, 'g' },
		{ "file", required_argument, NULL, 'f' },
		{ "folder", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ "proxy", required_argument, NULL, 'p' },
		{ "url", required_argument, NULL, 'u' },
		{ 0 },
	};
	int given;

	while ((given = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (!take_word(w, given))
			return false;
	}
	return w->is_help ||
	       (optind == argc && (w->file ? !w->url && !w->code : w->url && w->code));
}

/* Where the code and the address come from. False after a line. */
static bool take_code(const struct words *w, struct enrol_file *file)
{
	char typed[ENROL_PROBLEM_LEN] = "";
	char problem[ENROL_PROBLEM_LEN];

	if (w->file) {
		if (enrol_file_open(file, w->file, problem) == ERR_OK)
			return true;
		(void)complain(problem, FAILED);
		return false;
	}
	*file = (struct enrol_file){ .fd = -1 };
	(void)snprintf(typed, sizeof(typed), "%s", w->code);
	if (strcmp(w->code, "-") == 0 && !fgets(typed, sizeof(typed), stdin))
		typed[0] = '\0';
	if (strlen(w->url) >= sizeof(file->url) || !enrol_code_take(typed, file->code)) {
		(void)complain("this is no code: it has 20 letters and digits, as "
			       "XXXXX-XXXXX-XXXXX-XXXXX",
			       FAILED);
		return false;
	}
	memcpy(file->url, w->url, strlen(w->url) + 1);
	return true;
}

/* Whoever reads it later may stand in another folder. */
static void whole_path(const char *path, char out[static PATH_MAX])
{
	if (path[0] == '\0' || !realpath(path, out))
		(void)snprintf(out, PATH_MAX, "%s", path);
}

/* False after a line: the path is too long for an option. */
static bool take_line(struct line_config *line, const struct words *w, const struct config *config,
		      const struct enrol_file *file)
{
	char authority[PATH_MAX];

	whole_path(w->authority ? w->authority : config->courier.https.authority, authority);

	*line = (struct line_config){ 0 };
	(void)snprintf(line->url, sizeof(line->url), "%s", file->url);
	if (strlen(authority) >= sizeof(line->authority))
		return complain("the path of --authority is too long", FAILED) == DONE;
	memcpy(line->authority, authority, strlen(authority) + 1);
	return true;
}

static enum err ask_and_keep(const struct enrol_setup *setup, const struct enrol_place *place,
			     char *problem)
{
	struct enrolment enrolment;
	enum err err = enrol_ask(setup, &enrolment, problem);

	if (err != ERR_OK)
		return err;
	err = enrol_keep(place, &enrolment, problem);
	if (err == ERR_OK)
		(void)printf("Enrolled as %s, office %s. Now start hinomi-courier, and hinomi "
			     "anew.\n",
			     enrolment.reply.sensor, enrolment.reply.office);
	enrol_free(&enrolment);
	return err;
}

static int enrol(const struct words *w, const struct config *config, struct outbox *outbox,
		 struct enrol_file *file)
{
	struct line_config line;
	struct sign_public key;
	char host[HOST_LEN] = "";
	char folder[PATH_MAX];
	char problem[ENROL_PROBLEM_LEN];
	struct https_client *client = NULL;
	struct https_setup https = {
		.line = &line,
		.proxy = w->proxy ? w->proxy : config->courier.https_proxy,
		.module = "https",
	};

	if (!take_line(&line, w, config, file))
		return FAILED;
	/* The proofs of both sides bind the code: a desk's own authority comes with its answer. */
	https.trusts_any = line.authority[0] == '\0';
	if (https_open(&client, &https, problem) != ERR_OK)
		return complain(problem, FAILED);
	outbox_key(outbox, &key);
	(void)gethostname(host, sizeof(host) - 1);
	whole_path(config->courier.folder, folder);

	const struct enrol_setup setup = { client, file->code, host, &key };
	const struct enrol_place place = { outbox,      folder, line.url, line.authority,
					   https.proxy, say,    NULL };
	enum err err = ask_and_keep(&setup, &place, problem);

	https_close(client);
	if (err != ERR_OK)
		return complain(problem, FAILED);
	if (w->file && !enrol_file_used(file))
		(void)complain("the code could not be taken out of the file: remove it yourself",
			       DONE);
	return DONE;
}

static int run(const struct words *w, const struct config *config, struct enrol_file *file)
{
	char problem[OUTBOX_PROBLEM_LEN];
	struct outbox *outbox = NULL;
	const struct outbox_setup setup = {
		.folder = config->courier.folder,
		.sensor = "",
		.size_bytes = config->courier.size_bytes,
		.say = say,
	};
	int code;

	if (courier_become(config, problem) != ERR_OK ||
	    outbox_open(&outbox, &setup, problem) != ERR_OK)
		return complain(problem, FAILED);
	code = enrol(w, config, outbox, file);
	outbox_close(outbox);
	return code;
}

int command_enrol(int argc, char **argv)
{
	static struct config config;
	struct words w = { 0 };
	struct enrol_file file;
	int code = DONE;

	if (!take_words(&w, argc, argv))
		return complain("needs --url and --code, or --file alone; --help tells more",
				USAGE);
	if (w.is_help)
		return fputs(help, stdout) >= 0 ? DONE : FAILED;
	if (sign_start() != ERR_OK)
		return complain("the system gives no random numbers", FAILED);
	if (courier_settings_read(&config, &w.files, say, NULL) != ERR_OK)
		return USAGE;
	(void)signal(SIGPIPE, SIG_IGN);
	if (!take_code(&w, &file))
		return FAILED;
	if (file.is_used)
		(void)puts("The code in that file was used: this sensor is enrolled.");
	else
		code = run(&w, &config, &file);
	enrol_file_close(&file);
	return code;
}
