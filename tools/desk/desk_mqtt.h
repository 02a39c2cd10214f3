/*
 * The desk's end of a line through an MQTT broker (CONTRACT.md, "MQTT"): hears what all sensors
 * publish, and publishes what is answered. Speaks 3.1.1, which brokers of version 5 speak too.
 * QoS 1, a persistent session; connects again by itself until it is stopped.
 *
 * A thread of its own. TLS 1.2 or later with the broker's certificate always checked; without TLS
 * only a broker of this machine. The broker must let each sensor use its own topics only: here a
 * sensor is who the topic says.
 */
#pragma once

#include "sensor/base/err.h"

#include <stddef.h>

struct desk_mqtt;

enum { DESK_MQTT_PROBLEM_LEN = 160 };

enum desk_mqtt_topic {
	DESK_MQTT_PARCELS, /* hinomi.batch/1; answered by hinomi.replies/1 */
	DESK_MQTT_ASKS,    /* hinomi.ask/1; answered by hinomi.orders/1 */
};

/* What is published for it; `text` is by malloc(), NULL: nothing. */
struct desk_mqtt_reply {
	char *text;
	size_t len;
};

/* `reply` comes empty. In the line's thread, one at a time. */
typedef void desk_mqtt_take_fn(void *arg, enum desk_mqtt_topic topic, const char *sensor,
			       const char *text, size_t len, struct desk_mqtt_reply *reply);

struct desk_mqtt_setup {
	const char *url;         /* mqtts://HOST[:PORT], mqtt:// on this machine */
	const char *authority;   /* paths, each may be NULL: whom to believe; NULL: the system's */
	const char *certificate; /* our own, and … */
	const char *key;         /* … its key */
	const char *secret;      /* a file of one line, USER:PASSWORD */
	desk_mqtt_take_fn *take;
	void *arg;
};

/* The broker may be away. ERR_SYNTAX, ERR_MISSING, ERR_MEMORY: `problem` says what to mend. */
MUST_USE enum err desk_mqtt_start(struct desk_mqtt **out, const struct desk_mqtt_setup *setup,
				  char problem[static DESK_MQTT_PROBLEM_LEN]);
/* Returns when nothing is being taken any more. NULL is fine. */
void desk_mqtt_stop(struct desk_mqtt *line);
