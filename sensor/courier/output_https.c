/*
 * The rangers' service over HTTPS: a batch goes out as one POST, packed, and the answer says what
 * of each parcel. On a line that is too slow for a batch in its time less is sent at once, so that
 * something arrives at all.
 */
#include "sensor/courier/gzip.h"
#include "sensor/courier/https_client.h"

#include <stdlib.h>
#include <string.h>

enum { SECONDS_OF_ONE = 600 }; /* a single parcel may take so long, for it cannot be made less */

struct output {
	struct https_client *client;
	char sensor[PARCEL_SENSOR_LEN];
	size_t most; /* parcels at once */
};

static bool is_wanted(const struct config *config)
{
	return config->courier.https.url[0] != '\0';
}

static enum err open_line(struct output **out, const struct output_setup *setup,
			  char problem[static OUTPUT_SAID_LEN])
{
	const struct https_setup https = {
		.line = &setup->config->courier.https,
		.proxy = setup->config->courier.https_proxy,
		.module = "https",
		.is_ending = setup->is_ending,
	};
	struct output *o = calloc(1, sizeof(*o));
	enum err err;

	if (!o)
		return ERR_MEMORY;
	(void)snprintf(o->sensor, sizeof(o->sensor), "%s", setup->sensor);
	o->most = BATCH_PARCELS_MAX;
	err = https_open(&o->client, &https, problem);
	if (err != ERR_OK) {
		free(o);
		return err;
	}
	*out = o;
	return ERR_OK;
}

static void close_line(struct output *o)
{
	https_close(o->client);
	free(o);
}

static enum err write_text(const struct output *o, const struct parcel *parcels, size_t count,
			   char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);
	bool is_written;

	if (!out)
		return ERR_MEMORY;
	batch_write(out, o->sensor, parcels, count);
	is_written = !ferror(out);
	is_written = fclose(out) == 0 && is_written;
	if (is_written && *len <= BATCH_BYTES_MAX)
		return ERR_OK;
	free(*text);
	*text = NULL;
	return is_written ? ERR_RANGE : ERR_MEMORY;
}

/* As many of the parcels, from the first on, as one batch may hold. */
static enum err write_batch(const struct output *o, const struct parcel *parcels, size_t *count,
			    char **text, size_t *len)
{
	enum err err = write_text(o, parcels, *count, text, len);

	while (err == ERR_RANGE && *count > 1) {
		*count /= 2;
		err = write_text(o, parcels, *count, text, len);
	}
	return err;
}

static enum output_answer take_replies(const struct https_answer *answer,
				       struct output_result *result)
{
	char problem[BATCH_PROBLEM_LEN];

	if (replies_parse(answer->body, answer->body_len, &result->replies, problem) == ERR_OK)
		return OUTPUT_ANSWERED;
	(void)snprintf(
		result->said, sizeof(result->said),
		"answered with status 200, but not as agreed (%.80s): is https.url right, and "
		"no login page in between?",
		problem);
	return OUTPUT_FAILED;
}

static enum output_answer judge(const struct https_answer *answer, struct output_result *result)
{
	memcpy(result->said, answer->said, sizeof(result->said));
	result->retry_after = answer->retry_after;
	switch (answer->status) {
	case 200:
		return take_replies(answer, result);
	case 400:
	case 413:
	case 422:
		(void)snprintf(result->code, sizeof(result->code), "http_%ld", answer->status);
		return OUTPUT_TOO_LARGE;
	case 401:
	case 403:
		return OUTPUT_DENIED;
	default:
		return OUTPUT_FAILED;
	}
}

/* After a batch that the line was too slow for, less; after one that it was not, more again. */
static void learn(struct output *o, const struct https_answer *answer, size_t sent)
{
	if (answer->is_slow)
		o->most = sent > 1 ? sent / 2 : 1;
	else if (answer->status == 200 && o->most < BATCH_PARCELS_MAX)
		o->most *= 2;
}

static enum output_answer send_batch(struct output *o, const struct parcel *parcels, size_t count,
				     struct output_result *result)
{
	struct https_request request = { .path = "v1/parcels", .is_gzip = true };
	struct https_answer answer;
	size_t sent = count < o->most ? count : o->most;
	char *text = NULL;
	void *packed = NULL;
	size_t len = 0;
	enum err err = write_batch(o, parcels, &sent, &text, &len);

	*result = (struct output_result){ 0 };
	if (err == ERR_OK)
		err = gzip_pack(text, len, &packed, &request.body_len);
	free(text);
	if (err != ERR_OK) {
		(void)snprintf(result->code, sizeof(result->code), "%s",
			       err == ERR_RANGE ? "too_large" : "");
		(void)snprintf(result->said, sizeof(result->said), "a batch: %s", err_text(err));
		return err == ERR_RANGE ? OUTPUT_TOO_LARGE : OUTPUT_FAILED;
	}
	request.body = packed;
	request.seconds = sent == 1 && o->most == 1 ? SECONDS_OF_ONE : HTTPS_SECONDS;
	https_ask(o->client, &request, &answer);
	free(packed);
	learn(o, &answer, sent);
	return judge(&answer, result);
}

const struct output_kind output_https = {
	.name = "https",
	.is_desk = true,
	.is_wanted = is_wanted,
	.open = open_line,
	.send = send_batch,
	.close = close_line,
};
