#include "sensor/sign/signature.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_folder.h"
#include "tools/desk/desk_keys.h"
#include "tools/desk/desk_mqtt_door.h"
#include "tools/desk/desk_options.h"
#include "tools/desk/desk_page_door.h"
#include "tools/desk/desk_sensor_door.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	EXIT_USAGE_WRONG = 2,
	PATH_LEN = 1024,
	SENSOR_THREADS = 4,
	FILES_MOST = 4096, /* descriptors: a link each, and some for the store */
};

static void print_help(void)
{
	(void)puts(
		"hinomi-desk: takes what sensors deliver, and shows it to rangers\n\n"
		"Usage:\n"
		"  hinomi-desk --folder F --listen ADDRESS:PORT --page ADDRESS:PORT\n"
		"      [--certificate FILE --key FILE [--client-authority FILE]]\n"
		"      [--page-token FILE]\n"
		"      [--mqtt URL [--mqtt-authority FILE] [--mqtt-secret FILE]\n"
		"       [--mqtt-certificate FILE --mqtt-key FILE]]\n"
		"  hinomi-desk code --folder F --office NAME   makes a code of enrolment\n"
		"  hinomi-desk --version\n\n"
		"F holds desk.db, made at the first start. Also read from it, where they are:\n"
		"authority.pem (given to sensors at enrolment), policy.json (their options),\n"
		"files/ (indicator sets that orders name).\n"
		"Without a certificate only addresses of loopback; the page beyond loopback\n"
		"also needs a token. --mqtt mqtts://BROKER:PORT also takes what sensors publish\n"
		"there; the file of --mqtt-secret holds USER:PASSWORD.\n"
		"Exit codes: 0 done, 1 failed, 2 wrong usage.");
}

static int failed(const char *problem)
{
	(void)fprintf(stderr, "hinomi-desk: %s\n", problem);
	return EXIT_FAILURE;
}

/* NULL with nothing said: `path` is NULL. */
static bool read_text(const char *path, char **out)
{
	enum err err = path ? desk_folder_read(path, out) : ERR_OK;

	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi-desk: %s: %s\n", path,
			      err == ERR_IO ? strerror(errno) : err_text(err));
	return err == ERR_OK;
}

/* What the folder may hold; `otherwise` where it does not. */
static bool read_gift(const char *folder, const char *name, const char *otherwise, char **out)
{
	char path[PATH_LEN];
	enum err err;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	err = desk_folder_read(path, out);
	if (err == ERR_MISSING)
		*out = strdup(otherwise);
	else if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi-desk: %s: %s\n", path, err_text(err));
	return (err == ERR_OK || err == ERR_MISSING) && *out;
}

static int make_code(const struct desk_options *o)
{
	char problem[DESK_PROBLEM_LEN];
	char code[DESK_CODE_SHOWN_LEN];
	struct desk_store *store = NULL;
	enum err err = desk_store_open(&store, o->folder, problem);

	if (err == ERR_OK)
		err = desk_enrol_code(store, o->office, desk_now(), code, problem);
	desk_store_close(store);
	if (err != ERR_OK)
		return failed(problem);
	(void)puts(code);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* All texts of one run. */
struct texts {
	char *certificate;
	char *key;
	char *client_authority;
	char *page_token;
	char *authority;
	char *policy;
};

static void free_texts(struct texts *t)
{
	free(t->certificate);
	free(t->key);
	free(t->client_authority);
	free(t->page_token);
	free(t->authority);
	free(t->policy);
}

/* What sensors are given goes into JSON, and must come out of it as it was. */
static bool is_gift(const struct texts *t)
{
	struct desk_body policy;

	for (const char *c = t->authority; *c; c++) {
		if ((unsigned char)*c > '~')
			return failed("authority.pem: not a PEM file") == EXIT_SUCCESS;
	}
	if (!desk_body_open(&policy, t->policy, strlen(t->policy)))
		return failed("policy.json: no JSON object") == EXIT_SUCCESS;
	desk_body_close(&policy);
	return true;
}

static bool read_texts(const struct desk_options *o, struct texts *t)
{
	bool is_read = read_text(o->certificate, &t->certificate) && read_text(o->key, &t->key) &&
		       read_text(o->client_authority, &t->client_authority) &&
		       read_text(o->page_token, &t->page_token) &&
		       read_gift(o->folder, "authority.pem", "", &t->authority) &&
		       read_gift(o->folder, "policy.json", "{\"options\":{}}", &t->policy);

	if (!is_read || !is_gift(t))
		return false;
	if (!t->page_token)
		return true;
	desk_folder_trim(t->page_token);
	if (t->page_token[0] != '\0')
		return true;
	return failed("--page-token: the file is empty") == EXIT_SUCCESS;
}

/* Until somebody ends us. */
static void wait_for_end(const sigset_t *ends, const struct desk_listener *sensors,
			 const struct desk_listener *page)
{
	int which = 0;

	(void)printf("listening: sensors %u, page %u\n", desk_http_port(sensors),
		     desk_http_port(page));
	(void)fflush(stdout);
	(void)sigwait(ends, &which);
}

static enum err open_mqtt(struct desk_mqtt **out, const struct desk_options *o, struct desk *desk,
			  char problem[static DESK_MQTT_PROBLEM_LEN])
{
	const struct desk_mqtt_setup setup = { .url = o->mqtt,
					       .authority = o->mqtt_authority,
					       .certificate = o->mqtt_certificate,
					       .key = o->mqtt_key,
					       .secret = o->mqtt_secret,
					       .take = desk_mqtt_answer,
					       .arg = desk };

	return o->mqtt ? desk_mqtt_start(out, &setup, problem) : ERR_OK;
}

static int open_doors(const struct desk_options *o, struct texts *t, struct desk *desk,
		      const sigset_t *ends)
{
	struct desk_door sensors = { .listen = o->listen,
				     .certificate = t->certificate,
				     .key = t->key,
				     .client_authority = t->client_authority,
				     .threads = SENSOR_THREADS,
				     .admit = desk_sensor_admit,
				     .answer = desk_sensor_answer,
				     .arg = desk };
	struct desk_door page = { .listen = o->page,
				  .threads = 1,
				  .admit = desk_page_admit,
				  .answer = desk_page_answer,
				  .arg = desk };
	struct desk_listener *sensor_listener = NULL;
	struct desk_listener *page_listener = NULL;
	struct desk_mqtt *mqtt = NULL;
	char problem[DESK_HTTP_PROBLEM_LEN] = "";
	enum err err;

	_Static_assert((int)DESK_HTTP_PROBLEM_LEN >= (int)DESK_MQTT_PROBLEM_LEN, "for both");
	if (!desk_http_is_loopback(o->page)) {
		page.certificate = t->certificate;
		page.key = t->key;
	}
	err = desk_http_start(&sensor_listener, &sensors, problem);
	if (err == ERR_OK)
		err = desk_http_start(&page_listener, &page, problem);
	if (err == ERR_OK)
		err = open_mqtt(&mqtt, o, desk, problem);
	if (err == ERR_OK)
		wait_for_end(ends, sensor_listener, page_listener);
	desk_mqtt_stop(mqtt);
	desk_http_stop(page_listener);
	desk_http_stop(sensor_listener);
	return err == ERR_OK ? EXIT_SUCCESS : failed(problem);
}

static int run(const struct desk_options *o)
{
	char problem[DESK_PROBLEM_LEN];
	struct desk desk = { .folder = o->folder };
	struct rlimit files = { FILES_MOST, FILES_MOST };
	struct texts t = { 0 };
	sigset_t ends;
	int code = EXIT_FAILURE;

	if (!desk_http_is_loopback(o->page) && !o->page_token) {
		(void)failed("--page beyond loopback needs --page-token");
		return EXIT_USAGE_WRONG;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL); /* also in the listeners' threads */
	if (desk_store_open(&desk.store, o->folder, problem) != ERR_OK)
		return failed(problem);
	if (read_texts(o, &t)) {
		desk.gift = (struct desk_enrol_gift){ t.authority, t.policy };
		desk.page_token = t.page_token;
		desk.needs_certificate = t.client_authority != NULL;
		code = open_doors(o, &t, &desk, &ends);
	}
	desk_store_close(desk.store);
	free_texts(&t);
	return code;
}

int main(int argc, char **argv)
{
	struct desk_options options;

	if (!desk_options_read(argc, argv, &options))
		return EXIT_USAGE_WRONG;
	if (options.is_help) {
		print_help();
		return EXIT_SUCCESS;
	}
	if (options.is_version) {
		(void)puts("hinomi-desk " HINOMI_VERSION);
		return EXIT_SUCCESS;
	}
	if (sign_start() != ERR_OK)
		return failed("the system gives no random numbers");
	return options.is_code ? make_code(&options) : run(&options);
}
