/*
 * A session with an MQTT broker (3.1.1 or 5) over libmosquitto: QoS 1, persistent, TLS 1.2 or later
 * with the broker's certificate always checked. Without TLS only brokers of this machine are spoken
 * to, for tests. Several brokers of one cluster may be named; when one fails the next is tried.
 *
 * One thread. Bounds: 10 s to connect, 10 s for the broker's answer.
 */
#pragma once

#include "sensor/courier/output.h"

struct mqtt_client;

/* A message that came. Borrowed for the call. */
typedef void mqtt_take_fn(void *arg, const char *topic, const void *payload, size_t len);

enum { MQTT_TOPICS_MAX = 4, MQTT_TOPIC_LEN = 128 };

struct mqtt_setup {
	const struct line_config
		*line;      /* borrowed, as all of it; `url` may be a list with commas */
	const char *module; /* "mqtt": whose options messages name; a literal */
	bool is_version_5;
	const char *client_id;
	const char *topics[MQTT_TOPICS_MAX]; /* to be heard; NULL at the end */
	mqtt_take_fn *take;
	void *take_arg;
	const atomic_bool *is_ending; /* looked at each 200 ms; NULL: never */
};

/* Nothing is sent. ERR_SYNTAX, ERR_MISSING, ERR_MEMORY: `problem` is one line. */
MUST_USE enum err mqtt_open(struct mqtt_client **out, const struct mqtt_setup *setup,
			    char problem[static OUTPUT_SAID_LEN]);
/* Says good-bye to the broker. NULL is fine. */
void mqtt_close(struct mqtt_client *client);

enum mqtt_state {
	MQTT_READY,  /* connected, and all topics are subscribed to */
	MQTT_AWAY,   /* no broker answers */
	MQTT_DENIED, /* user or password, or what they may do */
	MQTT_TOO_LARGE,
};

/* Connects where it is not. `said` is one line when the answer is not MQTT_READY. */
enum mqtt_state mqtt_connect(struct mqtt_client *client, char said[static OUTPUT_SAID_LEN]);

/* Ends the connection; what no broker took yet is forgotten, and the next one named is tried. */
void mqtt_drop(struct mqtt_client *client);

/* Hands a message to the library; what became of it mqtt_run() finds out. */
enum mqtt_state mqtt_publish(struct mqtt_client *client, const char *topic, const void *payload,
			     size_t len, char said[static OUTPUT_SAID_LEN]);

/* Lets the session live for at most so long: less when something came. */
enum mqtt_state mqtt_run(struct mqtt_client *client, unsigned milliseconds,
			 char said[static OUTPUT_SAID_LEN]);

bool mqtt_is_connected(const struct mqtt_client *client);
