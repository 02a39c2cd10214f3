#include "sensor/delivery/batch.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* What was read can be written, and is then read as the same. */
static void write_again(const struct batch *batch)
{
	char problem[BATCH_PROBLEM_LEN];
	struct batch again;
	char *chars = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&chars, &len);

	if (!out)
		abort();
	batch_write(out, batch->sensor, batch->parcels, batch->count);
	if (fclose(out) != 0)
		abort();
	if (len <= BATCH_BYTES_MAX) {
		if (batch_parse(chars, len, &again, problem) != ERR_OK ||
		    again.count != batch->count)
			abort();
		for (size_t i = 0; i < batch->count; i++) {
			if (strcmp(again.parcels[i].body, batch->parcels[i].body) != 0)
				abort();
		}
		batch_free(&again);
	}
	free(chars);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct sign_public key;
	static struct replies replies;
	char problem[BATCH_PROBLEM_LEN];
	const char *text = (const char *)data;
	struct batch batch;

	if (sign_start() != ERR_OK)
		abort();
	if (batch_parse(text, len, &batch, problem) == ERR_OK) {
		write_again(&batch);
		batch_free(&batch);
	}
	if (batch_parse_line(text, len, &batch, problem) == ERR_OK) {
		if (batch.count != 1 || parcel_check(&batch.parcels[0], &key) == PARCEL_SOUND)
			abort();
		batch_free(&batch);
	}
	if (replies_parse(text, len, &replies, problem) == ERR_OK &&
	    replies.count > BATCH_PARCELS_MAX)
		abort();
	return 0;
}
