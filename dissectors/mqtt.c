#include "dissectors/mqtt.h"

enum {
	TYPE_SHIFT = 4,
	FLAGS_MASK = 0x0f,
	LENGTH_BYTES_MAX = 4,
	LENGTH_MORE = 0x80,
	LENGTH_BITS = 7,
};

enum {
	CONNECT_RESERVED = 0x01,
	CONNECT_CLEAN = 0x02,
	CONNECT_WILL = 0x04,
	CONNECT_PASSWORD = 0x40,
	CONNECT_USER_NAME = 0x80,
	LEVEL_BRIDGE = 0x80, /* what mosquitto and others set when they connect as a bridge */
};

enum {
	PUBLISH_QOS_MASK = 0x06,
	CONNACK_FLAG_SESSION = 0x01,
	CONNACK_CODE_MAX = 5, /* before level 5 */
	CONNACK_LEN = 2,
	ACKNOWLEDGED = 0x02, /* the flags of packets that must be answered */
};

/* The variable byte integer of 5.0, 1.5.5; false when it has more than four bytes. */
static bool read_variable(struct cursor *in, uint32_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < LENGTH_BYTES_MAX; i++) {
		uint8_t byte = cursor_u8(in);

		*value |= (uint32_t)(byte & (LENGTH_MORE - 1)) << i * LENGTH_BITS;
		if (!(byte & LENGTH_MORE))
			return true;
	}
	return false;
}

static struct span read_text(struct cursor *in)
{
	return cursor_take(in, cursor_be16(in));
}

static void skip_properties(struct cursor *in, uint8_t level)
{
	uint32_t len = 0;

	if (level < MQTT_LEVEL_5)
		return;
	if (!read_variable(in, &len))
		len = UINT32_MAX; /* fails the cursor */
	cursor_skip(in, len);
}

static bool is_text(struct span got, const char *want)
{
	return got.len == strlen(want) && memcmp(got.data, want, got.len) == 0;
}

static enum dissect read_level(struct cursor *body, struct mqtt *msg)
{
	struct cursor name = cursor_sub(body, cursor_be16(body));
	uint8_t level = cursor_u8(body);

	msg->is_bridge = (level & LEVEL_BRIDGE) != 0;
	msg->level = level & (LEVEL_BRIDGE - 1);
	if (is_text(name.rest, "MQIsdp"))
		return msg->level == MQTT_LEVEL_3_1 ? DISSECT_OK : DISSECT_MALFORMED;
	if (!is_text(name.rest, "MQTT"))
		return DISSECT_OTHER;
	if (msg->level != MQTT_LEVEL_3_1_1 && msg->level != MQTT_LEVEL_5)
		return DISSECT_MALFORMED;
	return DISSECT_OK;
}

static enum dissect read_connect(struct cursor body, struct mqtt *msg)
{
	enum dissect got = read_level(&body, msg);
	uint8_t flags = cursor_u8(&body);

	if (got != DISSECT_OK)
		return got;
	if (flags & CONNECT_RESERVED)
		return DISSECT_MALFORMED;

	msg->is_clean = (flags & CONNECT_CLEAN) != 0;
	msg->keepalive_seconds = cursor_be16(&body);
	skip_properties(&body, msg->level);
	msg->client_id = read_text(&body);
	if (flags & CONNECT_WILL) {
		skip_properties(&body, msg->level);
		msg->will_topic = read_text(&body);
		(void)read_text(&body); /* its message */
	}
	msg->has_user_name = (flags & CONNECT_USER_NAME) != 0;
	if (msg->has_user_name)
		msg->user_name = read_text(&body);
	msg->has_password = (flags & CONNECT_PASSWORD) != 0;
	if (msg->has_password)
		(void)read_text(&body);
	return cursor_ok(&body) ? DISSECT_OK : DISSECT_MALFORMED;
}

static enum dissect read_connack(struct cursor body, struct mqtt *msg)
{
	size_t len = cursor_left(&body);
	uint8_t flags = cursor_u8(&body);

	msg->code = cursor_u8(&body);
	if (!cursor_ok(&body) || flags > CONNACK_FLAG_SESSION)
		return DISSECT_OTHER;
	if (len == CONNACK_LEN && msg->code > CONNACK_CODE_MAX)
		return DISSECT_OTHER;
	return DISSECT_OK;
}

static enum dissect read_filters(struct cursor body, uint8_t level, struct mqtt *msg)
{
	bool has_options = msg->type == MQTT_SUBSCRIBE;

	cursor_skip(&body, sizeof(uint16_t)); /* packet identifier */
	skip_properties(&body, level);
	while (cursor_left(&body) > 0) { /* each turn eats at least two bytes */
		struct span filter = read_text(&body);

		cursor_skip(&body, has_options ? 1 : 0);
		if (msg->topic_count < MQTT_TOPICS_MAX)
			msg->topics[msg->topic_count++] = filter;
	}
	return cursor_ok(&body) ? DISSECT_OK : DISSECT_MALFORMED;
}

/*
 * Only what stands before the payload need be there. `stream` may hold more than the packet, whose
 * body has `len` bytes.
 */
static enum dissect read_publish(struct cursor stream, uint32_t len, uint8_t flags, uint8_t level,
				 struct mqtt *msg)
{
	bool is_cut = cursor_left(&stream) < len;
	struct cursor body = { .rest = cursor_take_up_to(&stream, len) };
	struct cursor whole = body;

	msg->topics[msg->topic_count++] = read_text(&body);
	if (flags & PUBLISH_QOS_MASK)
		cursor_skip(&body, sizeof(uint16_t)); /* packet identifier */
	skip_properties(&body, level);
	if (!cursor_ok(&body))
		return is_cut ? DISSECT_TRUNCATED : DISSECT_MALFORMED;
	msg->payload_len = len - (uint32_t)cursor_offset(&body, &whole);
	return DISSECT_OK;
}

/* 3.1.1, 2.2.2: only PUBLISH has flags of its own; 3.1 let some others be sent again, too. */
static bool has_right_flags(uint8_t type, uint8_t flags)
{
	switch (type) {
	case MQTT_PUBLISH:
		return (flags & PUBLISH_QOS_MASK) != PUBLISH_QOS_MASK;
	case MQTT_PUBREL:
	case MQTT_SUBSCRIBE:
	case MQTT_UNSUBSCRIBE:
		return (flags & PUBLISH_QOS_MASK) == ACKNOWLEDGED;
	default:
		return type != 0 && flags == 0;
	}
}

/* A CONNECT shows soon whether it is one, a stream of another protocol need not be waited for. */
static bool is_other_connect(struct cursor body)
{
	static const uint8_t now[] = { 0, 4, 'M', 'Q', 'T', 'T' };
	static const uint8_t before[] = { 0, 6, 'M', 'Q', 'I', 's' };
	struct span start = cursor_take_up_to(&body, sizeof(now));

	if (start.len == 0)
		return false;
	return memcmp(start.data, now, start.len) != 0 &&
	       memcmp(start.data, before, start.len) != 0;
}

static enum dissect read_body(struct cursor stream, uint32_t len, uint8_t flags, uint8_t level,
			      struct mqtt *msg)
{
	if (msg->type == MQTT_PUBLISH)
		return read_publish(stream, len, flags, level, msg);
	if (msg->type == MQTT_CONNECT && is_other_connect(stream))
		return DISSECT_OTHER;

	struct cursor body = cursor_sub(&stream, len);

	switch (msg->type) {
	case MQTT_CONNECT:
		return cursor_ok(&body) ? read_connect(body, msg) : DISSECT_TRUNCATED;
	case MQTT_CONNACK:
		return cursor_ok(&body) ? read_connack(body, msg) : DISSECT_TRUNCATED;
	case MQTT_SUBSCRIBE:
	case MQTT_UNSUBSCRIBE:
		return cursor_ok(&body) ? read_filters(body, level, msg) : DISSECT_TRUNCATED;
	case MQTT_PINGREQ:
	case MQTT_PINGRESP:
		return len == 0 ? DISSECT_OK : DISSECT_MALFORMED;
	default: /* nothing in them is wanted, so they need not be there */
		return DISSECT_OK;
	}
}

enum dissect dissect_mqtt(struct cursor stream, uint8_t level, struct mqtt *out)
{
	struct cursor whole = stream;
	struct mqtt msg = { 0 };
	uint8_t first = cursor_u8(&stream);
	uint8_t flags = first & FLAGS_MASK;
	uint32_t len = 0;

	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	msg.type = first >> TYPE_SHIFT;
	if (!has_right_flags(msg.type, flags))
		return DISSECT_OTHER;
	if (!read_variable(&stream, &len))
		return DISSECT_OTHER;
	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;

	enum dissect got = read_body(stream, len, flags, level, &msg);

	if (got != DISSECT_OK)
		return got;
	msg.consumed = cursor_offset(&stream, &whole) + len;
	*out = msg;
	return DISSECT_OK;
}
