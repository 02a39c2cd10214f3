#include "dissectors/mqtt.h"

#include "tests/support/message_cases.h"

static enum dissect run_unknown(struct cursor in, void *out)
{
	return dissect_mqtt(in, MQTT_LEVEL_UNKNOWN, out);
}

static enum dissect run_v4(struct cursor in, void *out)
{
	return dissect_mqtt(in, MQTT_LEVEL_3_1_1, out);
}

static enum dissect run_v5(struct cursor in, void *out)
{
	return dissect_mqtt(in, MQTT_LEVEL_5, out);
}

static const struct message_kind unknown = { run_unknown, sizeof(struct mqtt), false };
static const struct message_kind v4 = { run_v4, sizeof(struct mqtt), false };
static const struct message_kind v5 = { run_v5, sizeof(struct mqtt), false };

/* Of mosquitto and its clients. */
#define CONNECT_3_1                                                                        \
	"\x10\x39\x00\x06\x4d\x51\x49\x73\x64\x70\x03\xc6\x00\x1e\x00\x0b\x73\x75\x62\x2d" \
	"\x6d\x71\x74\x74\x76\x33\x31\x00\x08\x68\x61\x75\x73\x2f\x74\x6f\x74\x00\x03\x77" \
	"\x65\x67\x00\x07\x68\x65\x69\x7a\x75\x6e\x67\x00\x06\x67\x65\x68\x65\x69\x6d"
#define CONNECT_3_1_1                                                                      \
	"\x10\x38\x00\x04\x4d\x51\x54\x54\x04\xc6\x00\x1e\x00\x0c\x73\x75\x62\x2d\x6d\x71" \
	"\x74\x74\x76\x33\x31\x31\x00\x08\x68\x61\x75\x73\x2f\x74\x6f\x74\x00\x03\x77\x65" \
	"\x67\x00\x07\x68\x65\x69\x7a\x75\x6e\x67\x00\x06\x67\x65\x68\x65\x69\x6d"
#define CONNECT_5                                                                          \
	"\x10\x3b\x00\x04\x4d\x51\x54\x54\x05\xc6\x00\x1e\x03\x21\x00\x14\x00\x0a\x73\x75" \
	"\x62\x2d\x6d\x71\x74\x74\x76\x35\x00\x00\x08\x68\x61\x75\x73\x2f\x74\x6f\x74\x00" \
	"\x03\x77\x65\x67\x00\x07\x68\x65\x69\x7a\x75\x6e\x67\x00\x06\x67\x65\x68\x65\x69" \
	"\x6d"
#define CONNACK_5 "\x20\x09\x00\x00\x06\x22\x00\x0a\x21\x00\x14"
#define SUBSCRIBE_3_1_1                                                                    \
	"\x82\x19\x00\x01\x00\x0b\x68\x61\x75\x73\x2f\x2b\x2f\x74\x65\x6d\x70\x01\x00\x06" \
	"\x68\x61\x75\x73\x2f\x23\x01"
#define SUBSCRIBE_5                                                                        \
	"\x82\x1a\x00\x01\x00\x00\x0b\x68\x61\x75\x73\x2f\x2b\x2f\x74\x65\x6d\x70\x01\x00" \
	"\x06\x68\x61\x75\x73\x2f\x23\x01"
#define PUBLISH_3_1_1                                                                      \
	"\x32\x15\x00\x0d\x68\x61\x75\x73\x2f\x62\x61\x64\x2f\x74\x65\x6d\x70\x00\x01\x32" \
	"\x31\x2e\x35"
#define PUBLISH_5                                                                          \
	"\x32\x16\x00\x0d\x68\x61\x75\x73\x2f\x62\x61\x64\x2f\x74\x65\x6d\x70\x00\x01\x00" \
	"\x32\x31\x2e\x35"

static void check_connect(const struct mqtt *msg)
{
	assert_int_equal(msg->type, MQTT_CONNECT);
	assert_false(msg->is_bridge);
	assert_true(msg->is_clean);
	assert_true(msg->has_user_name);
	assert_true(msg->has_password);
	assert_int_equal(msg->keepalive_seconds, 30);
	assert_text(msg->will_topic, "haus/tot");
	assert_text(msg->user_name, "heizung");
}

static void check_connect_3_1(const void *out)
{
	const struct mqtt *msg = out;

	check_connect(msg);
	assert_int_equal(msg->level, MQTT_LEVEL_3_1);
	assert_text(msg->client_id, "sub-mqttv31");
	assert_int_equal(msg->consumed, sizeof(CONNECT_3_1) - 1);
}

static void check_connect_3_1_1(const void *out)
{
	const struct mqtt *msg = out;

	check_connect(msg);
	assert_int_equal(msg->level, MQTT_LEVEL_3_1_1);
	assert_text(msg->client_id, "sub-mqttv311");
}

static void check_connect_5(const void *out)
{
	const struct mqtt *msg = out;

	check_connect(msg);
	assert_int_equal(msg->level, MQTT_LEVEL_5);
	assert_text(msg->client_id, "sub-mqttv5");
}

static void check_bridge(const void *out)
{
	const struct mqtt *msg = out;

	assert_true(msg->is_bridge);
	assert_int_equal(msg->level, MQTT_LEVEL_3_1_1);
	assert_false(msg->is_clean);
	assert_false(msg->has_user_name);
	assert_false(msg->has_password);
	assert_text(msg->client_id, "");
}

static void check_welcome(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_CONNACK);
	assert_int_equal(msg->code, 0);
}

static void check_refusal(const void *out)
{
	assert_int_equal(((const struct mqtt *)out)->code, 5);
}

static void check_refusal_5(const void *out)
{
	assert_int_equal(((const struct mqtt *)out)->code, 0x87);
}

static void check_filters(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_SUBSCRIBE);
	assert_int_equal(msg->topic_count, 2);
	assert_text(msg->topics[0], "haus/+/temp");
	assert_text(msg->topics[1], "haus/#");
}

static void check_four_filters(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->topic_count, MQTT_TOPICS_MAX);
	assert_text(msg->topics[0], "a");
	assert_text(msg->topics[3], "d");
}

static void check_unsubscribe(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_UNSUBSCRIBE);
	assert_int_equal(msg->topic_count, 2);
	assert_text(msg->topics[1], "b");
}

static void check_publish(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_PUBLISH);
	assert_int_equal(msg->topic_count, 1);
	assert_text(msg->topics[0], "haus/bad/temp");
	assert_int_equal(msg->payload_len, 4);
}

static void check_long_publish(const void *out)
{
	const struct mqtt *msg = out;

	assert_text(msg->topics[0], "a");
	assert_int_equal(msg->payload_len, 0x200000 - 3);
	assert_int_equal(msg->consumed, 0x200000 + 5);
}

static void check_ping(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_PINGREQ);
	assert_int_equal(msg->consumed, 2);
}

static void check_suback(const void *out)
{
	const struct mqtt *msg = out;

	assert_int_equal(msg->type, MQTT_SUBACK);
	assert_int_equal(msg->consumed, 6);
}

#define HEAD_3_1_1 "\0\4MQTT\4"

static struct message_case cases[] = {
	{ "3.1 connects", &unknown, BYTES(CONNECT_3_1), DISSECT_OK, check_connect_3_1 },
	{ "3.1.1 connects", &unknown, BYTES(CONNECT_3_1_1), DISSECT_OK, check_connect_3_1_1 },
	{ "5 connects", &unknown, BYTES(CONNECT_5), DISSECT_OK, check_connect_5 },
	{ "5 connects with a will that has properties", &unknown,
	  BYTES("\x10\x1a\0\4MQTT\5\4\0\x0a\0\0\1i\5\2\0\0\0\1\0\1t\0\1p"), DISSECT_OK, NULL },
	{ "a bridge without a name", &unknown, BYTES("\x10\x0c\0\4MQTT\x84\0\0\0\0\0"), DISSECT_OK,
	  check_bridge },
	{ "SUBSCRIBE behind CONNECT", &unknown, BYTES(CONNECT_3_1 "\x82"), DISSECT_OK,
	  check_connect_3_1 },
	{ "a welcome", &unknown, BYTES("\x20\2\0\0"), DISSECT_OK, check_welcome },
	{ "a welcome to 5", &unknown, BYTES(CONNACK_5), DISSECT_OK, check_welcome },
	{ "a refusal", &unknown, BYTES("\x20\2\0\5"), DISSECT_OK, check_refusal },
	{ "a refusal to 5", &v5, BYTES("\x20\3\0\x87\0"), DISSECT_OK, check_refusal_5 },
	{ "two filters", &v4, BYTES(SUBSCRIBE_3_1_1), DISSECT_OK, check_filters },
	{ "two filters in 5", &v5, BYTES(SUBSCRIBE_5), DISSECT_OK, check_filters },
	{ "five filters", &v4, BYTES("\x82\x16\0\1\0\1a\0\0\1b\0\0\1c\0\0\1d\0\0\1e\0"), DISSECT_OK,
	  check_four_filters },
	{ "unsubscribing", &v4, BYTES("\xa2\x08\0\1\0\1a\0\1b"), DISSECT_OK, check_unsubscribe },
	{ "a message", &v4, BYTES(PUBLISH_3_1_1), DISSECT_OK, check_publish },
	{ "a message in 5", &v5, BYTES(PUBLISH_5), DISSECT_OK, check_publish },
	{ "a message whose payload has yet to come", &v4, BYTES("\x30\x80\x80\x80\x01\0\1axyz"),
	  DISSECT_OK, check_long_publish },
	{ "a ping", &v4, BYTES("\xc0\0"), DISSECT_OK, check_ping },
	{ "an acknowledgement that need not be whole", &v4, BYTES("\x90\4\0"), DISSECT_OK,
	  check_suback },
	{ "a release", &v4, BYTES("\x62\2\0\1"), DISSECT_OK, NULL },
	{ "an authentication", &v5, BYTES("\xf0\0"), DISSECT_OK, NULL },
	{ "a ping with a body", &v4, BYTES("\xd0\1\0"), DISSECT_MALFORMED, NULL },
	{ "a topic beyond its message", &v4, BYTES("\x30\3\0\5abcde"), DISSECT_MALFORMED, NULL },
	{ "properties beyond their message", &v5, BYTES("\x30\6\0\1a\x08xyzzy"), DISSECT_MALFORMED,
	  NULL },
	{ "properties of more than four bytes of length", &v5,
	  BYTES("\x30\x08\0\1a\x80\x80\x80\x80\0"), DISSECT_MALFORMED, NULL },
	{ "a filter beyond its message", &v4, BYTES("\x82\6\0\1\0\5abcde"), DISSECT_MALFORMED,
	  NULL },
	{ "a reserved flag", &unknown, BYTES("\x10\x0c" HEAD_3_1_1 "\1\0\0\0\0"), DISSECT_MALFORMED,
	  NULL },
	{ "a name beyond the packet", &unknown, BYTES("\x10\x0c" HEAD_3_1_1 "\2\0\0\0\1"),
	  DISSECT_MALFORMED, NULL },
	{ "a level that is none", &unknown, BYTES("\x10\x0c\0\4MQTT\6\2\0\0\0\0"),
	  DISSECT_MALFORMED, NULL },
	{ "a new level of the old name", &unknown, BYTES("\x10\x0e\0\6MQIsdp\4\2\0\0\0\0"),
	  DISSECT_MALFORMED, NULL },
	{ "another protocol's name", &unknown, BYTES("\x10\x0c\0\4HTTP\4\2\0\0\0\0"), DISSECT_OTHER,
	  NULL },
	{ "almost the old name", &unknown, BYTES("\x10\x0e\0\6MQIsdq\3\2\0\0\0\0"), DISSECT_OTHER,
	  NULL },
	{ "an answer with strange flags", &unknown, BYTES("\x20\2\2\0"), DISSECT_OTHER, NULL },
	{ "an answer with a strange code", &unknown, BYTES("\x20\2\0\6"), DISSECT_OTHER, NULL },
	{ "an answer without a code", &unknown, BYTES("\x20\1\0"), DISSECT_OTHER, NULL },
	{ "type 0", &unknown, BYTES("\0\0"), DISSECT_OTHER, NULL },
	{ "CONNECT with flags", &unknown, BYTES("\x11\x0c" HEAD_3_1_1 "\0\0\0\0\0"), DISSECT_OTHER,
	  NULL },
	{ "SUBSCRIBE without its flag", &unknown, BYTES("\x80\4\0\1\0\0"), DISSECT_OTHER, NULL },
	{ "a quality of 3", &unknown, BYTES("\x36\4\0\0\0\1"), DISSECT_OTHER, NULL },
	{ "a length of five bytes", &unknown, BYTES("\x10\x80\x80\x80\x80\1"), DISSECT_OTHER,
	  NULL },
	{ "nothing", &unknown, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("mqtt", cases, ARRAY_LEN(cases));
}
