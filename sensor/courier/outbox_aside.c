#include "sensor/base/hex.h"
#include "sensor/courier/memory_text.h"
#include "sensor/courier/outbox_state.h"

char *outbox_aside_body(const struct parcel *parcel, const char *output, const char *code,
			const char *detail, size_t *len)
{
	struct memory_text text;
	struct json j;
	char hex[PARCEL_HEX_LEN];

	if (!memory_text_open(&text, &j))
		return NULL;
	hex_text(parcel->digest, SHA256_LEN, hex);
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.set_aside/1");
	json_string(&j, "stream", parcel_stream_name(parcel->stream));
	json_uint(&j, "sequence", parcel->sequence);
	json_string(&j, "digest", hex);
	json_string(&j, "output", output);
	json_string(&j, "code", code);
	json_string(&j, "detail", detail);
	json_object_end(&j);
	return memory_text_close(&text, &j, len);
}
