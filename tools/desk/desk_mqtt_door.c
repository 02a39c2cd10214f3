#include "tools/desk/desk_mqtt_door.h"

#include "sensor/delivery/batch.h"
#include "tools/desk/desk.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_orders.h"
#include "tools/desk/desk_take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take_parcels(const struct desk *desk, const char *sensor, const char *text, size_t len,
			 struct desk_reply *out)
{
	enum err err = ERR_RANGE;

	if (len <= BATCH_BYTES_MAX)
		err = desk_take(desk->store, sensor, text, len, desk_now(), out);
	else
		(void)snprintf(out->problem, sizeof(out->problem), "%zu bytes are too long", len);
	/* There is no word for it on this line: the sensor hears nothing, and says so. */
	if (err != ERR_OK)
		(void)fprintf(stderr, "hinomi-desk: MQTT: a message of %s was not taken: %s\n",
			      sensor, out->problem);
}

static void give_orders(const struct desk *desk, const char *sensor, const char *text, size_t len,
			struct desk_reply *out)
{
	struct desk_body ask;
	FILE *stream = NULL;
	bool is_ask = desk_body_open(&ask, text, len) &&
		      strcmp(desk_body_text(&ask, "schema"), "hinomi.ask/1") == 0;
	int64_t after = is_ask ? desk_body_number(&ask, "after") : 0;
	bool has_failed;

	desk_body_close(&ask);
	if (is_ask)
		stream = open_memstream(&out->text, &out->len);
	if (!stream)
		return;
	desk_begin(desk->store);
	desk_orders_write(desk->store, sensor, after, stream);
	has_failed = desk_has_failed(desk->store);
	desk_rollback(desk->store);
	if (fclose(stream) != 0 || has_failed) {
		free(out->text);
		out->text = NULL;
	}
}

void desk_mqtt_answer(void *arg, enum desk_mqtt_topic topic, const char *sensor, const char *text,
		      size_t len, struct desk_mqtt_reply *reply)
{
	struct desk_reply out = { 0 };

	if (topic == DESK_MQTT_PARCELS)
		take_parcels(arg, sensor, text, len, &out);
	else
		give_orders(arg, sensor, text, len, &out);
	*reply = (struct desk_mqtt_reply){ out.text, out.len };
}
