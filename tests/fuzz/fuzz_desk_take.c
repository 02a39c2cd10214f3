#include "tests/fuzz/fuzz.h"
#include "tests/support/desk_folder.h"
#include "tools/desk/desk_take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORGET_AFTER = 500 };

static struct desk_folder folder;

static void end(void)
{
	desk_folder_close(&folder);
}

/* Anew now and then: what is held makes each input slower, and depend on those before. */
static void prepare(void)
{
	static unsigned rounds;

	if (rounds == 0)
		(void)atexit(end);
	else if (rounds % FORGET_AFTER == 0)
		desk_folder_close(&folder);
	if (rounds++ % FORGET_AFTER == 0)
		desk_folder_open(&folder);
}

/* What is taken has replies that a courier can read, one for each parcel. */
static void take(const char *text, size_t len, size_t want)
{
	static struct replies replies;
	char problem[BATCH_PROBLEM_LEN];
	struct desk_reply out = { 0 };
	enum err err = desk_take(folder.store, NULL, text, len, 1, &out);

	if (err == ERR_IO || err == ERR_MEMORY || (err != ERR_OK && want > 0))
		abort();
	if (err == ERR_OK && replies_parse(out.text, out.len, &replies, problem) != ERR_OK)
		abort();
	if (err == ERR_OK && want > 0 && replies.count != want)
		abort();
	free(out.text);
}

/* No change gets past a signature: so what could be read is signed, and taken once more. */
static void take_signed(struct batch *batch)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	if (!stream)
		abort();
	for (size_t i = 0; i < batch->count; i++) {
		memcpy(batch->parcels[i].sensor, DESK_FOLDER_SENSOR, sizeof(DESK_FOLDER_SENSOR));
		parcel_seal(&batch->parcels[i], &folder.secret);
	}
	batch_write(stream, DESK_FOLDER_SENSOR, batch->parcels, batch->count);
	if (fclose(stream) != 0)
		abort();
	if (len <= BATCH_BYTES_MAX)
		take(text, len, batch->count);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char problem[BATCH_PROBLEM_LEN];
	struct batch batch;

	prepare();
	take((const char *)data, len, 0);
	if (batch_parse((const char *)data, len, &batch, problem) == ERR_OK) {
		take_signed(&batch);
		batch_free(&batch);
	}
	return 0;
}
