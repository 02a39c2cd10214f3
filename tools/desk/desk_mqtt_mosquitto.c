#include "tools/desk/desk_mqtt.h"

#include "tools/desk/desk_folder.h"

#include <arpa/inet.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	HOST_LEN = 256,
	NAME_LEN = 64,
	TOPIC_LEN = 128,
	PORT_PLAIN = 1883,
	PORT_TLS = 8883,
	PORT_LAST = 65535,
	KEEP_ALIVE = 60, /* seconds */
	SLICE_MS = 200,
	REST_SLICES = 10, /* before it connects again */
	REFUSED = 0x80,
	QOS = 1,
};

static const char prefix[] = "hinomi/1/";

struct desk_mqtt {
	struct mosquitto *mosquitto;
	char host[HOST_LEN];
	int port;
	bool is_tls;
	desk_mqtt_take_fn *take;
	void *arg;
	atomic_bool is_ending;
	bool is_started;
	bool is_failing; /* and somebody was told */
	pthread_t thread;
};

static void start_library(void)
{
	(void)mosquitto_lib_init();
}

/* Once for each time that the broker goes. */
static void fail(struct desk_mqtt *line, const char *what)
{
	if (!line->is_failing && !atomic_load(&line->is_ending))
		(void)fprintf(stderr, "hinomi-desk: MQTT broker %s, port %d: %s; tried again\n",
			      line->host, line->port, what);
	line->is_failing = true;
}

static void connected(struct mosquitto *m, void *arg, int code)
{
	static const char *const topics[] = { "hinomi/1/+/parcels", "hinomi/1/+/asks" };
	struct desk_mqtt *line = arg;

	if (code != 0) {
		fail(line, mosquitto_connack_string(code));
		return;
	}
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		if (mosquitto_subscribe(m, NULL, topics[i], QOS) != MOSQ_ERR_SUCCESS)
			fail(line, "cannot subscribe");
	}
	if (line->is_failing)
		(void)fprintf(stderr, "hinomi-desk: MQTT broker %s works again\n", line->host);
	line->is_failing = false;
}

static void subscribed(struct mosquitto *m, void *arg, int id, int count, const int *granted)
{
	(void)m;
	(void)id;
	for (int i = 0; i < count; i++) {
		if (granted[i] >= REFUSED)
			fail(arg, "the desk's user may not hear hinomi/1/+/parcels and .../asks");
	}
}

/* hinomi/1/SENSOR/parcels; false: none of ours. */
static bool read_topic(const char *text, char sensor[static NAME_LEN], enum desk_mqtt_topic *topic)
{
	const char *name = text + sizeof(prefix) - 1;
	const char *end;

	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return false;
	end = strchr(name, '/');
	if (!end || end == name || end - name >= NAME_LEN)
		return false;
	(void)snprintf(sensor, NAME_LEN, "%.*s", (int)(end - name), name);
	*topic = strcmp(end, "/asks") == 0 ? DESK_MQTT_ASKS : DESK_MQTT_PARCELS;
	return strcmp(end, "/asks") == 0 || strcmp(end, "/parcels") == 0;
}

static void came(struct mosquitto *m, void *arg, const struct mosquitto_message *message)
{
	static const char *const answers[] = {
		[DESK_MQTT_PARCELS] = "replies", [DESK_MQTT_ASKS] = "orders"
	};
	struct desk_mqtt *line = arg;
	enum desk_mqtt_topic topic;
	char sensor[NAME_LEN];
	char to[TOPIC_LEN];
	struct desk_mqtt_reply reply = { 0 };

	if (message->payloadlen <= 0 || !read_topic(message->topic, sensor, &topic))
		return;
	line->take(line->arg, topic, sensor, message->payload, (size_t)message->payloadlen, &reply);
	if (!reply.text)
		return;
	(void)snprintf(to, sizeof(to), "%s%s/%s", prefix, sensor, answers[topic]);
	/* Where it does not go out, the sensor sends again. */
	(void)mosquitto_publish(m, NULL, to, (int)reply.len, reply.text, QOS, false);
	free(reply.text);
}

static void rest(const struct desk_mqtt *line)
{
	const struct timespec slice = { .tv_nsec = SLICE_MS * 1000000L };

	for (int i = 0; i < REST_SLICES && !atomic_load(&line->is_ending); i++)
		(void)nanosleep(&slice, NULL);
}

static void *run(void *arg)
{
	struct desk_mqtt *line = arg;
	int rc = mosquitto_connect_async(line->mosquitto, line->host, line->port, KEEP_ALIVE);

	while (!atomic_load(&line->is_ending)) {
		if (rc == MOSQ_ERR_SUCCESS)
			rc = mosquitto_loop(line->mosquitto, SLICE_MS, 1);
		if (rc == MOSQ_ERR_SUCCESS)
			continue;
		fail(line, mosquitto_strerror(rc));
		rest(line);
		if (!atomic_load(&line->is_ending))
			rc = mosquitto_reconnect_async(line->mosquitto);
	}
	return NULL;
}

static bool is_loopback(const char *host)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0;
}

/* Takes HOST, HOST:PORT, [V6] or [V6]:PORT apart; false: it is none of them. */
static bool read_host(struct desk_mqtt *line, const char *text)
{
	bool is_v6 = *text == '[';
	const char *host = text + is_v6;
	size_t len = strcspn(host, is_v6 ? "]" : ":/");
	const char *rest = host + len + (is_v6 && host[len] == ']');
	char *end = NULL;

	if (len == 0 || len >= HOST_LEN || (is_v6 && host[len] != ']'))
		return false;
	(void)snprintf(line->host, HOST_LEN, "%.*s", (int)len, host);
	line->port = line->is_tls ? PORT_TLS : PORT_PLAIN;
	if (*rest == ':') {
		long port = strtol(rest + 1, &end, 10);

		if (end == rest + 1 || port < 1 || port > PORT_LAST)
			return false;
		line->port = (int)port;
		rest = end;
	}
	return *rest == '\0' || strcmp(rest, "/") == 0;
}

static bool read_url(struct desk_mqtt *line, const char *url)
{
	static const char secure[] = "mqtts://";
	static const char plain[] = "mqtt://";

	line->is_tls = strncmp(url, secure, sizeof(secure) - 1) == 0;
	if (line->is_tls)
		return read_host(line, url + sizeof(secure) - 1);
	return strncmp(url, plain, sizeof(plain) - 1) == 0 &&
	       read_host(line, url + sizeof(plain) - 1) && is_loopback(line->host);
}

static int set_tls(const struct desk_mqtt *line, const struct desk_mqtt_setup *setup)
{
	int rc = MOSQ_ERR_SUCCESS;

	if (!line->is_tls)
		return rc;
	if (!setup->authority)
		rc = mosquitto_int_option(line->mosquitto, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_tls_set(line->mosquitto, setup->authority,
				       setup->authority ? NULL : "/etc/ssl/certs",
				       setup->certificate, setup->key, NULL);
	/* The least that is spoken, not the only one. */
	return rc == MOSQ_ERR_SUCCESS ? mosquitto_tls_opts_set(line->mosquitto, 1, "tlsv1.2", NULL)
				      : rc;
}

static int set_user(const struct desk_mqtt *line, const char *path)
{
	char *text = NULL;
	char *password;
	int rc = MOSQ_ERR_INVAL;

	if (!path)
		return MOSQ_ERR_SUCCESS;
	if (desk_folder_read(path, &text) != ERR_OK)
		return rc;
	desk_folder_trim(text);
	password = strchr(text, ':');
	if (password && password != text) {
		*password++ = '\0';
		rc = mosquitto_username_pw_set(line->mosquitto, text, password);
	}
	explicit_bzero(text, strlen(text));
	free(text);
	return rc;
}

/* NULL, or what is wrong. */
static const char *set_up(struct desk_mqtt *line, const struct desk_mqtt_setup *setup)
{
	if (!read_url(line, setup->url))
		return "--mqtt: is to be mqtts://HOST:PORT, or mqtt://127.0.0.1:PORT on this "
		       "machine";
	line->mosquitto = mosquitto_new("hinomi-desk", false, line);
	if (!line->mosquitto)
		return err_text(ERR_MEMORY);
	if (mosquitto_int_option(line->mosquitto, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V311) !=
	    MOSQ_ERR_SUCCESS)
		return "libmosquitto speaks no MQTT 3.1.1";
	if (set_user(line, setup->secret) != MOSQ_ERR_SUCCESS)
		return "--mqtt-secret: the file must hold one line, USER:PASSWORD";
	if (set_tls(line, setup) != MOSQ_ERR_SUCCESS)
		return "--mqtt-authority, --mqtt-certificate, --mqtt-key: they cannot be used";
	mosquitto_connect_callback_set(line->mosquitto, connected);
	mosquitto_subscribe_callback_set(line->mosquitto, subscribed);
	mosquitto_message_callback_set(line->mosquitto, came);
	return NULL;
}

enum err desk_mqtt_start(struct desk_mqtt **out, const struct desk_mqtt_setup *setup,
			 char problem[static DESK_MQTT_PROBLEM_LEN])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct desk_mqtt *line = calloc(1, sizeof(*line));
	const char *wrong = err_text(ERR_MEMORY);
	enum err err = ERR_MEMORY;

	(void)pthread_once(&once, start_library);
	if (line) {
		line->take = setup->take;
		line->arg = setup->arg;
		wrong = set_up(line, setup);
		err = wrong ? ERR_SYNTAX : ERR_OK;
	}
	if (err == ERR_OK) {
		line->is_started = pthread_create(&line->thread, NULL, run, line) == 0;
		err = line->is_started ? ERR_OK : ERR_MEMORY;
		wrong = err_text(err);
	}
	if (err == ERR_OK) {
		*out = line;
		return ERR_OK;
	}
	(void)snprintf(problem, DESK_MQTT_PROBLEM_LEN, "%s", wrong);
	desk_mqtt_stop(line);
	return err;
}

void desk_mqtt_stop(struct desk_mqtt *line)
{
	if (!line)
		return;
	atomic_store(&line->is_ending, true);
	if (line->is_started)
		(void)pthread_join(line->thread, NULL);
	(void)mosquitto_disconnect(line->mosquitto);
	mosquitto_destroy(line->mosquitto);
	free(line);
}
