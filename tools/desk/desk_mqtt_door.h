/* What comes through an MQTT broker, taken as what comes over HTTPS is. A desk_mqtt_take_fn. */
#pragma once

#include "tools/desk/desk_mqtt.h"

/* `arg` is the struct desk. */
void desk_mqtt_answer(void *arg, enum desk_mqtt_topic topic, const char *sensor, const char *text,
		      size_t len, struct desk_mqtt_reply *reply);
