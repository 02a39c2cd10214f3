#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/delivery/batch.h"

static const char *const status_names[REPLY_STATUSES] = {
	[REPLY_NONE] = "none",         [REPLY_STORED] = "stored", [REPLY_DUPLICATE] = "duplicate",
	[REPLY_REJECTED] = "rejected", [REPLY_LATER] = "later",
};

const char *reply_status_name(enum reply_status status)
{
	return status_names[status];
}

void batch_write(FILE *out, const char *sensor, const struct parcel *parcels, size_t count)
{
	struct json j;

	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", BATCH_SCHEMA);
	json_string(&j, "sensor", sensor);
	json_array_begin(&j, "parcels");
	for (size_t i = 0; i < count; i++)
		parcel_json(&j, NULL, &parcels[i]);
	json_array_end(&j);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}

static void write_heads(struct json *j, const struct replies *replies)
{
	char hex[PARCEL_HEX_LEN];

	json_object_begin(j, "heads");
	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		if (!replies->has_head[i])
			continue;
		json_object_begin(j, parcel_stream_name((enum parcel_stream)i));
		json_uint(j, "sequence", replies->head[i].sequence);
		hex_text(replies->head[i].chain, SHA256_LEN, hex);
		json_string(j, "chain", hex);
		json_object_end(j);
	}
	json_object_end(j);
}

void replies_write(FILE *out, const struct replies *replies)
{
	struct json j;

	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", REPLIES_SCHEMA);
	json_array_begin(&j, "replies");
	for (size_t i = 0; i < replies->count; i++) {
		const struct reply *reply = &replies->list[i];

		json_object_begin(&j, NULL);
		json_string(&j, "stream", parcel_stream_name(reply->stream));
		json_uint(&j, "sequence", reply->sequence);
		json_string(&j, "status", status_names[reply->status]);
		if (reply->code[0] != '\0')
			json_string(&j, "code", reply->code);
		if (reply->detail[0] != '\0')
			json_string(&j, "detail", reply->detail);
		json_object_end(&j);
	}
	json_array_end(&j);
	write_heads(&j, replies);
	json_bool(&j, "orders", replies->has_orders);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
}
