/*
 * Cases to a web hook, for people without rangers: a message in a chat, not a stream. A case is
 * told when it is urgent enough, once more when it has become more urgent (webhook_told.h), and
 * when it is taken back; a fault of the sensor when it begins and when it is over, for silence must
 * not read as peace.
 */
#include "sensor/base/json.h"
#include "sensor/courier/https_client.h"
#include "sensor/courier/output.h"
#include "sensor/courier/output_reply.h"
#include "sensor/courier/webhook_text.h"
#include "sensor/courier/webhook_told.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	POST_SECONDS = 30,
	TOLD_FAULT = 1,
	TOLD_OVER = 0, /* lower than any that is told: never again under that id */
};

struct output {
	const struct courier_config *config;
	const atomic_bool *is_ending;
	struct webhook_told *told;
	struct https_client *client;
};

static bool is_wanted(const struct config *config)
{
	return config->courier.webhook.url[0] != '\0';
}

static char *wrap_text(const char *text, size_t *len)
{
	struct json *json = malloc(sizeof(*json));
	char *chars = NULL;
	FILE *out = json ? open_memstream(&chars, len) : NULL;

	if (!out) {
		free(json);
		return NULL;
	}
	json_start(json, out);
	json_object_begin(json, NULL);
	json_string(json, "text", text);
	json_object_end(json);
	json_line_end(json);
	json_flush(json);
	free(json);
	if (fclose(out) == 0)
		return chars;
	free(chars);
	return NULL;
}

/* A status of 0: there was no answer. */
static long post(struct output *self, const char *body, size_t len, struct output_result *result)
{
	const struct https_request request = {
		.path = "", .body = body, .body_len = len, .seconds = POST_SECONDS
	};
	struct https_answer answer;

	https_ask(self->client, &request, &answer);
	result->retry_after = answer.retry_after;
	memcpy(result->said, answer.said, sizeof(result->said));
	return answer.status;
}

/* What only this message can be the reason of; a URL that is wrong may be put right. */
static bool is_refused(long status)
{
	return status == 400 || status == 413 || status == 415 || status == 422;
}

/* OUTPUT_ANSWERED: the parcel has its reply. */
static enum output_answer judge(long status, const struct parcel *parcel,
				struct output_result *result)
{
	char code[REPLY_CODE_LEN];

	if (status == 401 || status == 403)
		return OUTPUT_DENIED;
	if (is_refused(status)) {
		(void)snprintf(code, sizeof(code), "http_%ld", status);
		output_reply(result, parcel, REPLY_REJECTED, code);
		return OUTPUT_ANSWERED;
	}
	if (status < 200 || status > 299)
		return OUTPUT_FAILED;
	output_reply(result, parcel, REPLY_STORED, "");
	return OUTPUT_ANSWERED;
}

static enum output_answer tell(struct output *self, const struct parcel *parcel, const char *text,
			       struct output_result *result)
{
	bool is_text = self->config->webhook_form == WEBHOOK_TEXT;
	size_t len = parcel->body_len;
	char *wrapped = is_text ? wrap_text(text, &len) : NULL;
	const char *body = is_text ? wrapped : parcel->body;

	if (!body) {
		(void)snprintf(result->said, sizeof(result->said), "webhook.url: no memory");
		return OUTPUT_FAILED;
	}

	enum output_answer answer = judge(post(self, body, len, result), parcel, result);

	free(wrapped);
	return answer;
}

/* A case told twice after a crash is the lesser evil: so it is noted only when it was told. */
static enum output_answer tell_once(struct output *self, const struct parcel *parcel,
				    const char *id, unsigned priority, const char *text,
				    struct output_result *result)
{
	enum output_answer answer = tell(self, parcel, text, result);

	if (answer == OUTPUT_ANSWERED && webhook_told_put(self->told, id, priority) != ERR_OK)
		(void)snprintf(result->said, sizeof(result->said),
			       "webhook.told in courier.folder: %.60s; a case may be told again",
			       strerror(errno));
	return answer;
}

static bool is_to_tell(const struct output *self, const struct case_view *view)
{
	unsigned told = webhook_told_priority(self->told, view->id);

	if (case_view_is_closed(view)) /* who was told is told */
		return told != WEBHOOK_TOLD_NEVER && told != TOLD_OVER;
	return !view->is_digest && view->priority <= self->config->webhook_priority &&
	       view->priority < told;
}

static enum output_answer send_case(struct output *self, const struct parcel *parcel,
				    struct output_result *result)
{
	char text[WEBHOOK_TEXT_MAX];
	struct case_view view;
	enum output_answer answer = OUTPUT_ANSWERED;

	if (case_view_read(parcel->body, parcel->body_len, &view) != ERR_OK) {
		output_reply(result, parcel, REPLY_REJECTED, "bad_body");
		return OUTPUT_ANSWERED;
	}
	if (is_to_tell(self, &view)) {
		webhook_text_case(&view, (enum language)self->config->webhook_language, text);
		answer = tell_once(self, parcel, view.id,
				   case_view_is_closed(&view) ? TOLD_OVER : view.priority, text,
				   result);
	} else {
		output_reply(result, parcel, REPLY_STORED, "");
	}
	case_view_free(&view);
	return answer;
}

static bool is_fault_to_tell(const struct output *self, const struct health_body *view,
			     bool is_open)
{
	unsigned told = webhook_told_priority(self->told, view->id);

	if (strcmp(view->severity, "fault") != 0)
		return false;
	return is_open ? told == WEBHOOK_TOLD_NEVER : told == TOLD_FAULT;
}

static enum output_answer send_health(struct output *self, const struct parcel *parcel,
				      struct output_result *result)
{
	char text[WEBHOOK_TEXT_MAX];
	struct health_body view;
	enum output_answer answer = OUTPUT_ANSWERED;

	if (health_body_read(parcel->body, parcel->body_len, &view) != ERR_OK) {
		output_reply(result, parcel, REPLY_REJECTED, "bad_body");
		return OUTPUT_ANSWERED;
	}

	bool is_open = strcmp(view.state, "open") == 0;

	if (is_fault_to_tell(self, &view, is_open)) {
		webhook_text_health(&view, (enum language)self->config->webhook_language, text);
		answer = tell_once(self, parcel, view.id, is_open ? TOLD_FAULT : TOLD_OVER, text,
				   result);
	} else {
		output_reply(result, parcel, REPLY_STORED, "");
	}
	health_body_free(&view);
	return answer;
}

static enum output_answer send_parcel(struct output *self, const struct parcel *parcel,
				      struct output_result *result)
{
	if (parcel->kind == PARCEL_CASE)
		return send_case(self, parcel, result);
	if (parcel->kind == PARCEL_HEALTH)
		return send_health(self, parcel, result);
	output_reply(result, parcel, REPLY_STORED, "");
	return OUTPUT_ANSWERED;
}

/* What was told before a failure is told: its replies stand, and the rest has none. */
static enum output_answer webhook_send(struct output *self, const struct parcel *parcels,
				       size_t count, struct output_result *result)
{
	*result = (struct output_result){ 0 };
	for (size_t i = 0; i < count; i++) {
		enum output_answer answer = send_parcel(self, &parcels[i], result);

		if (answer != OUTPUT_ANSWERED)
			return i > 0 ? OUTPUT_ANSWERED : answer;
	}
	return OUTPUT_ANSWERED;
}

static void webhook_close(struct output *self)
{
	webhook_told_close(self->told);
	https_close(self->client);
	free(self);
}

static enum err set_up(struct output *self, char *problem)
{
	const struct https_setup setup = { .line = &self->config->webhook,
					   .proxy = "",
					   .module = "webhook",
					   .is_ending = self->is_ending };
	enum err err = webhook_told_open(&self->told, self->config->folder);

	if (err == ERR_IO)
		(void)snprintf(problem, OUTPUT_SAID_LEN,
			       "webhook.told in courier.folder %.80s: %.40s", self->config->folder,
			       strerror(errno));
	return err == ERR_OK ? https_open(&self->client, &setup, problem) : err;
}

static enum err webhook_open(struct output **out, const struct output_setup *setup,
			     char problem[static OUTPUT_SAID_LEN])
{
	struct output *self = calloc(1, sizeof(*self));

	(void)snprintf(problem, OUTPUT_SAID_LEN, "webhook.url: no memory");
	if (!self)
		return ERR_MEMORY;
	self->config = &setup->config->courier;
	self->is_ending = setup->is_ending;

	enum err err = set_up(self, problem);

	if (err != ERR_OK) {
		webhook_close(self);
		return err;
	}
	*out = self;
	return ERR_OK;
}

const struct output_kind output_webhook = {
	.name = "webhook",
	.is_wanted = is_wanted,
	.open = webhook_open,
	.send = webhook_send,
	.close = webhook_close,
};
