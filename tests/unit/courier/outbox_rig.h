/* A folder of its own for each test, an outbox in it, and what it said. */
#pragma once

#include "sensor/courier/outbox.h"
#include "sensor/delivery/stream_check.h"
#include "tests/support/cmocka.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIG_MADE (UINT64_C(1790813528) * NANOTIME_SECOND)

struct rig {
	char folder[128];
	char said[4096];
	char problem[OUTBOX_PROBLEM_LEN];
	struct outbox_setup setup;
	struct outbox *outbox;
};

static inline void rig_say(void *arg, const char *line)
{
	struct rig *rig = arg;
	size_t len = strlen(rig->said);

	(void)snprintf(rig->said + len, sizeof(rig->said) - len, "%s\n", line);
}

static inline void rig_make(struct rig *rig)
{
	const char *base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";

	memset(rig, 0, sizeof(*rig));
	(void)snprintf(rig->folder, sizeof(rig->folder), "%s/hinomi-outbox-XXXXXX", base);
	assert_non_null(mkdtemp(rig->folder));
	rig->setup = (struct outbox_setup){ .folder = rig->folder,
					    .sensor = "",
					    .size_bytes = 16 << 20,
					    .say = rig_say,
					    .say_arg = rig };
}

static inline void rig_open(struct rig *rig)
{
	enum err err = outbox_open(&rig->outbox, &rig->setup, rig->problem);

	if (err != ERR_OK)
		print_message("%s\n", rig->problem);
	assert_int_equal(err, ERR_OK);
}

static inline void rig_close(struct rig *rig)
{
	outbox_close(rig->outbox);
	rig->outbox = NULL;
}

static inline void rig_remove(struct rig *rig)
{
	DIR *folder = opendir(rig->folder);

	rig_close(rig);
	assert_non_null(folder);
	for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), e->d_name, 0);
	}
	(void)closedir(folder);
	(void)rmdir(rig->folder);
}

static inline enum err rig_put_body(struct rig *rig, enum parcel_stream stream, const char *key,
				    uint64_t revision, const char *body, size_t len)
{
	const struct outbox_row row = { .stream = stream,
					.kind = PARCEL_CASE,
					.key = key,
					.revision = revision,
					.made = RIG_MADE,
					.body = body,
					.body_len = len };

	return outbox_put(rig->outbox, &row, 1);
}

static inline enum err rig_put(struct rig *rig, enum parcel_stream stream, const char *key,
			       uint64_t revision)
{
	return rig_put_body(rig, stream, key, revision, "{\"a\":1}", 7);
}

static inline unsigned rig_join(struct rig *rig, const char *name, bool is_desk)
{
	unsigned number = 99;

	assert_int_equal(outbox_join(rig->outbox, name, is_desk, &number), ERR_OK);
	return number;
}

/* What a desk would answer, all of one word. */
static inline void rig_answer(const struct outbox_batch *batch, enum reply_status status,
			      struct replies *replies)
{
	memset(replies, 0, sizeof(*replies));
	for (size_t i = 0; i < batch->count; i++) {
		struct reply *reply = &replies->list[replies->count++];

		reply->stream = batch->parcels[i].stream;
		reply->sequence = batch->parcels[i].sequence;
		reply->status = status;
		(void)snprintf(reply->code, sizeof(reply->code), "%s",
			       status == REPLY_REJECTED ? "bad_body" : "");
	}
}

/*
 * Takes all that waits, as a desk does: each signed by that key, following the one before. Returns
 * how many came.
 */
static inline size_t rig_deliver(struct rig *rig, unsigned output,
				 struct stream_head heads[static PARCEL_STREAMS])
{
	struct outbox_batch batch;
	static struct replies replies;
	struct sign_public key;
	size_t count = 0;
	size_t settled;

	outbox_key(rig->outbox, &key);
	while (outbox_next(rig->outbox, output, 64, 1 << 20, &batch)) {
		for (size_t i = 0; i < batch.count; i++) {
			struct stream_head *head = &heads[batch.stream];

			assert_int_equal(parcel_check(&batch.parcels[i], &key), PARCEL_SOUND);
			assert_int_equal(stream_place(head, &batch.parcels[i], NULL), STREAM_NEXT);
			stream_advance(head, &batch.parcels[i]);
		}
		count += batch.count;
		rig_answer(&batch, REPLY_STORED, &replies);
		assert_int_equal(outbox_settle(rig->outbox, output, &batch, &replies, &settled),
				 ERR_OK);
		assert_int_equal(settled, batch.count);
		outbox_batch_free(&batch);
	}
	return count;
}
