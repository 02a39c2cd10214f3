/* What the heartbeat reads, and the name that a canary asks for. */
#include "sensor/courier/canary.h"
#include "sensor/courier/heartbeat.h"
#include "sensor/courier/sensor_figures.h"
#include "tests/unit/courier/outbox_rig.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void figures_are_read_and_the_unknown_left_out(void **state)
{
	struct sensor_figures figures;

	(void)state;
	sensor_figures_read("# HELP hinomi_packets_total x\n"
			    "hinomi_packets_total 1234\n"
			    "hinomi_interface_dropped_kernel_total{interface=\"a\"} 5\n"
			    "hinomi_interface_dropped_kernel_total{interface=\"b} 9\"} 6\n"
			    "hinomi_interface_dropped_card_total{interface=\"a\"} 1\n"
			    "hinomi_flows 50\n"
			    "hinomi_flows_capacity 200\n"
			    "hinomi_flows_total 9999\n"
			    "hinomi_shed_total many\n"
			    "hinomi_build_info{version=\"1.2.3\"} 1\n"
			    "hinomi_one_sided_share 0.2500\n"
			    "hinomi_place_databases_age_seconds 864000\n"
			    "hinomi_indicators_age_seconds 43200\n"
			    "hinomi_store_written_bytes_total 77",
			    &figures);
	assert_true(figures.has_packets && figures.has_dropped && figures.has_flows &&
		    figures.has_table_fill && figures.has_written);
	assert_false(figures.has_shed);
	assert_string_equal(figures.version, "1.2.3");
	assert_true(figures.has_one_sided && figures.one_sided_share > 0.249 &&
		    figures.one_sided_share < 0.251);
	assert_true(figures.has_feed_days && figures.feed_days > 9.99 && figures.feed_days < 10.01);
	assert_int_equal(figures.packets, 1234);
	assert_int_equal(figures.dropped, 5 + 6 + 1);
	assert_int_equal(figures.flows, 50);
	assert_true(figures.table_fill > 0.249 && figures.table_fill < 0.251);
	assert_int_equal(figures.written, 77);
	sensor_figures_read("", &figures);
	assert_false(figures.has_packets || figures.has_one_sided || figures.has_feed_days);
	assert_int_equal(sensor_figures_ask("", &figures), ERR_MISSING);
	assert_int_equal(sensor_figures_ask("/nonexistent", &figures), ERR_MISSING);
}

static void a_canary_asks_below_the_service(void **state)
{
	static const struct {
		const char *https;
		const char *mqtt;
		const char *name; /* NULL: nothing is asked for */
	} cases[] = {
		{ "https://desk.example.jp/x/", "", "0123456789ab.hinomi-canary.desk.example.jp." },
		{ "https://desk.example.jp:8443", "mqtts://b.example",
		  "0123456789ab.hinomi-canary.desk.example.jp." },
		{ "", "mqtts://b.example:8883,mqtts://c.example",
		  "0123456789ab.hinomi-canary.b.example." },
		{ "https://desk.example.jp./", "", "0123456789ab.hinomi-canary.desk.example.jp." },
		{ "https://192.0.2.1:8443/", "", NULL },
		{ "https://[2001:db8::1]:8443/", "", NULL },
		{ "", "", NULL },
	};
	static struct config config;
	char name[300];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(config.courier.https.url, CONFIG_PATH_LEN, "%s", cases[i].https);
		(void)snprintf(config.courier.mqtt.url, CONFIG_PATH_LEN, "%s", cases[i].mqtt);
		assert_int_equal(canary_name(&config, "0123456789ab", name, sizeof(name)),
				 cases[i].name != NULL);
		if (cases[i].name)
			assert_string_equal(name, cases[i].name);
	}
}

/* Of the parcels that wait, the body of the last. */
static void last_body(struct rig *rig, unsigned desk, char *out, size_t room)
{
	struct outbox_batch batch;

	assert_true(outbox_next(rig->outbox, desk, 64, 1 << 20, &batch));
	(void)snprintf(out, room, "%s", batch.parcels[batch.count - 1].body);
	outbox_batch_free(&batch);
}

static void a_canary_outlives_a_restart(void **state)
{
	static struct config config;
	struct rig rig;
	struct canary canary;
	char note[64];
	char body[512];
	unsigned desk;

	(void)state;
	rig_make(&rig);
	rig_open(&rig);
	desk = rig_join(&rig, "https", true);
	(void)snprintf(note, sizeof(note), "%llu 0123456789ab", (unsigned long long)RIG_MADE);
	assert_int_equal(outbox_note(rig.outbox, "canary", note), ERR_OK);
	canary_start(&canary, rig.outbox, &config);
	assert_string_equal(canary.token, "0123456789ab");
	canary_seen(&canary, "000000000000", RIG_MADE);
	assert_string_equal(canary.token, "0123456789ab");
	canary_seen(&canary, "0123456789ab", RIG_MADE + 3 * NANOTIME_SECOND);
	assert_string_equal(canary.token, "");
	last_body(&rig, desk, body, sizeof(body));
	assert_non_null(strstr(body, "\"seen\":\"2026-10-01T00:12:11.000000Z\",\"seconds\":3"));
	/* One that does not come back. */
	assert_int_equal(outbox_note(rig.outbox, "canary", "1000 ffffffffffff"), ERR_OK);
	canary_start(&canary, rig.outbox, &config);
	assert_int_equal(canary_look(&canary), ERR_OK);
	last_body(&rig, desk, body, sizeof(body));
	assert_non_null(strstr(body, "\"token\":\"ffffffffffff\""));
	assert_non_null(strstr(body, "\"seen\":null"));
	canary_start(&canary, rig.outbox, &config);
	assert_string_equal(canary.token, "");
	rig_remove(&rig);
}

static void who_asks_often_gives_up_soon(void **state)
{
	static struct config config;
	struct rig rig;
	struct canary canary = { .config = &config, .token = "0123456789ab" };
	struct outbox_look look;
	struct timespec now;
	char problem[OUTBOX_PROBLEM_LEN];

	(void)state;
	rig_make(&rig);
	rig_open(&rig);
	canary.outbox = rig.outbox;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	canary.asked = ((nanotime)now.tv_sec - 100) * NANOTIME_SECOND;
	config.courier.canary = 120 * NANOTIME_SECOND;
	assert_int_equal(canary_look(&canary), ERR_OK);
	assert_string_equal(canary.token, "0123456789ab");
	config.courier.canary = 90 * NANOTIME_SECOND;
	assert_int_equal(canary_look(&canary), ERR_OK);
	assert_string_equal(canary.token, "");
	assert_int_equal(outbox_look(rig.folder, &look, problem), ERR_OK);
	assert_true(look.canary_asked == canary.asked && look.canary_seen == 0);
	memcpy(canary.token, "0123456789ac", sizeof(canary.token));
	canary_seen(&canary, "0123456789ac", canary.asked + 5);
	assert_int_equal(outbox_look(rig.folder, &look, problem), ERR_OK);
	assert_true(look.canary_seen == canary.asked + 5);
	rig_remove(&rig);
}

/* As after a kill of the sensor: its socket's file stays, and nobody listens any more. */
static void a_socket_that_nobody_serves_is_told(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct sensor_figures figures;
	struct rig rig;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	rig_make(&rig);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/metrics", rig.folder);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(fd);
	assert_int_equal(sensor_figures_ask(address.sun_path, &figures), ERR_IO);
	assert_int_equal(unlink(address.sun_path), 0);
	assert_int_equal(sensor_figures_ask(address.sun_path, &figures), ERR_MISSING);
	rig_remove(&rig);
}

static void heartbeats_of_a_long_silence_are_bounded(void **state)
{
	static struct config config;
	struct rig rig;
	struct heartbeat heartbeat = { .config = &config };
	struct outbox_status status;

	(void)state;
	rig_make(&rig);
	rig_open(&rig);
	(void)rig_join(&rig, "https", true);
	heartbeat.outbox = rig.outbox;
	for (unsigned i = 0; i < HEARTBEAT_WAITING_MAX + 10; i++)
		assert_int_equal(heartbeat_beat(&heartbeat), ERR_OK);
	outbox_status(rig.outbox, &status);
	assert_int_equal(status.head[PARCEL_PULSE].sequence, HEARTBEAT_WAITING_MAX);
	assert_int_equal(outbox_revision(rig.outbox, PARCEL_HEARTBEAT, "heartbeat"),
			 HEARTBEAT_WAITING_MAX);
	rig_remove(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_read_and_the_unknown_left_out),
		cmocka_unit_test(a_canary_asks_below_the_service),
		cmocka_unit_test(a_canary_outlives_a_restart),
		cmocka_unit_test(who_asks_often_gives_up_soon),
		cmocka_unit_test(a_socket_that_nobody_serves_is_told),
		cmocka_unit_test(heartbeats_of_a_long_silence_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
