#include "sensor/delivery/heartbeat_ends.h"

#include "sensor/base/hex.h"

#include <jansson.h>

static bool read_end(const json_t *from, struct stream_head *out)
{
	const json_t *sequence = json_object_get(from, "sequence");
	const char *chain = json_string_value(json_object_get(from, "chain"));

	if (!json_is_integer(sequence) || json_integer_value(sequence) < 0 || !chain)
		return false;
	out->sequence = (uint64_t)json_integer_value(sequence);
	return hex_bytes(chain, out->chain, SHA256_LEN);
}

void heartbeat_ends(const char *body, size_t len, struct stream_head out[static PARCEL_STREAMS])
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *streams = json_object_get(root, "streams");

	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		const char *name = parcel_stream_name((enum parcel_stream)i);

		if (!read_end(json_object_get(streams, name), &out[i]))
			out[i] = (struct stream_head){ 0 };
	}
	json_decref(root);
}
