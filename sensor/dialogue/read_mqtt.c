#include "dissectors/mqtt.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/session_readers.h"

enum {
	PORT_MQTT = 1883,
	TOLD_MAX = 16, /* subscriptions and publications of one side: sensors repeat themselves */
};

struct mqtt_notes {
	uint8_t level; /* of the client's CONNECT */
	uint8_t told_of_client;
	uint8_t told_of_server;
};

_Static_assert(sizeof(struct mqtt_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* Where it was not heard from its beginning, only the port tells. */
static enum dissect opens(const struct session_opening *opening)
{
	struct mqtt message;
	enum dissect got = dissect_mqtt(opening->stream, MQTT_LEVEL_UNKNOWN, &message);

	if (got == DISSECT_MALFORMED)
		return DISSECT_OTHER;
	if (opening->server_port == PORT_MQTT)
		return got;

	struct cursor first = opening->stream;

	if (!opening->from_client || cursor_u8(&first) != MQTT_CONNECT << 4)
		return DISSECT_OTHER;
	return got;
}

static bool begins(bool from_client, struct cursor bytes)
{
	struct mqtt message;

	return from_client && cursor_left(&bytes) > 0 && bytes.rest.data[0] == MQTT_CONNECT << 4 &&
	       dissect_mqtt(bytes, MQTT_LEVEL_UNKNOWN, &message) == DISSECT_OK;
}

static void tell_connect(struct hearing *hearing, const struct mqtt *message)
{
	static const char *const versions[] = {
		[MQTT_LEVEL_3_1] = "3.1",
		[MQTT_LEVEL_3_1_1] = "3.1.1",
		[MQTT_LEVEL_5] = "5",
	};
	struct attributes *said = hearing_message(hearing, MESSAGE_MQTT_CONNECT);

	attributes_add_text(said, ATTRIBUTE_VERSION, versions[message->level]);
	attributes_add_wire(said, ATTRIBUTE_CLIENT_ID, message->client_id);
	attributes_add_wire(said, ATTRIBUTE_USER, message->user_name);
	if (message->has_password)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	attributes_add_wire(said, ATTRIBUTE_WILL_TOPIC, message->will_topic);
	attributes_add_number(said, ATTRIBUTE_KEEPALIVE, message->keepalive_seconds);
	if (message->is_bridge)
		attributes_add_flag(said, ATTRIBUTE_BRIDGE);
	hearing_tell(hearing);
}

static void tell_connack(struct hearing *hearing, const struct mqtt *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_MQTT_CONNACK);

	attributes_add_number(said, ATTRIBUTE_STATUS, message->code);
	attributes_add_text(said, ATTRIBUTE_OUTCOME, message->code == 0 ? "accepted" : "refused");
	hearing_tell(hearing);
}

static void tell_topics(struct hearing *hearing, const struct mqtt *message)
{
	bool is_publish = message->type == MQTT_PUBLISH;
	struct attributes *said = hearing_message(hearing, is_publish ? MESSAGE_MQTT_PUBLISH
								      : MESSAGE_MQTT_SUBSCRIBE);

	for (uint8_t i = 0; i < message->topic_count; i++)
		attributes_add_wire(said, ATTRIBUTE_TOPICS, message->topics[i]);
	if (is_publish)
		attributes_add_number(said, ATTRIBUTE_PAYLOAD_LENGTH, message->payload_len);
	hearing_tell(hearing);
}

/* False when this side has been heard enough of. */
static bool tell(struct session_turn *turn, struct mqtt_notes *notes, const struct mqtt *message)
{
	uint8_t *told =
		turn->hearing->from_client ? &notes->told_of_client : &notes->told_of_server;

	switch (message->type) {
	case MQTT_CONNECT:
		notes->level = message->level;
		tell_connect(turn->hearing, message);
		return true;
	case MQTT_CONNACK:
		tell_connack(turn->hearing, message);
		return true;
	case MQTT_PUBLISH:
	case MQTT_SUBSCRIBE:
		tell_topics(turn->hearing, message);
		return ++*told < TOLD_MAX;
	default:
		return true;
	}
}

static struct reading read_mqtt(struct session_turn *turn)
{
	struct mqtt_notes *notes = turn->notes;
	struct mqtt message;
	enum dissect got = dissect_mqtt(turn->stream, notes->level, &message);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_lost();
	if (!tell(turn, notes, &message))
		return reading_end();
	return (struct reading){ .state = READING_ON, .skip = message.consumed };
}

const struct session_reader session_reader_mqtt = {
	.opens = opens,
	.read = read_mqtt,
	.begins = begins,
	.first_bytes = { MQTT_CONNECT << 4, MQTT_CONNECT << 4 },
};
