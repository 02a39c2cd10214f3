#include "sensor/courier/mqtt_client.h"

#include "sensor/base/monotonic.h"
#include "sensor/courier/mqtt_brokers.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEEP_ALIVE = 60, /* seconds */
	CONNECT_SECONDS = 10,
	SLICE_MS = 200,
	SESSION_SECONDS = 7 * 86400, /* a broker forgets us after that (MQTT 5) */
	BAD_USER_V3 = 4,
	NOT_ALLOWED_V3 = 5,
	FAILED_SUBSCRIPTION = 0x80,
	QOS = 1,
};

struct mqtt_client {
	struct mqtt_setup setup;
	struct mosquitto *mosquitto;
	struct mqtt_brokers brokers;
	bool is_connected;
	size_t awaited; /* subscriptions that were not answered yet */
	enum mqtt_state trouble;
	char said[OUTPUT_SAID_LEN];
};

static void start_library(void)
{
	(void)mosquitto_lib_init();
}

static void trouble(struct mqtt_client *c, enum mqtt_state state, const char *what)
{
	c->trouble = state;
	(void)snprintf(c->said, sizeof(c->said), "%s: %.60s: %.100s", c->setup.module,
		       mqtt_broker_name(&c->brokers), what);
}

static bool is_denied(const struct mqtt_client *c, int code)
{
	if (!c->setup.is_version_5)
		return code == BAD_USER_V3 || code == NOT_ALLOWED_V3;
	return code == MQTT_RC_BAD_USERNAME_OR_PASSWORD || code == MQTT_RC_NOT_AUTHORIZED;
}

static const char *words_of(const struct mqtt_client *c, int code)
{
	return c->setup.is_version_5 ? mosquitto_reason_string(code)
				     : mosquitto_connack_string(code);
}

static void subscribe(struct mqtt_client *c)
{
	c->awaited = 0;
	for (size_t i = 0; i < MQTT_TOPICS_MAX && c->setup.topics[i]; i++) {
		if (mosquitto_subscribe(c->mosquitto, NULL, c->setup.topics[i], QOS) ==
		    MOSQ_ERR_SUCCESS)
			c->awaited++;
		else
			trouble(c, MQTT_AWAY, "cannot subscribe");
	}
}

static void connected(struct mosquitto *m, void *arg, int code, int flags,
		      const mosquitto_property *properties)
{
	struct mqtt_client *c = arg;

	(void)m;
	(void)flags;
	(void)properties;
	if (code != 0) {
		trouble(c, is_denied(c, code) ? MQTT_DENIED : MQTT_AWAY, words_of(c, code));
		return;
	}
	c->is_connected = true;
	subscribe(c);
}

/* In 3.1.1 `code` is the library's own, whose 4 and 5 mean something else. */
static enum mqtt_state ended_as(const struct mqtt_client *c, int code)
{
	if (!c->setup.is_version_5)
		return MQTT_AWAY;
	if (code == MQTT_RC_PACKET_TOO_LARGE)
		return MQTT_TOO_LARGE;
	return is_denied(c, code) ? MQTT_DENIED : MQTT_AWAY;
}

static void disconnected(struct mosquitto *m, void *arg, int code,
			 const mosquitto_property *properties)
{
	struct mqtt_client *c = arg;

	(void)m;
	(void)properties;
	c->is_connected = false;
	if (c->trouble == MQTT_READY)
		trouble(c, ended_as(c, code), "the broker ended the connection");
}

static void subscribed(struct mosquitto *m, void *arg, int id, int count, const int *granted)
{
	struct mqtt_client *c = arg;

	(void)m;
	(void)id;
	for (int i = 0; i < count; i++) {
		if (granted[i] >= FAILED_SUBSCRIPTION)
			trouble(c, MQTT_DENIED, "this user may not hear its topics");
	}
	c->awaited -= c->awaited > 0;
}

/* MQTT 5 says why a message was not taken; 3.1.1 can only hang up. */
static void published(struct mosquitto *m, void *arg, int id, int code,
		      const mosquitto_property *properties)
{
	struct mqtt_client *c = arg;

	(void)m;
	(void)id;
	(void)properties;
	if (code < FAILED_SUBSCRIPTION)
		return;
	trouble(c,
		code == MQTT_RC_PACKET_TOO_LARGE ? MQTT_TOO_LARGE
		: is_denied(c, code)             ? MQTT_DENIED
						 : MQTT_AWAY,
		mosquitto_reason_string(code));
}

static void came(struct mosquitto *m, void *arg, const struct mosquitto_message *message)
{
	struct mqtt_client *c = arg;

	(void)m;
	if (message->payloadlen > 0)
		c->setup.take(c->setup.take_arg, message->topic, message->payload,
			      (size_t)message->payloadlen);
}

static const char *or_null(const char *path)
{
	return path[0] != '\0' ? path : NULL;
}

static int set_tls(struct mqtt_client *c)
{
	const struct line_config *line = c->setup.line;
	int rc;

	if (!mqtt_brokers_have_tls(&c->brokers))
		return MOSQ_ERR_SUCCESS;
	if (line->authority[0] == '\0')
		rc = mosquitto_int_option(c->mosquitto, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
	else
		rc = MOSQ_ERR_SUCCESS;
	if (rc == MOSQ_ERR_SUCCESS && (line->authority[0] != '\0' || line->certificate[0] != '\0'))
		rc = mosquitto_tls_set(c->mosquitto, or_null(line->authority),
				       line->authority[0] == '\0' ? "/etc/ssl/certs" : NULL,
				       or_null(line->certificate), or_null(line->key), NULL);
	/* The least that is spoken, not the only one. */
	return rc == MOSQ_ERR_SUCCESS ? mosquitto_tls_opts_set(c->mosquitto, 1, "tlsv1.2", NULL)
				      : rc;
}

static enum err set_up(struct mqtt_client *c, char *problem)
{
	char user[MQTT_SECRET_LEN];
	char *password;
	enum err err = mqtt_secret_read(c->setup.line->secret, user, &password);
	int rc;

	if (err != ERR_OK) {
		(void)snprintf(problem, OUTPUT_SAID_LEN,
			       "%s.secret: '%.80s' must hold one line, USER:PASSWORD",
			       c->setup.module, c->setup.line->secret);
		return err;
	}
	c->mosquitto = mosquitto_new(c->setup.client_id, false, c);
	if (!c->mosquitto) {
		explicit_bzero(user, sizeof(user));
		(void)snprintf(problem, OUTPUT_SAID_LEN, "%s: %s", c->setup.module,
			       err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	rc = mosquitto_int_option(c->mosquitto, MOSQ_OPT_PROTOCOL_VERSION,
				  c->setup.is_version_5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
	if (rc == MOSQ_ERR_SUCCESS && user[0] != '\0')
		rc = mosquitto_username_pw_set(c->mosquitto, user, password);
	explicit_bzero(user, sizeof(user));
	if (rc == MOSQ_ERR_SUCCESS)
		rc = set_tls(c);
	if (rc != MOSQ_ERR_SUCCESS) {
		(void)snprintf(problem, OUTPUT_SAID_LEN,
			       "%s: its certificates cannot be used (%s): look at %s.authority, "
			       "%s.certificate and %s.key",
			       c->setup.module, mosquitto_strerror(rc), c->setup.module,
			       c->setup.module, c->setup.module);
		return ERR_MISSING;
	}
	mosquitto_connect_v5_callback_set(c->mosquitto, connected);
	mosquitto_disconnect_v5_callback_set(c->mosquitto, disconnected);
	mosquitto_subscribe_callback_set(c->mosquitto, subscribed);
	mosquitto_publish_v5_callback_set(c->mosquitto, published);
	mosquitto_message_callback_set(c->mosquitto, came);
	return ERR_OK;
}

enum err mqtt_open(struct mqtt_client **out, const struct mqtt_setup *setup,
		   char problem[static OUTPUT_SAID_LEN])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct mqtt_client *c = calloc(1, sizeof(*c));
	enum err err;

	(void)snprintf(problem, OUTPUT_SAID_LEN, "%s", err_text(ERR_MEMORY));
	if (!c)
		return ERR_MEMORY;
	(void)pthread_once(&once, start_library);
	c->setup = *setup;
	err = mqtt_brokers_read(&c->brokers, setup->line->url, setup->module, problem);
	if (err == ERR_OK)
		err = set_up(c, problem);
	if (err != ERR_OK) {
		mqtt_close(c);
		return err;
	}
	*out = c;
	return ERR_OK;
}

void mqtt_close(struct mqtt_client *client)
{
	if (!client)
		return;
	if (client->is_connected)
		(void)mosquitto_disconnect(client->mosquitto);
	mosquitto_destroy(client->mosquitto);
	free(client);
}

static bool is_ending(const struct mqtt_client *c)
{
	return c->setup.is_ending && atomic_load(c->setup.is_ending);
}

/* One step of the library; what it notices stands in `trouble`. */
static void step(struct mqtt_client *c, int milliseconds)
{
	int rc = mosquitto_loop(c->mosquitto, milliseconds, 1);

	if (rc == MOSQ_ERR_SUCCESS)
		return;
	c->is_connected = false;
	if (c->trouble == MQTT_READY)
		trouble(c, MQTT_AWAY, mosquitto_strerror(rc));
}

/*
 * A new object for each connection. The old one would send again what no broker took, also the
 * message for which a broker hangs up: that ended each connection for ever. What was not answered
 * is sent again by who sent it.
 */
static bool renew(struct mqtt_client *c)
{
	mosquitto_destroy(c->mosquitto);
	c->mosquitto = NULL;
	if (set_up(c, c->said) == ERR_OK)
		return true;
	c->trouble = MQTT_AWAY;
	return false;
}

static int begin(struct mqtt_client *c, const struct mqtt_broker *broker)
{
	mosquitto_property *session = NULL;
	int rc = MOSQ_ERR_SUCCESS;

	if (c->setup.is_version_5)
		rc = mosquitto_property_add_int32(&session, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
						  SESSION_SECONDS);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_connect_bind_v5(c->mosquitto, broker->host, broker->port, KEEP_ALIVE,
					       NULL, session);
	mosquitto_property_free_all(&session);
	return rc;
}

static void await_session(struct mqtt_client *c)
{
	uint64_t until = monotonic_second() + CONNECT_SECONDS;

	while (!is_ending(c) && c->trouble == MQTT_READY && (!c->is_connected || c->awaited > 0)) {
		if (monotonic_second() > until)
			trouble(c, MQTT_AWAY, "answers nothing; is that an MQTT broker?");
		else
			step(c, SLICE_MS);
	}
	if (!c->is_connected && c->trouble == MQTT_READY)
		trouble(c, MQTT_AWAY, "the courier ends");
}

static void hang_up(struct mqtt_client *c)
{
	(void)mosquitto_disconnect(c->mosquitto);
	c->is_connected = false;
}

static void connect_to_one(struct mqtt_client *c)
{
	const struct mqtt_broker *broker = mqtt_broker_at(&c->brokers);
	int rc;

	c->trouble = MQTT_READY;
	c->is_connected = false;
	if (!mqtt_broker_is_there(broker, c->setup.is_ending, CONNECT_SECONDS)) {
		trouble(c, MQTT_AWAY, "nobody answers there");
		return;
	}
	if (!renew(c))
		return;
	rc = begin(c, broker);
	if (rc == MOSQ_ERR_SUCCESS)
		await_session(c);
	else
		trouble(c, MQTT_AWAY, mosquitto_strerror(rc));
	if (c->trouble != MQTT_READY)
		hang_up(c);
}

void mqtt_drop(struct mqtt_client *client)
{
	hang_up(client);
	mqtt_brokers_next(&client->brokers);
}

static enum mqtt_state tell(const struct mqtt_client *c, char *said)
{
	if (c->trouble != MQTT_READY)
		(void)snprintf(said, OUTPUT_SAID_LEN, "%s", c->said);
	return c->trouble;
}

enum mqtt_state mqtt_connect(struct mqtt_client *client, char said[static OUTPUT_SAID_LEN])
{
	if (client->is_connected && client->trouble == MQTT_READY)
		return MQTT_READY;
	for (size_t i = 0; i < mqtt_brokers_count(&client->brokers) && !is_ending(client); i++) {
		connect_to_one(client);
		if (client->trouble == MQTT_READY)
			break;
		mqtt_brokers_next(&client->brokers);
	}
	return tell(client, said);
}

enum mqtt_state mqtt_publish(struct mqtt_client *client, const char *topic, const void *payload,
			     size_t len, char said[static OUTPUT_SAID_LEN])
{
	int rc = mosquitto_publish(client->mosquitto, NULL, topic, (int)len, payload, QOS, false);

	if (rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_PAYLOAD_SIZE) {
		(void)snprintf(said, OUTPUT_SAID_LEN,
			       "%s: the broker takes no message of %zu bytes", client->setup.module,
			       len);
		return MQTT_TOO_LARGE;
	}
	if (rc != MOSQ_ERR_SUCCESS)
		trouble(client, MQTT_AWAY, mosquitto_strerror(rc));
	return tell(client, said);
}

enum mqtt_state mqtt_run(struct mqtt_client *client, unsigned milliseconds,
			 char said[static OUTPUT_SAID_LEN])
{
	if (client->trouble == MQTT_READY)
		step(client, (int)(milliseconds < SLICE_MS ? milliseconds : SLICE_MS));
	return tell(client, said);
}

bool mqtt_is_connected(const struct mqtt_client *client)
{
	return client->is_connected && client->trouble == MQTT_READY;
}
