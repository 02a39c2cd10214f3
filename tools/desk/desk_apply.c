#include "tools/desk/desk_apply.h"

#include "tools/desk/desk_orders.h"
#include "tools/desk/desk_streams.h"

#include <stdio.h>
#include <string.h>

enum { PRIORITY_UNKNOWN = 4 };

/* The sensor took it back, or says itself that it is over; only people close others. */
static bool is_open(const struct desk_body *body)
{
	return strcmp(desk_body_text(body, "action"), "close") != 0 &&
	       strcmp(desk_body_text(body, "state"), "withdrawn") != 0;
}

static void apply_case(struct desk_store *store, const struct parcel *parcel,
		       const struct desk_body *body, int64_t now)
{
	int64_t priority = desk_body_number(body, "priority");

	if (priority < 1 || priority > PRIORITY_UNKNOWN)
		priority = PRIORITY_UNKNOWN;
	desk_do(store,
		"INSERT INTO cases(sensor, id, revision, priority, is_open, first, last, body) "
		"VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(sensor, id) DO UPDATE SET "
		"revision=excluded.revision, priority=excluded.priority, "
		"is_open=excluded.is_open AND verdict IS NULL, last=excluded.last, "
		"body=excluded.body WHERE excluded.revision>revision",
		"ttiiiiit", parcel->sensor, parcel->key, (int64_t)parcel->revision, priority,
		(int64_t)is_open(body), now, now, parcel->body);
}

static void apply_health(struct desk_store *store, const struct parcel *parcel,
			 const struct desk_body *body)
{
	bool is_over = strcmp(desk_body_text(body, "state"), "closed") == 0;

	desk_do(store,
		"INSERT INTO health(sensor, id, revision, is_open, body) VALUES(?,?,?,?,?) "
		"ON CONFLICT(sensor, id) DO UPDATE SET revision=excluded.revision, "
		"is_open=excluded.is_open, body=excluded.body WHERE excluded.revision>revision",
		"ttiit", parcel->sensor, parcel->key, (int64_t)parcel->revision, (int64_t)!is_over,
		parcel->body);
}

/* What it says of its streams: so a tail that never came is known to be missing. */
static void apply_heartbeat(struct desk_store *store, const struct parcel *parcel,
			    const struct desk_body *body, int64_t now)
{
	bool is_alive =
		!desk_body_has(body, "sensor_alive") || desk_body_is_true(body, "sensor_alive");

	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		enum parcel_stream stream = (enum parcel_stream)i;
		char name[64];
		int64_t sequence;

		(void)snprintf(name, sizeof(name), "streams.%s.sequence",
			       parcel_stream_name(stream));
		sequence = desk_body_number(body, name);
		if (sequence > 0)
			desk_stream_announce(store, parcel->sensor, stream, (uint64_t)sequence);
	}
	desk_do(store,
		"INSERT INTO heartbeats(sensor, revision, received, is_alive, body) "
		"VALUES(?,?,?,?,?) ON CONFLICT(sensor) DO UPDATE SET revision=excluded.revision, "
		"received=excluded.received, is_alive=excluded.is_alive, body=excluded.body "
		"WHERE excluded.revision>revision",
		"tiiit", parcel->sensor, (int64_t)parcel->revision, now, (int64_t)is_alive,
		parcel->body);
}

static void apply_canary(struct desk_store *store, const struct parcel *parcel,
			 const struct desk_body *body, int64_t now)
{
	desk_do(store,
		"INSERT OR REPLACE INTO canaries(sensor, token, received, is_seen, body) "
		"VALUES(?,?,?,?,?)",
		"ttiit", parcel->sensor, parcel->key, now, (int64_t)desk_body_has(body, "seen"),
		parcel->body);
}

static void apply_set_aside(struct desk_store *store, const struct parcel *parcel, int64_t now)
{
	desk_do(store,
		"INSERT OR REPLACE INTO set_aside(sensor, key, received, body) VALUES(?,?,?,?)",
		"ttit", parcel->sensor, parcel->key, now, parcel->body);
}

void desk_apply(struct desk_store *store, const struct parcel *parcel, const struct desk_body *body,
		int64_t now)
{
	switch (parcel->kind) {
	case PARCEL_CASE:
		apply_case(store, parcel, body, now);
		break;
	case PARCEL_HEALTH:
		apply_health(store, parcel, body);
		break;
	case PARCEL_HEARTBEAT:
		apply_heartbeat(store, parcel, body, now);
		break;
	case PARCEL_CANARY:
		apply_canary(store, parcel, body, now);
		break;
	case PARCEL_ANSWER:
		desk_orders_answered(store, parcel->sensor, body, now);
		break;
	case PARCEL_SET_ASIDE:
		apply_set_aside(store, parcel, now);
		break;
	case PARCEL_CAPSULE: /* is kept as it came, in its stream */
	case PARCEL_KINDS:
		break;
	}
}
