#include "sensor/courier/heartbeat.h"

#include "sensor/base/hex.h"
#include "sensor/base/monotonic.h"
#include "sensor/courier/health_rows_jansson.h"
#include "sensor/courier/memory_text.h"
#include "sensor/courier/sensor_figures.h"
#include "sensor/delivery/privacy.h"
#include "sensor/store/store_view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#define KEY "heartbeat"

/* All that is told, gathered before it is written. */
struct pulse {
	nanotime now;
	uint64_t uptime_s;
	struct outbox_status status;
	struct sensor_figures figures;
	bool is_gone;    /* nobody listens where the sensor did */
	bool has_sensor; /* cases.db was read */
	struct store_life life;
	struct health_rows health;
};

static void write_coverage(struct json *j, const struct sensor_figures *f)
{
	json_object_begin(j, "coverage");
	if (f->has_packets)
		json_uint(j, "packets", f->packets);
	if (f->has_dropped)
		json_uint(j, "dropped", f->dropped);
	if (f->has_shed)
		json_uint(j, "shed", f->shed);
	if (f->has_one_sided)
		json_decimal(j, "one_sided_share", f->one_sided_share);
	if (f->has_table_fill)
		json_decimal(j, "table_fill", f->table_fill);
	if (f->has_flows)
		json_uint(j, "flows", f->flows);
	json_object_end(j);
	if (!f->has_feed_days)
		return;
	json_object_begin(j, "feeds");
	json_decimal(j, "oldest_days", f->feed_days);
	json_object_end(j);
}

static void write_clock(struct json *j)
{
	struct timex timex = { 0 };
	int state = adjtimex(&timex);
	double unit = timex.status & STA_NANO ? 1e-9 : 1e-6;

	if (state < 0)
		return;
	json_object_begin(j, "clock");
	json_bool(j, "synchronised", state != TIME_ERROR && !(timex.status & STA_UNSYNC));
	json_decimal(j, "offset_s", (double)timex.offset * unit);
	json_object_end(j);
}

/* The most that waits for any output, as nobody but the desk is asked for it. */
static uint64_t waiting(const struct outbox_status *status, unsigned stream)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < status->outputs; i++) {
		if (status->is_joined[i] && status->waiting[i][stream] > most)
			most = status->waiting[i][stream];
	}
	return most;
}

static void write_queue(struct json *j, const struct outbox_status *status)
{
	uint64_t set_aside = 0;

	json_object_begin(j, "queue");
	for (unsigned i = 0; i < PARCEL_STREAMS; i++)
		json_uint(j, parcel_stream_name((enum parcel_stream)i), waiting(status, i));
	json_object_end(j);
	for (unsigned i = 0; i < status->outputs; i++)
		set_aside += status->is_joined[i] ? status->set_aside[i] : 0;
	json_uint(j, "set_aside", set_aside);
}

static void write_disk(struct json *j, const struct heartbeat *heartbeat, const struct pulse *pulse)
{
	struct statvfs disk;

	json_uint(j, "written_bytes", pulse->status.written + pulse->figures.written);
	if (statvfs(heartbeat->config->courier.folder, &disk) == 0)
		json_uint(j, "disk_free_bytes", (uint64_t)disk.f_bavail * disk.f_frsize);
}

static void write_health(struct json *j, const struct health_rows *health)
{
	json_array_begin(j, "health");
	for (size_t i = 0; i < health->count; i++) {
		json_object_begin(j, NULL);
		json_string(j, "code", health->row[i].code);
		json_string(j, "severity", health->row[i].severity);
		json_time(j, "since", health->row[i].since);
		json_object_end(j);
	}
	json_array_end(j);
}

static void write_streams(struct json *j, const struct outbox_status *status)
{
	char hex[PARCEL_HEX_LEN];

	json_object_begin(j, "streams");
	for (unsigned i = 0; i < PARCEL_STREAMS; i++) {
		json_object_begin(j, parcel_stream_name((enum parcel_stream)i));
		json_uint(j, "sequence", status->head[i].sequence);
		hex_text(status->head[i].chain, SHA256_LEN, hex);
		json_string(j, "chain", hex);
		json_object_end(j);
	}
	json_object_end(j);
}

static void write_sensor(struct json *j, const struct pulse *pulse)
{
	nanotime alive = pulse->life.last_alive;

	json_object_begin(j, "versions");
	if (pulse->figures.version[0] != '\0')
		json_string(j, "sensor", pulse->figures.version);
	json_string(j, "courier", HINOMI_VERSION);
	json_object_end(j);
	/* A time ahead of ours is the clock's fault, not the sensor's. */
	json_bool(j, "sensor_alive",
		  pulse->has_sensor && !pulse->is_gone && !pulse->life.stopped_clean &&
			  nanotime_between(alive, pulse->now) <
				  HEARTBEAT_ALIVE_SECONDS * NANOTIME_SECOND);
}

static char *write_body(const struct heartbeat *heartbeat, const struct pulse *pulse, size_t *len)
{
	struct memory_text text;
	struct json j;

	if (!memory_text_open(&text, &j))
		return NULL;
	json_object_begin(&j, NULL);
	json_string(&j, "schema", "hinomi.heartbeat/1");
	json_time(&j, "made", pulse->now);
	json_uint(&j, "uptime_s", pulse->uptime_s);
	write_sensor(&j, pulse);
	write_coverage(&j, &pulse->figures);
	write_clock(&j);
	write_queue(&j, &pulse->status);
	write_disk(&j, heartbeat, pulse);
	if (pulse->has_sensor)
		write_health(&j, &pulse->health);
	write_streams(&j, &pulse->status);
	json_object_end(&j);
	return memory_text_close(&text, &j, len);
}

static void ask_store(const char *folder, struct pulse *pulse)
{
	char problem[STORE_PROBLEM_LEN];
	struct store_view *view = NULL;

	/* Why it cannot be read, the intake says. */
	if (store_view_open(&view, folder, problem) != ERR_OK)
		return;
	pulse->has_sensor = store_view_life(view, &pulse->life) &&
			    store_view_health(view, health_rows_take, &pulse->health) == ERR_OK;
	store_view_close(view);
}

static enum err put(const struct heartbeat *heartbeat, const struct pulse *pulse)
{
	struct outbox_row row = {
		.stream = PARCEL_PULSE, .kind = PARCEL_HEARTBEAT, .key = KEY, .made = pulse->now
	};
	size_t len = 0;
	char *text = write_body(heartbeat, pulse, &len);
	char *body = NULL;
	enum err err =
		text ? privacy_filter(row.kind, text, len, &body, &row.body_len) : ERR_MEMORY;

	row.body = body;
	row.revision = outbox_revision(heartbeat->outbox, row.kind, KEY) + 1;
	if (err == ERR_OK)
		err = outbox_put(heartbeat->outbox, &row, 1);
	free(body);
	free(text);
	return err;
}

enum err heartbeat_beat(struct heartbeat *heartbeat)
{
	nanotime now = monotonic_now();
	struct timespec wall;
	struct pulse *pulse;
	enum err err = ERR_OK;

	if (now < heartbeat->next)
		return ERR_OK;
	heartbeat->next = now + heartbeat->config->courier.heartbeat;
	pulse = calloc(1, sizeof(*pulse));
	if (!pulse)
		return ERR_MEMORY;
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	pulse->now = (nanotime)wall.tv_sec * NANOTIME_SECOND + (nanotime)wall.tv_nsec;
	pulse->uptime_s = (now - heartbeat->started) / NANOTIME_SECOND;
	outbox_status(heartbeat->outbox, &pulse->status);
	if (waiting(&pulse->status, PARCEL_PULSE) < HEARTBEAT_WAITING_MAX) {
		err = sensor_figures_ask(heartbeat->config->sensor.metrics, &pulse->figures);
		pulse->is_gone = err == ERR_IO;
		if (err != ERR_OK)
			pulse->figures = (struct sensor_figures){ 0 }; /* unknown is left out */
		ask_store(heartbeat->config->store.folder, pulse);
		err = put(heartbeat, pulse);
	}
	free(pulse);
	return err;
}
