/*
 * The rangers' desk through an MQTT broker (CONTRACT.md, "MQTT"): a batch is a message, and so is
 * the desk's word on each of its parcels, which alone acknowledges. The broker's own
 * acknowledgement says only that it took the message on.
 */
#include "sensor/base/json.h"
#include "sensor/base/monotonic.h"
#include "sensor/courier/mqtt_client.h"

#include <stdlib.h>
#include <string.h>

enum {
	REPLY_SECONDS = 30,
	SLICE_MS = 200,
	STRIKES = 2, /* broken connections over one batch before it is taken for too large … */
	STRIKES_ALONE = 8,      /* … and over one parcel, which is then set aside */
	LONG_PARCEL = 64 << 10, /* bytes; brokers take at least that much */
	RETRY_SECONDS = 30,     /* between looks for a broker while nothing is to be sent */
	RETRY_DENIED_SECONDS = 600,
	CLIENT_ID_LEN = PARCEL_SENSOR_LEN + 16,
};

struct output {
	struct mqtt_client *client;
	struct order_inbox *inbox;
	const atomic_bool *is_ending;
	char sensor[PARCEL_SENSOR_LEN];
	char client_id[CLIENT_ID_LEN];
	char parcels[MQTT_TOPIC_LEN];
	char replies[MQTT_TOPIC_LEN];
	char orders[MQTT_TOPIC_LEN];
	char asks[MQTT_TOPIC_LEN];
	bool has_asked;        /* since it was connected */
	bool orders_wait;      /* at the desk, which is to be asked */
	bool orders_have_come; /* to the inbox, and the line was not told yet */
	uint64_t retry;        /* monotonic second; no look for a broker before, while idle */
	unsigned strikes;
	enum parcel_stream struck_stream; /* where the batch is that they are about, and … */
	uint64_t struck;                  /* … its first sequence */
	/* Of the batch that is awaited. */
	const struct parcel *first;
	uint64_t last;
	bool is_answered;
	struct replies *answer;
};

static bool is_wanted(const struct config *config)
{
	return config->courier.mqtt.url[0] != '\0';
}

/* Whether they are about the batch; a late word on one before may come too. */
static bool are_about(const struct output *o, const struct replies *replies)
{
	for (size_t i = 0; i < replies->count; i++) {
		const struct reply *reply = &replies->list[i];

		if (reply->stream == o->first->stream && reply->sequence >= o->first->sequence &&
		    reply->sequence <= o->last)
			return true;
	}
	return false;
}

static void take_replies(struct output *o, const void *payload, size_t len)
{
	char problem[BATCH_PROBLEM_LEN];
	struct replies *replies = malloc(sizeof(*replies));

	if (replies && replies_parse(payload, len, replies, problem) == ERR_OK) {
		o->orders_wait |= replies->has_orders;
		if (o->first && !o->is_answered && are_about(o, replies)) {
			*o->answer = *replies;
			o->is_answered = true;
		}
	}
	free(replies);
}

/* An mqtt_take_fn. */
static void take(void *arg, const char *topic, const void *payload, size_t len)
{
	struct output *o = arg;

	if (strcmp(topic, o->replies) == 0) {
		take_replies(o, payload, len);
	} else if (strcmp(topic, o->orders) == 0 && o->inbox) {
		order_inbox_put(o->inbox, payload, len);
		o->orders_have_come = true;
	}
}

static void name_topics(struct output *o, const char *sensor)
{
	(void)snprintf(o->sensor, sizeof(o->sensor), "%s", sensor);
	(void)snprintf(o->client_id, sizeof(o->client_id), "hinomi-%s", sensor);
	(void)snprintf(o->parcels, sizeof(o->parcels), "hinomi/1/%s/parcels", sensor);
	(void)snprintf(o->replies, sizeof(o->replies), "hinomi/1/%s/replies", sensor);
	(void)snprintf(o->orders, sizeof(o->orders), "hinomi/1/%s/orders", sensor);
	(void)snprintf(o->asks, sizeof(o->asks), "hinomi/1/%s/asks", sensor);
}

static enum err open_line(struct output **out, const struct output_setup *setup,
			  char problem[static OUTPUT_SAID_LEN])
{
	struct output *o = calloc(1, sizeof(*o));
	enum err err;

	if (!o)
		return ERR_MEMORY;
	o->inbox = setup->inbox;
	o->is_ending = setup->is_ending;
	name_topics(o, setup->sensor);

	const struct mqtt_setup mqtt = {
		.line = &setup->config->courier.mqtt,
		.module = "mqtt",
		.is_version_5 = setup->config->courier.mqtt_version == MQTT_VERSION_5,
		.client_id = o->client_id,
		.topics = { o->replies, o->orders },
		.take = take,
		.take_arg = o,
		.is_ending = setup->is_ending,
	};

	err = mqtt_open(&o->client, &mqtt, problem);
	if (err != ERR_OK) {
		free(o);
		return err;
	}
	*out = o;
	return ERR_OK;
}

static void close_line(struct output *o)
{
	mqtt_close(o->client);
	free(o);
}

/* The caller's to free; NULL without memory. */
static char *batch_text(const struct output *o, const struct parcel *parcels, size_t count,
			size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	bool is_written;

	if (!out)
		return NULL;
	batch_write(out, o->sensor, parcels, count);
	is_written = !ferror(out);
	if (fclose(out) == 0 && is_written)
		return text;
	free(text);
	return NULL;
}

static enum output_answer answer_of(enum mqtt_state state)
{
	if (state == MQTT_DENIED)
		return OUTPUT_DENIED;
	return state == MQTT_TOO_LARGE ? OUTPUT_TOO_LARGE : OUTPUT_FAILED;
}

static bool is_struck(const struct output *o)
{
	return o->struck == o->first->sequence && o->struck_stream == o->first->stream;
}

/*
 * A broker that speaks 3.1.1 hangs up on a message that is too long for it, without a word: so does
 * one that is stopped. Once is an accident. One parcel must not hold up its stream for ever either.
 */
static enum output_answer broken(struct output *o, enum mqtt_state state, size_t count)
{
	o->has_asked = false;
	if (state != MQTT_AWAY)
		return answer_of(state);
	o->strikes = is_struck(o) ? o->strikes + 1 : 1;
	o->struck = o->first->sequence;
	o->struck_stream = o->first->stream;
	if (count > 1)
		return o->strikes >= STRIKES ? OUTPUT_TOO_LARGE : OUTPUT_FAILED;
	return o->strikes >= STRIKES_ALONE && o->first->body_len > LONG_PARCEL ? OUTPUT_TOO_LARGE
									       : OUTPUT_FAILED;
}

static enum output_answer await(struct output *o, size_t len, size_t count,
				struct output_result *result)
{
	uint64_t until = monotonic_second() + REPLY_SECONDS;

	while (!o->is_answered && !atomic_load(o->is_ending)) {
		enum mqtt_state state = mqtt_run(o->client, SLICE_MS, result->said);

		if (state != MQTT_READY && !o->is_answered)
			return broken(o, state, count);
		if (!o->is_answered && monotonic_second() > until) {
			(void)snprintf(
				result->said, sizeof(result->said),
				"mqtt: a batch of %zu parcels went out, but no desk answers: "
				"is the rangers' desk connected to that broker, and does the "
				"broker take messages of %zu bytes?",
				count, len);
			mqtt_drop(o->client);
			o->has_asked = false;
			return OUTPUT_FAILED;
		}
	}
	if (!o->is_answered)
		return OUTPUT_FAILED;
	if (is_struck(o))
		o->strikes = 0;
	return OUTPUT_ANSWERED;
}

static enum output_answer send_text(struct output *o, const char *text, size_t len, size_t count,
				    struct output_result *result)
{
	enum mqtt_state state = mqtt_connect(o->client, result->said);

	if (state != MQTT_READY)
		return answer_of(state);
	state = mqtt_publish(o->client, o->parcels, text, len, result->said);
	if (state != MQTT_READY)
		return broken(o, state, count);
	return await(o, len, count, result);
}

/* The desk sends orders as they come; what was sent while nobody listened is asked for. */
static void ask_for_orders(struct output *o)
{
	char said[OUTPUT_SAID_LEN];
	char text[128];
	int len;

	if (!o->inbox || (o->has_asked && !o->orders_wait))
		return;
	len = snprintf(text, sizeof(text), "{\"schema\":\"hinomi.ask/1\",\"after\":%llu}",
		       (unsigned long long)order_inbox_done(o->inbox));
	o->has_asked = mqtt_publish(o->client, o->asks, text, (size_t)len, said) == MQTT_READY;
	o->orders_wait = false;
}

/*
 * Whether there is something to be taken. Not that the desk has something: who is told that early
 * finds the inbox empty, and tries HTTPS instead.
 */
static bool tell_orders(struct output *o)
{
	bool have_come = o->orders_have_come;

	o->orders_have_come = false;
	return have_come;
}

static enum output_answer send_batch(struct output *o, const struct parcel *parcels, size_t count,
				     struct output_result *result)
{
	size_t len = 0;
	char *text = batch_text(o, parcels, count, &len);
	enum output_answer answer;

	*result = (struct output_result){ 0 };
	if (!text) {
		(void)snprintf(result->said, sizeof(result->said), "mqtt: %s",
			       err_text(ERR_MEMORY));
		return OUTPUT_FAILED;
	}
	if (len > BATCH_BYTES_MAX) {
		free(text);
		(void)snprintf(result->code, sizeof(result->code), "too_large");
		return OUTPUT_TOO_LARGE;
	}
	o->first = parcels;
	o->last = parcels[count - 1].sequence;
	o->is_answered = false;
	o->answer = &result->replies;
	answer = send_text(o, text, len, count, result);
	o->first = NULL;
	if (answer == OUTPUT_ANSWERED) {
		ask_for_orders(o);
		result->replies.has_orders = tell_orders(o);
	}
	free(text);
	if (answer == OUTPUT_TOO_LARGE && result->code[0] == '\0')
		(void)snprintf(result->code, sizeof(result->code), "mqtt_too_large");
	return answer;
}

/* Not at each turn: a broker that is away, or wants no such user, is to be left in peace. */
static void look_for_broker(struct output *o)
{
	char said[OUTPUT_SAID_LEN];
	enum mqtt_state state;

	o->has_asked = false;
	if (monotonic_second() < o->retry)
		return;
	state = mqtt_connect(o->client, said);
	o->retry =
		monotonic_second() + (state == MQTT_DENIED ? RETRY_DENIED_SECONDS : RETRY_SECONDS);
}

static void idle(struct output *o, unsigned milliseconds, bool *has_orders)
{
	char said[OUTPUT_SAID_LEN];

	if (!mqtt_is_connected(o->client))
		look_for_broker(o);
	if (mqtt_is_connected(o->client))
		ask_for_orders(o);
	if (mqtt_is_connected(o->client))
		(void)mqtt_run(o->client, milliseconds, said);
	*has_orders = tell_orders(o);
}

const struct output_kind output_mqtt = {
	.name = "mqtt",
	.is_desk = true,
	.is_wanted = is_wanted,
	.open = open_line,
	.send = send_batch,
	.idle = idle,
	.close = close_line,
};
