/*
 * What is sent at once, "hinomi.batch/1", and what is answered, "hinomi.replies/1": a word for each
 * parcel. The schemas stand beside this file. One thread for each object.
 */
#pragma once

#include "sensor/delivery/parcel.h"

#include <stdio.h>

#define BATCH_SCHEMA   "hinomi.batch/1"
#define REPLIES_SCHEMA "hinomi.replies/1"

enum {
	BATCH_PARCELS_MAX = 256,
	BATCH_BYTES_MAX = 4 << 20, /* of the JSON text; what is larger is refused unread */
	BATCH_PROBLEM_LEN = 160,
	REPLY_CODE_LEN = 32,
	REPLY_DETAIL_LEN = 160,
};

/* All in one text of one line. */
void batch_write(FILE *out, const char *sensor, const struct parcel *parcels, size_t count);

/* What of a batch could be read. The parcels borrow from `root`. */
struct batch {
	char sensor[PARCEL_SENSOR_LEN];
	struct parcel *parcels;
	size_t count;
	void *root;
};

/*
 * ERR_SYNTAX: no batch, or one of its parcels is none; `problem` names what. ERR_RANGE: too many,
 * or too long. ERR_MEMORY. Signatures are not looked at. Every parcel is of the batch's sensor.
 */
MUST_USE enum err batch_parse(const char *text, size_t len, struct batch *out,
			      char problem[static BATCH_PROBLEM_LEN]);
void batch_free(struct batch *batch);

/* One parcel, as one line of a received stream: a batch of one. */
MUST_USE enum err batch_parse_line(const char *text, size_t len, struct batch *out,
				   char problem[static BATCH_PROBLEM_LEN]);

enum reply_status {
	REPLY_NONE, /* nothing was said of it */
	REPLY_STORED,
	REPLY_DUPLICATE, /* it had been stored before */
	REPLY_REJECTED,  /* for good; `code` says why */
	REPLY_LATER,     /* to be sent again */
	REPLY_STATUSES,
};

struct reply {
	enum parcel_stream stream;
	uint64_t sequence;
	enum reply_status status;
	char code[REPLY_CODE_LEN]; /* "bad_signature" …; empty where there is none */
	char detail[REPLY_DETAIL_LEN];
};

/* The end of what the receiver holds of a stream without a gap; sequence 0: nothing. */
struct stream_head {
	uint64_t sequence;
	uint8_t chain[SHA256_LEN];
};

struct replies {
	struct reply list[BATCH_PARCELS_MAX];
	size_t count;
	bool has_head[PARCEL_STREAMS];
	struct stream_head head[PARCEL_STREAMS];
	bool has_orders; /* orders wait to be fetched */
};

void replies_write(FILE *out, const struct replies *replies);

/* ERR_SYNTAX: not of this form. What of it is unknown is left out; nothing is believed by halves.
 */
MUST_USE enum err replies_parse(const char *text, size_t len, struct replies *out,
				char problem[static BATCH_PROBLEM_LEN]);

const char *reply_status_name(enum reply_status status);
