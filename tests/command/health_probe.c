/*
 * Health as the running sensor keeps it, over a capture: windows one after the other, and each case
 * as a line of JSON when it opens and closes. For test_health_cases.py.
 */
#include "sensor/capture/capture_set.h"
#include "sensor/decode/decode.h"
#include "sensor/flow/duplicate_filter.h"
#include "sensor/health/health.h"
#include "sensor/health/health_cases.h"
#include "sensor/health/health_json.h"

#include <stdlib.h>

static struct decoder *decoder;
static struct duplicate_filter *duplicates;
static struct flow_table *flows;
static struct health *health;
static struct health_cases *cases;
static struct health_view view;
static struct json lines;
static uint64_t number;

static void flow_ended(void *arg, struct flow_ref ref, const struct flow_record *flow,
		       nanotime when, enum flow_end reason)
{
	(void)arg;
	(void)ref;
	(void)when;
	(void)reason;
	health_flow(health, flow);
}

static bool case_changed(void *arg, const struct health_case *c, enum health_change change)
{
	(void)arg;
	if (change != HEALTH_CASE_RENEWED)
		health_case_json(&lines, c, view.now);
	return true;
}

static void end_window(void)
{
	view.now = view.since + HEALTH_WINDOW;
	flow_table_advance(flows, view.now);
	health_live_flows(health, flows, view.since);
	view.flows = health_flows(health);
	health_counts(health, 0, &view.counts[0]);
	health_cases_window(cases, &view);
	health_next_window(health);
	view.since = view.now;
}

static void take(void *arg, const struct frame *frame)
{
	struct packet packet;
	uint64_t hash;

	(void)arg;
	if (view.since == 0)
		view.since = frame->time;
	while (frame->time >= view.since + HEALTH_WINDOW)
		end_window();
	if (decoder_decode(decoder, frame, ++number, &packet) != DECODE_OK) {
		health_frame(health, frame, NULL);
		return;
	}
	packet.time = frame->time;
	if (packet.kind != PACKET_IP) {
		health_frame(health, frame, &packet);
		return;
	}
	hash = flow_table_hash(flows, &packet.key);
	if (duplicate_filter_seen(duplicates, hash, &packet)) {
		health_copy(health, frame, &packet);
		return;
	}
	health_frame(health, frame, &packet);
	(void)flow_table_touch(flows, &packet, hash);
}

int main(int argc, char **argv)
{
	const struct hash_key key = { 1, 2 };
	struct capture_set *captures;
	struct config config;

	if (argc != 2)
		return 2;
	config_defaults(&config);
	json_start(&lines, stdout);
	view.surroundings =
		(struct health_surroundings){ .is_live = true,
					      .place = CAPTURE_MIRROR,
					      .interface_count = 1,
					      .interfaces[0] = { .name = "mon0", .mtu = 1500 } };
	if (decoder_new(&decoder) != ERR_OK || duplicate_filter_new(&duplicates) != ERR_OK ||
	    flow_table_new(&flows, &config.flow, 0, &key, flow_ended, NULL) != ERR_OK ||
	    health_new(&health, NULL, 0) != ERR_OK ||
	    health_cases_new(&cases, "", case_changed, NULL) != ERR_OK ||
	    capture_set_new(&captures, (const char *const *)&argv[1], 1) != ERR_OK)
		return EXIT_FAILURE;
	while (capture_set_read(captures, SIZE_MAX, take, NULL))
		continue;
	json_flush(&lines);
	capture_set_free(captures);
	health_cases_free(cases);
	flow_table_free(flows);
	duplicate_filter_free(duplicates);
	decoder_free(decoder);
	health_free(health);
	return EXIT_SUCCESS;
}
