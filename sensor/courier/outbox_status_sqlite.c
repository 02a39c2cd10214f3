/* Where everything stands: for the heartbeat, and for who asks from another process. */
#include "sensor/courier/canary.h"
#include "sensor/courier/outbox_state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MILLISECONDS = 5000 };

static void describe(const struct outbox *outbox, struct outbox_status *out)
{
	*out = (struct outbox_status){ .outputs = outbox->outputs,
				       .bytes = outbox_bytes(outbox->db),
				       .refused = outbox->refused };
	memcpy(out->head, outbox->head, sizeof(out->head));
	for (unsigned i = 0; i < outbox->outputs; i++) {
		const struct outbox_output *output = &outbox->output[i];

		memcpy(out->output[i], output->name, sizeof(out->output[i]));
		out->set_aside[i] = output->set_aside;
		out->settled[i] = output->settled_at;
		out->is_joined[i] = output->is_joined;
		for (unsigned k = 0; k < PARCEL_STREAMS; k++) {
			uint64_t head = outbox->head[k].sequence;

			out->waiting[i][k] =
				head > output->settled[k] ? head - output->settled[k] : 0;
		}
	}
}

void outbox_status(struct outbox *outbox, struct outbox_status *out)
{
	(void)pthread_mutex_lock(&outbox->lock);
	describe(outbox, out);
	out->written = store_vfs_written(outbox->vfs);
	(void)pthread_mutex_unlock(&outbox->lock);
}

static enum err complain(char *problem, enum err err, const char *folder, const char *why)
{
	(void)snprintf(problem, OUTBOX_PROBLEM_LEN, "courier.folder: %.200s: %.250s", folder, why);
	return err;
}

/* As canary.c notes it: what another wrote there is none. */
static void look_at_canary(struct outbox *outbox, struct outbox_look *out)
{
	char note[64];
	char *rest;

	if (!outbox_noted(outbox, CANARY_LAST_NOTE, note, sizeof(note)))
		return;
	out->canary_asked = strtoull(note, &rest, 10);
	out->canary_seen = strtoull(rest, NULL, 10);
}

/* The connection's own reader: nothing of it is ever written. */
static int look_into(struct outbox *outbox, struct outbox_look *out)
{
	int rc = outbox_prepare(outbox);

	if (rc == SQLITE_OK)
		rc = outbox_load_places(outbox);
	if (rc != SQLITE_OK)
		return rc;
	describe(outbox, &out->status);
	(void)outbox_noted(outbox, "sensor", out->sensor, sizeof(out->sensor));
	look_at_canary(outbox, out);
	for (unsigned i = 0; i < outbox->outputs; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "line.%s", outbox->output[i].name);
		(void)outbox_noted(outbox, name, out->said[i], sizeof(out->said[i]));
	}
	return SQLITE_OK;
}

static enum err look(struct outbox *outbox, const char *folder, struct outbox_look *out,
		     char *problem)
{
	char path[PATH_MAX];
	bool is_new = false;

	(void)snprintf(path, sizeof(path), "%s/" OUTBOX_FILE_NAME, folder);
	if (access(path, R_OK) != 0)
		return complain(problem, errno == ENOENT ? ERR_MISSING : ERR_IO, folder,
				errno == ENOENT
					? "no courier.db; has hinomi-courier run? Else set "
					  "courier.folder"
					: "only the courier's user may read courier.db: use sudo");
	if (sqlite3_open_v2(path, &outbox->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return complain(problem, ERR_IO, folder, "courier.db cannot be opened");
	(void)sqlite3_busy_timeout(outbox->db, BUSY_MILLISECONDS);
	if (outbox_schema_look(outbox->db, &is_new) != OUTBOX_FITS || is_new)
		return complain(problem, ERR_MALFORMED, folder,
				"courier.db is none of this version, or damaged; start "
				"hinomi-courier, whose log says more");
	if (look_into(outbox, out) != SQLITE_OK)
		return complain(problem, ERR_IO, folder, sqlite3_errmsg(outbox->db));
	return ERR_OK;
}

enum err outbox_look(const char *folder, struct outbox_look *out,
		     char problem[static OUTBOX_PROBLEM_LEN])
{
	struct outbox *outbox = calloc(1, sizeof(*outbox));
	enum err err;

	*out = (struct outbox_look){ 0 };
	if (!outbox)
		return complain(problem, ERR_MEMORY, folder, err_text(ERR_MEMORY));
	outbox->folder_fd = -1;
	(void)pthread_mutex_init(&outbox->lock, NULL);
	(void)pthread_cond_init(&outbox->changed, NULL);
	err = look(outbox, folder, out, problem);
	outbox_close(outbox);
	return err;
}
