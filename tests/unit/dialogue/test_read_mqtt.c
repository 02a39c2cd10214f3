#include "tests/unit/dialogue/dialogue_bench.h"

static const struct dialogue_part session[] = {
	CLIENT("\x10\x1f\x00\x04MQTT\x04\xc6\x00\x3c\x00\x02t1\x00\x01w\x00\x03"
	       "end\x00\x04"
	       "anna\x00\x01p"),
	SERVER("\x20\x02\x00\x00"),
	CLIENT("\x82\x0d\x00\x01\x00\x03"
	       "a/#\x00\x00\x02"
	       "c/\x00"),
	SERVER("\x90\x04\x00\x01\x00\x00"),
	SERVER("\x30\x06\x00\x03"
	       "a/bx\xc0\x00\x30\x05\x00\x03"
	       "a/c"),
	CLIENT("\xc0\x00\xe0\x00"),
};

static const struct dialogue_part refused[] = {
	CLIENT("\x10\x0e\x00\x06MQIsdp\x03\x00\x00\x00\x00\x00"),
	SERVER("\x20\x02\x00\x05"),
};

static const struct dialogue_part midstream[] = {
	CLIENT("\x30\x05\x00\x03"
	       "a/c"),
};

static const struct dialogue_part other[] = {
	CLIENT("\x10\x0c\x00\x04HTTP\x04\x00\x00\x00\x00\x00"),
	SERVER("\x20\x02\x00\x00"),
};

static struct dialogue dialogues[] = {
	{ "a login, topics, publications", 1883, session, ARRAY_LEN(session),
	  "> mqtt.connect version=3.1.1 client_id=t1 user=anna password will_topic=w "
	  "keepalive_seconds=60\n"
	  "< mqtt.connack status=0 outcome=accepted\n"
	  "> mqtt.subscribe topics=a/# topics=c/\n"
	  "< mqtt.publish topics=a/b payload_length=1\n"
	  "< mqtt.publish topics=a/c payload_length=0\n" },
	{ "3.1, refused", 4883, refused, ARRAY_LEN(refused),
	  "> mqtt.connect version=3.1 keepalive_seconds=0\n"
	  "< mqtt.connack status=5 outcome=refused\n" },
	{ "not from its beginning", 1883, midstream, ARRAY_LEN(midstream),
	  "> mqtt.publish topics=a/c payload_length=0\n" },
	{ "what is no MQTT", 4883, other, ARRAY_LEN(other), "" },
};

int main(void)
{
	return dialogue_run_all("read_mqtt", dialogues, ARRAY_LEN(dialogues));
}
