/*
 * One of the outputs that are no desk, alone: for test_plain.py.
 *
 *	plain_probe eve|syslog|webhook OPTION=VALUE …
 *
 * Each line of standard input is a body; an empty one sends what was gathered and prints a line:
 * the answer, a word for each parcel, and what was said.
 */
#include "sensor/courier/output.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>

static const struct output_kind *const kinds[] = { &output_eve, &output_syslog, &output_webhook };
static const char *const answers[] = { "answered", "failed", "too_large", "denied" };

static struct config config;
static struct parcel parcels[BATCH_PARCELS_MAX];
static char *bodies[BATCH_PARCELS_MAX];
static size_t count;
static uint64_t sequence;
static atomic_bool is_ending;
static struct output_result result;

static void fail(const char *problem)
{
	(void)printf("open %s\n", problem);
	exit(2);
}

static void gather(char *line, size_t len)
{
	bool is_health = strstr(line, "\"hinomi.health/1\"") != NULL;

	if (count == BATCH_PARCELS_MAX)
		fail("too many bodies");
	bodies[count] = line;
	parcels[count++] = (struct parcel){
		.sensor = "sensor-1",
		.stream = PARCEL_ROUTINE,
		.sequence = ++sequence,
		.kind = is_health ? PARCEL_HEALTH : PARCEL_CASE,
		.key = "key",
		.revision = 1,
		.made = UINT64_C(1795388400) * NANOTIME_SECOND,
		.body = line,
		.body_len = len,
	};
}

static void send_all(const struct output_kind *kind, struct output *output)
{
	enum output_answer answer = kind->send(output, parcels, count, &result);

	(void)printf("%s", answers[answer]);
	for (size_t i = 0; i < result.replies.count; i++)
		(void)printf(" %s%s", reply_status_name(result.replies.list[i].status),
			     result.replies.list[i].code);
	(void)printf(" | %u | %s\n", (unsigned)result.retry_after, result.said);
	(void)fflush(stdout);
	for (; count > 0; count--)
		free(bodies[count - 1]);
}

static void run(const struct output_kind *kind, struct output *output)
{
	char *line = NULL;
	size_t room = 0;

	for (ssize_t len; (len = getline(&line, &room, stdin)) > 0;) {
		line[--len] = '\0';
		if (len == 0) {
			send_all(kind, output);
			continue;
		}
		gather(line, (size_t)len);
		line = NULL;
		room = 0;
	}
	free(line);
}

static void read_options(int argc, char **argv)
{
	char problem[CONFIG_PROBLEM_LEN];

	config_defaults(&config);
	for (int i = 2; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			fail(argv[i]);
		*value++ = '\0';
		if (config_set(&config, argv[i], value, problem) != ERR_OK)
			fail(problem);
	}
}

int main(int argc, char **argv)
{
	char problem[OUTPUT_SAID_LEN];
	const struct output_setup setup = { .config = &config,
					    .sensor = "sensor-1",
					    .is_ending = &is_ending };
	const struct output_kind *kind = NULL;
	struct output *output;

	(void)signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		fail("libcurl");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (argc > 1 && strcmp(argv[1], kinds[i]->name) == 0)
			kind = kinds[i];
	}
	read_options(argc, argv);
	if (!kind || !kind->is_wanted(&config))
		fail("no such output, or it is not wanted");
	if (kind->open(&output, &setup, problem) != ERR_OK)
		fail(problem);
	run(kind, output);
	kind->close(output);
	curl_global_cleanup();
	return 0;
}
