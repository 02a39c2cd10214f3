/* MQTT (3.1 IBM 2010; 3.1.1 and 5.0, OASIS): devices that report to a broker, and hear from it. */
/*
 * Skipped: packet identifiers, passwords, wills but for their topic, properties, the options and
 * filters of subscriptions beyond MQTT_TOPICS_MAX, payloads, and the bodies of all other packets.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { MQTT_TOPICS_MAX = 4 };

enum mqtt_type {
	MQTT_CONNECT = 1,
	MQTT_CONNACK = 2,
	MQTT_PUBLISH = 3,
	MQTT_PUBACK = 4,
	MQTT_PUBREC = 5,
	MQTT_PUBREL = 6,
	MQTT_PUBCOMP = 7,
	MQTT_SUBSCRIBE = 8,
	MQTT_SUBACK = 9,
	MQTT_UNSUBSCRIBE = 10,
	MQTT_UNSUBACK = 11,
	MQTT_PINGREQ = 12,
	MQTT_PINGRESP = 13,
	MQTT_DISCONNECT = 14,
	MQTT_AUTH = 15,
};

enum mqtt_level {
	MQTT_LEVEL_UNKNOWN = 0,
	MQTT_LEVEL_3_1 = 3,
	MQTT_LEVEL_3_1_1 = 4,
	MQTT_LEVEL_5 = 5,
};

/* Text is unchecked, from the wire. */
struct mqtt {
	uint8_t type; /* of enum mqtt_type */

	/* CONNECT */
	uint8_t level; /* of enum mqtt_level */
	bool is_bridge;
	bool is_clean; /* nothing is kept from an earlier session */
	bool has_password;
	bool has_user_name;
	uint16_t keepalive_seconds;
	struct span client_id; /* may be empty: the broker gives one */
	struct span will_topic;
	struct span user_name;

	/* CONNACK: 0 is welcome; 1 to 5 are refusals up to 3.1.1, those of 5 begin at 128 */
	uint8_t code;

	/* SUBSCRIBE and UNSUBSCRIBE, their filters; PUBLISH, its topic. More are left out. */
	uint8_t topic_count;
	struct span topics[MQTT_TOPICS_MAX];
	uint32_t payload_len; /* PUBLISH; of level 5 with properties when the level is unknown */

	/*
	 * Bytes of the stream up to the next packet; more than there are when the end of a packet,
	 * which is not needed, has yet to come.
	 */
	size_t consumed;
};

/*
 * `stream` begins with a packet, of the `level` that the client's CONNECT had, or
 * MQTT_LEVEL_UNKNOWN. DISSECT_OTHER for a type or flags that are not MQTT's and a CONNECT of
 * another protocol: ask an unknown stream only for CONNECT, or CONNACK from its server.
 * DISSECT_TRUNCATED: more bytes of the stream are needed. `out` is set only on DISSECT_OK; its
 * spans borrow from the bytes under `stream`.
 */
MUST_USE enum dissect dissect_mqtt(struct cursor stream, uint8_t level, struct mqtt *out);
