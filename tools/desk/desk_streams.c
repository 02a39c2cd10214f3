#include "tools/desk/desk_streams.h"

#include <stdio.h>
#include <string.h>

struct desk_stream desk_stream_get(struct desk_store *store, const char *sensor,
				   enum parcel_stream stream)
{
	struct desk_stream out = { 0 };
	struct desk_rows *rows = desk_ask(store,
					  "SELECT sequence, chain, highest, announced FROM streams "
					  "WHERE sensor=? AND stream=?",
					  "ti", sensor, (int64_t)stream);

	if (desk_next(rows)) {
		out.head.sequence = (uint64_t)desk_number(rows, 0);
		(void)desk_bytes(rows, 1, out.head.chain, SHA256_LEN);
		out.highest = (uint64_t)desk_number(rows, 2);
		out.announced = (uint64_t)desk_number(rows, 3);
	}
	desk_done(rows);
	return out;
}

/* What is held under a sequence. */
struct held {
	bool is_there;
	uint8_t chain[SHA256_LEN];
	uint8_t previous[SHA256_LEN];
};

static struct held held_at(struct desk_store *store, const char *sensor, enum parcel_stream stream,
			   uint64_t sequence)
{
	struct held out = { 0 };
	struct desk_rows *rows = desk_ask(store,
					  "SELECT chain, previous FROM parcels WHERE sensor=? AND "
					  "stream=? AND sequence=?",
					  "tii", sensor, (int64_t)stream, (int64_t)sequence);

	if (desk_next(rows)) {
		out.is_there = desk_bytes(rows, 0, out.chain, SHA256_LEN) &&
			       desk_bytes(rows, 1, out.previous, SHA256_LEN);
	}
	desk_done(rows);
	return out;
}

/* The first of a stream follows nothing. */
static bool fits_before(struct desk_store *store, const struct parcel *parcel)
{
	static const uint8_t nothing[SHA256_LEN];
	struct held before;

	if (parcel->sequence == 1)
		return memcmp(parcel->previous, nothing, SHA256_LEN) == 0;
	before = held_at(store, parcel->sensor, parcel->stream, parcel->sequence - 1);
	return !before.is_there || memcmp(parcel->previous, before.chain, SHA256_LEN) == 0;
}

static bool fits_behind(struct desk_store *store, const struct parcel *parcel)
{
	struct held behind = held_at(store, parcel->sensor, parcel->stream, parcel->sequence + 1);
	uint8_t chain[SHA256_LEN];

	parcel_chain(parcel, chain);
	return !behind.is_there || memcmp(behind.previous, chain, SHA256_LEN) == 0;
}

enum stream_place desk_stream_place(struct desk_store *store, const struct parcel *parcel)
{
	struct desk_stream held = desk_stream_get(store, parcel->sensor, parcel->stream);
	struct held same = held_at(store, parcel->sensor, parcel->stream, parcel->sequence);
	enum stream_place place =
		stream_place(&held.head, parcel, same.is_there ? same.chain : NULL);

	if ((place == STREAM_NEXT || place == STREAM_AHEAD) &&
	    (!fits_before(store, parcel) || !fits_behind(store, parcel)))
		return STREAM_BROKEN;
	return place;
}

/* Up to the next gap. */
static void advance(struct desk_store *store, const struct parcel *parcel, struct stream_head *head)
{
	struct held next;

	stream_advance(head, parcel);
	next = held_at(store, parcel->sensor, parcel->stream, head->sequence + 1);
	while (next.is_there) {
		head->sequence++;
		memcpy(head->chain, next.chain, SHA256_LEN);
		next = held_at(store, parcel->sensor, parcel->stream, head->sequence + 1);
	}
}

static void put_stream(struct desk_store *store, const char *sensor, enum parcel_stream stream,
		       const struct desk_stream *s)
{
	desk_do(store,
		"INSERT OR REPLACE INTO streams(sensor, stream, sequence, chain, highest, "
		"announced) VALUES(?,?,?,?,?,?)",
		"tiibii", sensor, (int64_t)stream, (int64_t)s->head.sequence, s->head.chain,
		(size_t)SHA256_LEN, (int64_t)s->highest, (int64_t)s->announced);
}

void desk_stream_put(struct desk_store *store, const struct parcel *parcel, const char *raw,
		     const char *refused, int64_t now)
{
	struct desk_stream s = desk_stream_get(store, parcel->sensor, parcel->stream);
	uint8_t chain[SHA256_LEN];

	parcel_chain(parcel, chain);
	desk_do(store,
		"INSERT INTO parcels(sensor, stream, sequence, kind, key, revision, received, "
		"previous, chain, refused, raw) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
		"tiiitiibbtt", parcel->sensor, (int64_t)parcel->stream, (int64_t)parcel->sequence,
		(int64_t)parcel->kind, parcel->key, (int64_t)parcel->revision, now,
		parcel->previous, (size_t)SHA256_LEN, chain, (size_t)SHA256_LEN, refused, raw);
	if (parcel->sequence == s.head.sequence + 1)
		advance(store, parcel, &s.head);
	if (parcel->sequence > s.highest)
		s.highest = parcel->sequence;
	put_stream(store, parcel->sensor, parcel->stream, &s);
}

void desk_stream_announce(struct desk_store *store, const char *sensor, enum parcel_stream stream,
			  uint64_t sequence)
{
	struct desk_stream s = desk_stream_get(store, sensor, stream);

	if (sequence <= s.announced)
		return;
	s.announced = sequence;
	put_stream(store, sensor, stream, &s);
}

void desk_stream_missing(struct desk_store *store, const char *sensor, enum parcel_stream stream,
			 struct desk_missing *out)
{
	struct desk_stream s = desk_stream_get(store, sensor, stream);
	struct desk_rows *rows = desk_ask(
		store, "SELECT count(*) FROM parcels WHERE sensor=? AND stream=? AND sequence>?",
		"tii", sensor, (int64_t)stream, (int64_t)s.head.sequence);
	uint64_t beyond = desk_next(rows) ? (uint64_t)desk_number(rows, 0) : 0;

	desk_done(rows);
	if (s.highest > s.head.sequence + beyond)
		out->between += s.highest - s.head.sequence - beyond;
	if (s.announced > s.highest)
		out->behind += s.announced - s.highest;
}

void desk_stream_refusal(struct desk_store *store, const struct parcel *parcel,
			 char code[static REPLY_CODE_LEN])
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT refused FROM parcels WHERE sensor=? AND stream=? AND sequence=?",
		"tii", parcel->sensor, (int64_t)parcel->stream, (int64_t)parcel->sequence);

	code[0] = '\0';
	if (desk_next(rows))
		(void)snprintf(code, REPLY_CODE_LEN, "%s", desk_text(rows, 0));
	desk_done(rows);
}
