/*
 * Drives the HTTPS output as a line would, against the fake desk of test_https.py, and the MQTT one
 * (PROBED) against the fake broker of test_broker_lies.py:
 * `https_probe CONFIG PARCELS TIMES [BYTES]` sends a batch so many times over one connection and
 * prints what became of each as a line of "name=value", what was said last.
 */
#include "sensor/courier/output.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef PROBED
#define PROBED output_https
#endif

static atomic_bool is_ending;

static const char *const answers[] = {
	[OUTPUT_ANSWERED] = "answered",
	[OUTPUT_FAILED] = "failed",
	[OUTPUT_TOO_LARGE] = "too_large",
	[OUTPUT_DENIED] = "denied",
};

static void end(int number)
{
	(void)number;
	atomic_store(&is_ending, true);
}

static void told(void *arg, const char *fault)
{
	(void)arg;
	(void)fprintf(stderr, "%s\n", fault);
}

/* JSON of that many letters that hardly pack, so that lengths on the line are known. */
static char *make_body(size_t number, size_t bytes)
{
	char *body = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&body, &len);
	uint32_t state = (uint32_t)number + 1;

	if (!out)
		abort();
	(void)fprintf(out, "{\"number\":%zu,\"letters\":\"", number);
	for (size_t i = 0; i < bytes; i++) {
		state = state * 1664525 + 1013904223;
		(void)fputc('0' + (int)(state >> 26), out);
	}
	(void)fputs("\"}", out);
	if (fclose(out) != 0)
		abort();
	for (char *at = body + 2; *at; at++)
		*at = *at == '\\' ? '/' : *at;
	return body;
}

static struct parcel *make_parcels(size_t count, size_t bytes)
{
	struct parcel *parcels = calloc(count, sizeof(parcels[0]));
	struct sign_public public;
	struct sign_secret secret;
	uint8_t chain[SHA256_LEN] = { 0 };

	if (!parcels)
		abort();
	sign_make_pair(&public, &secret);
	sign_name_by_key(&public, &secret);
	for (size_t i = 0; i < count; i++) {
		struct parcel *p = &parcels[i];

		p->stream = PARCEL_ROUTINE;
		p->sequence = i + 1;
		p->kind = PARCEL_CASE;
		p->revision = 1;
		p->made = (UINT64_C(1800000000) + i) * NANOTIME_SECOND;
		p->body = make_body(i, bytes);
		p->body_len = strlen(p->body);
		(void)snprintf(p->sensor, sizeof(p->sensor), "office-1");
		(void)snprintf(p->key, sizeof(p->key), "case-%zu", i);
		memcpy(p->previous, chain, SHA256_LEN);
		parcel_seal(p, &secret);
		parcel_chain(p, chain);
	}
	return parcels;
}

static void send_once(struct output *output, const struct parcel *parcels, size_t count)
{
	static struct output_result result;
	size_t by_status[REPLY_STATUSES] = { 0 };
	struct timespec before;
	struct timespec after;
	enum output_answer answer;

	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	answer = PROBED.send(output, parcels, count, &result);
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	for (size_t i = 0; i < result.replies.count; i++)
		by_status[result.replies.list[i].status]++;
	(void)printf("answer=%s code=%s retry=%" PRIu64 " replies=%zu stored=%zu rejected=%zu "
		     "head=%" PRIu64 " orders=%d ms=%ld said=%s\n",
		     answers[answer], result.code, result.retry_after, result.replies.count,
		     by_status[REPLY_STORED], by_status[REPLY_REJECTED],
		     result.replies.head[PARCEL_ROUTINE].sequence, result.replies.has_orders,
		     (long)((after.tv_sec - before.tv_sec) * 1000 +
			    (after.tv_nsec - before.tv_nsec) / 1000000),
		     result.said);
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct config config;
	const struct output_setup setup = { .config = &config,
					    .sensor = "office-1",
					    .is_ending = &is_ending };
	char problem[OUTPUT_SAID_LEN] = "";
	struct output *output = NULL;
	struct parcel *parcels;
	size_t count;

	if (argc < 4 || sign_start() != ERR_OK)
		return 2;
	(void)signal(SIGTERM, end);
	(void)signal(SIGPIPE, SIG_IGN);
	config_defaults(&config);
	if (config_read(&config, argv[1], told, NULL) != ERR_OK)
		return 2;
	count = strtoul(argv[2], NULL, 10);
	if (count < 1 || count > BATCH_PARCELS_MAX)
		return 2;
	if (PROBED.open(&output, &setup, problem) != ERR_OK) {
		(void)printf("problem=%s\n", problem);
		return 1;
	}
	parcels = make_parcels(count, argc > 4 ? strtoul(argv[4], NULL, 10) : 100);
	for (unsigned long left = strtoul(argv[3], NULL, 10); left > 0; left--)
		send_once(output, parcels, count);
	PROBED.close(output);
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)parcels[i].body);
	free(parcels);
	return 0;
}
