#include "tools/desk/desk_state.h"

#include "sensor/base/nanotime.h"
#include "tools/desk/desk_body_jansson.h"
#include "tools/desk/desk_streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[DESK_TROUBLES] = {
	[DESK_REVOKED] = "revoked",
	[DESK_SILENT] = "silent",
	[DESK_SENSOR_DEAD] = "sensor_dead",
	[DESK_CANARY_LOST] = "canary_lost",
	[DESK_HOLES] = "holes",
	[DESK_SET_ASIDE] = "set_aside",
	[DESK_UNHEALTHY] = "unhealthy",
};

const char *desk_trouble_name(enum desk_trouble trouble)
{
	return names[trouble];
}

enum desk_trouble desk_state_gravest(const struct desk_state *state)
{
	unsigned i = 0;

	while (i < DESK_TROUBLES && !state->has[i])
		i++;
	return (enum desk_trouble)i;
}

/* A time far ahead, as after the desk's clock was set back, proves as little as one long ago. */
static bool is_past(int64_t since, int64_t now, int64_t most)
{
	int64_t age = now > since ? now - since : since - now;

	return age > most;
}

static uint64_t count_of(struct desk_store *store, const char *sql, const char *sensor)
{
	struct desk_rows *rows = desk_ask(store, sql, "t", sensor);
	uint64_t count = desk_next(rows) ? (uint64_t)desk_number(rows, 0) : 0;

	desk_done(rows);
	return count;
}

static uint64_t amount(const struct desk_body *body, const char *name)
{
	int64_t number = desk_body_number(body, name);

	return number > 0 ? (uint64_t)number : 0;
}

static void read_heartbeat(struct desk_store *store, struct desk_state *s)
{
	struct desk_body body = { 0 };
	struct desk_rows *rows = desk_ask(
		store, "SELECT is_alive, body FROM heartbeats WHERE sensor=?", "t", s->sensor);

	s->feeds_days = -1;
	if (desk_next(rows) && desk_body_open(&body, desk_text(rows, 1), desk_text_len(rows, 1))) {
		s->has_heartbeat = true;
		s->has[DESK_SENSOR_DEAD] = desk_number(rows, 0) == 0;
		s->packets = amount(&body, "coverage.packets");
		s->dropped = amount(&body, "coverage.dropped");
		if (desk_body_has(&body, "feeds.oldest_days"))
			s->feeds_days = desk_body_decimal(&body, "feeds.oldest_days");
		for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
			char name[64];

			(void)snprintf(name, sizeof(name), "queue.%s",
				       parcel_stream_name((enum parcel_stream)i));
			s->waiting += amount(&body, name);
		}
	}
	desk_body_close(&body);
	desk_done(rows);
}

static bool is_canary_lost(struct desk_store *store, const char *sensor, int64_t now)
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT received, is_seen FROM canaries WHERE sensor=?", "t", sensor);
	bool is_lost = false;

	if (desk_next(rows))
		is_lost = desk_number(rows, 1) == 0 ||
			  is_past(desk_number(rows, 0), now,
				  (int64_t)(DESK_CANARY_HOURS * NANOTIME_HOUR));
	desk_done(rows);
	return is_lost;
}

static void read_state(struct desk_store *store, struct desk_state *s, bool is_revoked, int64_t now)
{
	struct desk_missing missing = { 0 };

	for (unsigned i = 0; i < PARCEL_STREAMS; i++)
		desk_stream_missing(store, s->sensor, (enum parcel_stream)i, &missing);
	s->missing = missing.between + missing.behind;
	s->set_aside = count_of(store, "SELECT count(*) FROM set_aside WHERE sensor=?", s->sensor);
	s->cases = count_of(store, "SELECT count(*) FROM cases WHERE sensor=? AND is_open=1",
			    s->sensor);
	s->health = count_of(store, "SELECT count(*) FROM health WHERE sensor=? AND is_open=1",
			     s->sensor);
	read_heartbeat(store, s);
	s->has[DESK_REVOKED] = is_revoked;
	s->has[DESK_SILENT] =
		!is_revoked &&
		is_past(s->heard, now, (int64_t)(DESK_SILENT_MINUTES * NANOTIME_MINUTE));
	s->has[DESK_CANARY_LOST] = is_canary_lost(store, s->sensor, now);
	/* What waits at the sensor is not lost. */
	s->has[DESK_HOLES] = missing.between > 0 || missing.behind > s->waiting;
	s->has[DESK_UNHEALTHY] = s->health > 0;
	s->has[DESK_SET_ASIDE] = s->set_aside > 0;
}

/* A sensor that was revoked on purpose is no news. */
static unsigned rank(const struct desk_state *s)
{
	return s->has[DESK_REVOKED] ? DESK_TROUBLES + 1 : (unsigned)desk_state_gravest(s);
}

static int by_gravity(const void *a, const void *b)
{
	const struct desk_state *left = a;
	const struct desk_state *right = b;

	if (rank(left) != rank(right))
		return rank(left) < rank(right) ? -1 : 1;
	return strcmp(left->office, right->office);
}

size_t desk_state_each(struct desk_store *store, const char *sensor, int64_t now,
		       desk_state_fn *tell, void *arg)
{
	size_t most = (size_t)count_of(
		store, "SELECT count(*) FROM sensors WHERE ?1 IS NULL OR name=?1", sensor);
	struct desk_state *list = calloc(most + 1, sizeof(*list));
	struct desk_rows *rows;
	size_t count = 0;

	if (!list)
		return 0;
	rows = desk_ask(store,
			"SELECT name, office, host, version, enrolled, heard, revoked FROM sensors "
			"WHERE ?1 IS NULL OR name=?1",
			"t", sensor);
	while (count < most && desk_next(rows)) {
		struct desk_state *s = &list[count++];

		(void)snprintf(s->sensor, sizeof(s->sensor), "%s", desk_text(rows, 0));
		(void)snprintf(s->office, sizeof(s->office), "%s", desk_text(rows, 1));
		(void)snprintf(s->host, sizeof(s->host), "%s", desk_text(rows, 2));
		(void)snprintf(s->version, sizeof(s->version), "%s", desk_text(rows, 3));
		s->enrolled = desk_number(rows, 4);
		s->heard = desk_number(rows, 5);
		read_state(store, s, !desk_is_null(rows, 6), now);
	}
	desk_done(rows);
	qsort(list, count, sizeof(*list), by_gravity);
	for (size_t i = 0; i < count; i++)
		tell(arg, &list[i]);
	free(list);
	return count;
}
