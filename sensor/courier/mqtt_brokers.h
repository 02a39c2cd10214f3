/*
 * Which brokers there are: the text of mqtt.url, "mqtts://HOST:PORT", several with commas between.
 * Plain values, and one look whether somebody answers. One thread.
 */
#pragma once

#include "sensor/courier/output.h"

enum { MQTT_BROKERS_MAX = 8, MQTT_HOST_LEN = 128, MQTT_SECRET_LEN = 512 };

struct mqtt_broker {
	char host[MQTT_HOST_LEN];
	uint16_t port;
};

struct mqtt_brokers {
	struct mqtt_broker list[MQTT_BROKERS_MAX];
	size_t count;
	size_t at; /* the one that is tried, or spoken to */
	bool is_tls;
};

/* ERR_SYNTAX; `problem` is one line. */
MUST_USE enum err mqtt_brokers_read(struct mqtt_brokers *brokers, const char *url,
				    const char *module, char problem[static OUTPUT_SAID_LEN]);

size_t mqtt_brokers_count(const struct mqtt_brokers *brokers);
bool mqtt_brokers_have_tls(const struct mqtt_brokers *brokers);
const struct mqtt_broker *mqtt_broker_at(const struct mqtt_brokers *brokers);
const char *mqtt_broker_name(const struct mqtt_brokers *brokers);
void mqtt_brokers_next(struct mqtt_brokers *brokers);

/*
 * Whether one of the broker's addresses takes a connection within so many seconds: libmosquitto
 * would wait for the system's minutes. Gives up when `*is_ending`, which may be NULL.
 */
bool mqtt_broker_is_there(const struct mqtt_broker *broker, const atomic_bool *is_ending,
			  unsigned seconds);

/*
 * The line of a file, USER:PASSWORD, in two; both "" when `path` is "". `*password` points into
 * `user`. ERR_MISSING, ERR_SYNTAX.
 */
MUST_USE enum err mqtt_secret_read(const char *path, char user[static MQTT_SECRET_LEN],
				   char **password);
