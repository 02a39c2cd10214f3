#include "tools/desk/desk_json.h"

#include "sensor/base/hex.h"
#include "sensor/base/json.h"
#include "sensor/sign/signature.h"
#include "tools/desk/desk_state.h"

static void begin(struct json *j, FILE *out, const char *schema, const char *list)
{
	json_start(j, out);
	json_object_begin(j, NULL);
	json_string(j, "schema", schema);
	json_array_begin(j, list);
}

static void end(struct json *j)
{
	json_array_end(j);
	json_object_end(j);
	json_line_end(j);
	json_flush(j);
}

static void write_sensor(void *arg, const struct desk_state *s)
{
	struct json *j = arg;

	json_object_begin(j, NULL);
	json_string(j, "sensor", s->sensor);
	json_string(j, "office", s->office);
	json_string(j, "host", s->host);
	json_string(j, "version", s->version);
	json_time(j, "enrolled", (nanotime)s->enrolled);
	json_time(j, "heard", (nanotime)s->heard);
	json_array_begin(j, "troubles");
	for (unsigned i = 0; i < DESK_TROUBLES; i++) {
		if (s->has[i])
			json_string(j, NULL, desk_trouble_name((enum desk_trouble)i));
	}
	json_array_end(j);
	json_uint(j, "missing", s->missing);
	json_uint(j, "set_aside", s->set_aside);
	json_uint(j, "cases", s->cases);
	json_uint(j, "health", s->health);
	if (s->has_heartbeat) {
		json_uint(j, "packets", s->packets);
		json_uint(j, "dropped", s->dropped);
		json_uint(j, "waiting", s->waiting);
	}
	json_object_end(j);
}

void desk_json_sensors(struct desk_store *store, int64_t now, FILE *out)
{
	struct json j;

	begin(&j, out, "hinomi.desk.sensors/1", "sensors");
	(void)desk_state_each(store, NULL, now, write_sensor, &j);
	end(&j);
}

static void write_case(struct json *j, struct desk_rows *rows)
{
	json_string(j, "sensor", desk_text(rows, 0));
	json_string(j, "id", desk_text(rows, 1));
	json_uint(j, "revision", (uint64_t)desk_number(rows, 2));
	json_uint(j, "priority", (uint64_t)desk_number(rows, 3));
	json_bool(j, "open", desk_number(rows, 4) != 0);
	json_time(j, "first", (nanotime)desk_number(rows, 5));
	json_time(j, "last", (nanotime)desk_number(rows, 6));
	if (!desk_is_null(rows, 7))
		json_string(j, "verdict", desk_text(rows, 7));
}

#define LISTED  "SELECT sensor, id, revision, priority, is_open, first, last, verdict FROM cases "
#define ORDERED "ORDER BY is_open DESC, priority, last DESC LIMIT 1000"

void desk_json_cases(struct desk_store *store, const char *sensor, FILE *out)
{
	/* Two questions, as one for both would look at every case of all. */
	struct desk_rows *rows =
		sensor ? desk_ask(store, LISTED "WHERE sensor=? " ORDERED, "t", sensor)
		       : desk_ask(store, LISTED ORDERED, "");
	struct json j;

	begin(&j, out, "hinomi.desk.cases/1", "cases");
	while (desk_next(rows)) {
		json_object_begin(&j, NULL);
		write_case(&j, rows);
		json_object_end(&j);
	}
	end(&j);
}

bool desk_json_case(struct desk_store *store, const char *id, const char *sensor, FILE *out)
{
	struct desk_rows *rows = desk_ask(
		store,
		"SELECT sensor, id, revision, priority, is_open, first, last, verdict, body "
		"FROM cases WHERE id=?1 AND (?2 IS NULL OR sensor=?2) ORDER BY last DESC LIMIT 1",
		"tt", id, sensor);
	bool is_there = desk_next(rows);
	struct json j;

	if (is_there) {
		json_start(&j, out);
		json_object_begin(&j, NULL);
		json_string(&j, "schema", "hinomi.desk.case/1");
		write_case(&j, rows);
		json_string(&j, "body", desk_text(rows, 8));
		json_object_end(&j);
		json_line_end(&j);
		json_flush(&j);
	}
	desk_done(rows);
	return is_there;
}

void desk_json_keys(struct desk_store *store, const char *sensor, FILE *out)
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT id, public, since, revoked FROM keys WHERE sensor=? ORDER BY since",
		"t", sensor);
	uint8_t id[SIGN_ID_LEN];
	uint8_t public[SIGN_PUBLIC_LEN];
	char hex[2 * SIGN_PUBLIC_LEN + 1];
	struct json j;

	begin(&j, out, "hinomi.desk.keys/1", "keys");
	while (desk_next(rows)) {
		if (!desk_bytes(rows, 0, id, sizeof(id)) ||
		    !desk_bytes(rows, 1, public, sizeof(public)))
			continue;
		json_object_begin(&j, NULL);
		hex_text(id, sizeof(id), hex);
		json_string(&j, "signer", hex);
		hex_text(public, sizeof(public), hex);
		json_string(&j, "public_key", hex);
		json_time(&j, "since", (nanotime)desk_number(rows, 2));
		if (!desk_is_null(rows, 3))
			json_time(&j, "revoked", (nanotime)desk_number(rows, 3));
		json_object_end(&j);
	}
	end(&j);
}

int64_t desk_json_stream(struct desk_store *store, const char *sensor, int64_t after, int64_t limit,
			 FILE *out)
{
	struct desk_rows *rows = desk_ask(store,
					  "SELECT number, raw FROM parcels WHERE sensor=? AND "
					  "number>? ORDER BY number LIMIT ?",
					  "tii", sensor, after, limit);
	int64_t last = 0;

	while (desk_next(rows)) {
		last = desk_number(rows, 0);
		(void)fwrite(desk_text(rows, 1), 1, desk_text_len(rows, 1), out);
		(void)fputc('\n', out);
	}
	return last;
}

void desk_json_notes(struct desk_store *store, FILE *out)
{
	struct desk_rows *rows = desk_ask(
		store, "SELECT time, who, what, detail FROM notes ORDER BY number DESC LIMIT 1000",
		"");
	struct json j;

	begin(&j, out, "hinomi.desk.notes/1", "notes");
	while (desk_next(rows)) {
		json_object_begin(&j, NULL);
		json_time(&j, "time", (nanotime)desk_number(rows, 0));
		json_string(&j, "who", desk_text(rows, 1));
		json_string(&j, "what", desk_text(rows, 2));
		json_string(&j, "detail", desk_text(rows, 3));
		json_object_end(&j);
	}
	end(&j);
}
