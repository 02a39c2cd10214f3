/* Which outputs there are, and how far each has come. */
#include "sensor/courier/outbox_state.h"

#include <stdio.h>
#include <string.h>

int outbox_keep_place(struct outbox *outbox, unsigned output, enum parcel_stream stream,
		      uint64_t sequence)
{
	sqlite3_stmt *put = outbox->statement[OUTBOX_PLACE];

	(void)sqlite3_bind_int(put, 1, (int)output);
	(void)sqlite3_bind_int(put, 2, (int)stream);
	(void)sqlite3_bind_int64(put, 3, (sqlite3_int64)sequence);
	return outbox_run(outbox, OUTBOX_PLACE);
}

static int keep_output(struct outbox *outbox, unsigned number, const char *name,
		       const uint64_t places[static PARCEL_STREAMS])
{
	sqlite3_stmt *put = NULL;
	int rc = sqlite3_prepare_v2(outbox->db,
				    "INSERT INTO outputs(number, name, set_aside, settled)"
				    " VALUES(?1, ?2, 0, 0)",
				    -1, &put, NULL);

	if (rc == SQLITE_OK) {
		(void)sqlite3_bind_int(put, 1, (int)number);
		(void)sqlite3_bind_text(put, 2, name, -1, SQLITE_STATIC);
		rc = sqlite3_step(put);
	}
	(void)sqlite3_finalize(put);
	rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
	for (unsigned i = 0; i < PARCEL_STREAMS && rc == SQLITE_OK; i++)
		rc = outbox_keep_place(outbox, number, (enum parcel_stream)i, places[i]);
	return rc;
}

static enum err join(struct outbox *outbox, const char *name, bool is_desk, unsigned *number)
{
	struct outbox_output *output;
	uint64_t places[PARCEL_STREAMS] = { 0 };
	enum err err = ERR_IO;
	unsigned at = 0;
	int rc;

	while (at < outbox->outputs && strcmp(outbox->output[at].name, name) != 0)
		at++;
	if (at == OUTBOX_OUTPUTS_MAX)
		return ERR_FULL;
	*number = at;
	output = &outbox->output[at];
	if (at < outbox->outputs) {
		output->is_joined = true;
		return ERR_OK;
	}
	for (unsigned i = 0; i < PARCEL_STREAMS && !is_desk; i++)
		places[i] = outbox->head[i].sequence;
	rc = outbox_run(outbox, OUTBOX_BEGIN);
	if (rc == SQLITE_OK)
		err = outbox_end(outbox, keep_output(outbox, at, name, places));
	if (err != ERR_OK)
		return err;
	memcpy(output->settled, places, sizeof(places));
	(void)snprintf(output->name, sizeof(output->name), "%s", name);
	output->is_joined = true;
	outbox->outputs++;
	return ERR_OK;
}

enum err outbox_join(struct outbox *outbox, const char *output, bool is_desk, unsigned *number)
{
	enum err err;

	(void)pthread_mutex_lock(&outbox->lock);
	err = join(outbox, output, is_desk, number);
	(void)pthread_mutex_unlock(&outbox->lock);
	return err;
}
