/*
 * The courier's memory: courier.db in its folder, a SQLite data base (WAL) that the courier alone
 * writes. What is to be delivered stands there as sealed parcels, before any of it is sent; each
 * output has a place in each stream up to which all is settled. A sequence that was given out is
 * never given out again, also after a power cut: a put is on the disk, synced, before it returns.
 *
 * Parcels that every output has settled are kept for a while (OUTBOX_KEPT_DAYS, as far as there is
 * room), for a desk that lost some of what it had stored. Unsettled ones are never dropped: when
 * courier.size is reached, puts are refused, and what they tell of waits in cases.db.
 *
 * Any thread, after outbox_open(): a lock inside, which is never held over anything but the disk.
 */
#pragma once

#include "sensor/delivery/batch.h"

struct outbox;

enum { OUTBOX_PROBLEM_LEN = 512, OUTBOX_OUTPUTS_MAX = 8, OUTBOX_KEPT_DAYS = 7 };

/* One line for the log, without a newline. */
typedef void outbox_say_fn(void *arg, const char *line);

struct outbox_setup {
	const char *folder;
	const char *sensor; /* "": as it was enrolled, else as in a name drawn at first start */
	uint64_t size_bytes;
	outbox_say_fn *say;
	void *say_arg;
	const char
		*vfs; /* SQLite's file access; NULL is the system's. Tests give one that fails. */
};

/*
 * Opens or makes courier.db with a pair of keys, and takes the folder for this process alone. A
 * damaged one is moved aside: the sensor must be enrolled anew then, and it is said. `problem` is
 * one line that says what to do: ERR_IO, ERR_MALFORMED, ERR_RANGE a newer version, ERR_MEMORY.
 */
MUST_USE enum err outbox_open(struct outbox **out, const struct outbox_setup *setup,
			      char problem[static OUTBOX_PROBLEM_LEN]);
/* NULL is fine. No other thread uses it any more. */
void outbox_close(struct outbox *outbox);

/* The sensor's name in its parcels; borrowed. */
const char *outbox_sensor(const struct outbox *outbox);
void outbox_key(struct outbox *outbox, struct sign_public *out);

/*
 * Another name, of a new enrolment: streams begin anew under it, in one transaction with it. What
 * was put, sent or set aside under the name before is forgotten, so that what cases.db holds is put
 * again. Outputs that are no desk are told it again, too. The same name changes nothing. To be
 * opened anew afterwards. ERR_IO.
 */
MUST_USE enum err outbox_begin_anew(struct outbox *outbox, const char *sensor);

/*
 * Another pair of keys, to be taken up once the desk knows it: made at the first call and kept, so
 * that the same is offered again after a power cut. ERR_IO.
 */
MUST_USE enum err outbox_next_key(struct outbox *outbox, struct sign_public *out);
/* By the pair in use, or by the next one. The secret stays inside. */
void outbox_sign(struct outbox *outbox, bool by_next, const void *message, size_t len,
		 uint8_t signature[static SIGNATURE_LEN]);
/* The next pair signs from now on; the one before is forgotten. On the disk when it returns. */
MUST_USE enum err outbox_turn_key(struct outbox *outbox);

/* What is to be delivered. Texts are borrowed for the call. */
struct outbox_row {
	enum parcel_stream stream;
	enum parcel_kind kind;
	const char *key;
	uint64_t revision;
	nanotime made;
	const char *body; /* JSON, valid UTF-8, at most PARCEL_BODY_MAX bytes */
	size_t body_len;
	/* Kept with the revision, for outbox_seen(): what it was made from. 0 where nobody asks. */
	uint64_t source;
	nanotime changed;
};

/*
 * Gives all rows their sequences, seals and keeps them, in one transaction. A row whose kind, key
 * and revision were put before is passed over: so a caller that was killed may put again. ERR_FULL:
 * no room now; ERR_IO: the disk; ERR_RANGE: a body too long or no UTF-8. Then none is put.
 */
MUST_USE enum err outbox_put(struct outbox *outbox, const struct outbox_row *rows, size_t count);

/* The highest revision that was put; 0 when none was. Outlives the parcel itself. */
uint64_t outbox_revision(struct outbox *outbox, enum parcel_kind kind, const char *key);

/* What was put last of a kind and key; zeros when nothing was. */
struct outbox_seen {
	uint64_t revision;
	uint64_t source;
	nanotime changed;
};

void outbox_seen(struct outbox *outbox, enum parcel_kind kind, const char *key,
		 struct outbox_seen *out);

/* Small facts that must outlive the process ("intake.health" …); "" when there is none. */
MUST_USE enum err outbox_note(struct outbox *outbox, const char *name, const char *value);
bool outbox_noted(struct outbox *outbox, const char *name, char *out, size_t room);

/*
 * Names an output and returns its number. A desk begins with the first parcel that is kept, any
 * other output with what is put from now on, when it is new. ERR_FULL: OUTBOX_OUTPUTS_MAX.
 */
MUST_USE enum err outbox_join(struct outbox *outbox, const char *output, bool is_desk,
			      unsigned *number);

/* Parcels of one stream in order, in memory of their own. */
struct outbox_batch {
	enum parcel_stream stream;
	struct parcel *parcels;
	size_t count;
	void *memory;
};

/*
 * What that output has to send next: of the first stream in enum parcel_stream's order that has
 * unsettled parcels, from the first of them on; at most so many, and so many bytes of bodies, but
 * one at least. False: nothing waits.
 */
bool outbox_next(struct outbox *outbox, unsigned output, size_t most, size_t most_bytes,
		 struct outbox_batch *out);
void outbox_batch_free(struct outbox_batch *batch);

/*
 * Takes what was answered. From the batch's first parcel on, all that are stored, duplicate or
 * rejected are settled; what is rejected is noted with its reason, and told to desks by a parcel
 * "set_aside" of its own. The first that has no such reply ends it. `*settled` of them were.
 */
MUST_USE enum err outbox_settle(struct outbox *outbox, unsigned output,
				const struct outbox_batch *batch, const struct replies *replies,
				size_t *settled);

/* One parcel alone that no reply will ever settle ("http_413"): as if it had been rejected. */
MUST_USE enum err outbox_set_aside(struct outbox *outbox, unsigned output,
				   const struct parcel *parcel, const char *code,
				   const char *detail);

/*
 * The other side holds less than it had acknowledged: from behind `head` on, all is to be sent
 * again, as far as it is still kept. True when the place was moved back. Not where the head stands
 * before one that this output refused for good and keeps no place for (a bad signature, http_413).
 */
bool outbox_rewind(struct outbox *outbox, unsigned output, enum parcel_stream stream,
		   const struct stream_head *head);

/* Waits until something is put, outbox_wake() is called, or the time is over. */
void outbox_wait(struct outbox *outbox, unsigned output, unsigned milliseconds);
void outbox_wake(struct outbox *outbox);

struct outbox_status {
	struct stream_head head[PARCEL_STREAMS]; /* the last parcel that was put */
	uint64_t waiting[OUTBOX_OUTPUTS_MAX][PARCEL_STREAMS];
	uint64_t set_aside[OUTBOX_OUTPUTS_MAX];
	nanotime settled[OUTBOX_OUTPUTS_MAX]; /* when it last took some; 0: never */
	bool is_joined[OUTBOX_OUTPUTS_MAX];   /* configured now; others hold nothing back */
	char output[OUTBOX_OUTPUTS_MAX][16];
	unsigned outputs;
	uint64_t bytes;   /* of courier.db */
	uint64_t written; /* bytes since outbox_open() */
	uint64_t refused; /* rows, for want of room */
};

void outbox_status(struct outbox *outbox, struct outbox_status *out);

/*
 * The same of a folder that another process may have open, without a lock and without a write; for
 * each output what it noted last under "line.NAME". `problem` as by outbox_open().
 */
struct outbox_look {
	char sensor[PARCEL_SENSOR_LEN];
	struct outbox_status status;
	char said[OUTBOX_OUTPUTS_MAX][OUTBOX_PROBLEM_LEN]; /* "" when all is well */
	nanotime canary_asked; /* the last canary of which something came; 0: none */
	nanotime canary_seen;  /* 0: it did not come back */
};

MUST_USE enum err outbox_look(const char *folder, struct outbox_look *out,
			      char problem[static OUTBOX_PROBLEM_LEN]);
