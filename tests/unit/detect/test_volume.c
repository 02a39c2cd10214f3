/* Uploads: what leaves in an hour, in days, and after much was fetched inside. */
#include "sensor/detect/upload.h"
#include "sensor/detect/volume.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MIB  (UINT64_C(1) << 20)
#define HOUR 3600.0
#define DAY  (24 * HOUR)

enum { HTTPS_PORT = 443, SMB_PORT = 445, DEVICE = 10 };

static const char client[] = "192.168.1.10";
static const char server[] = "203.0.113.5";

struct trial {
	struct test_bench bench;
	uint64_t flows;
};

static void begin(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	test_bench_prepare(&t->bench, &detector_volume);
	test_bench_start(&t->bench, NULL);
}

/* What one flow moved, by its end. */
struct moved {
	uint64_t up;
	uint64_t down;
	const char *host;
	const char *protocol;
	bool is_upload;
};

static struct fact fact_of(struct trial *t, enum fact_kind kind, double when,
			   const struct moved *moved)
{
	struct fact_flow flow = test_flow(t->flows, client, server, HTTPS_PORT, TEST_TCP);
	struct fact fact;

	flow.first = test_start; /* so that a flow's facts are of one flow, whenever they come */
	fact = test_flow_ended(test_after_seconds(when), &flow, true);
	fact.kind = (uint8_t)kind;
	fact.ended.bytes_up = moved->up;
	fact.ended.bytes_down = moved->down;
	fact.ended.names.is_upload = moved->is_upload;
	(void)snprintf(fact.ended.names.host, FACT_HOST_LEN, "%s", moved->host);
	(void)snprintf(fact.ended.names.protocol, FACT_PROTOCOL_LEN, "%s", moved->protocol);
	return fact;
}

static void show(struct trial *t, struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.resolved = "";
	test_bench_show(&t->bench, &seen);
}

static void move(struct trial *t, double when, const struct moved *moved)
{
	struct fact fact;

	t->flows++;
	fact = fact_of(t, FACT_FLOW_ENDED, when, moved);
	show(t, &fact);
}

static void pull(struct trial *t, double when, uint64_t bytes)
{
	struct fact_flow flow = test_flow(++t->flows, client, "192.168.1.20", SMB_PORT, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(when), &flow, true);
	struct observation seen;

	fact.ended.bytes_down = bytes;
	seen = test_seen(&fact);
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&t->bench, &seen);
}

static const struct moved large = {
	.up = 60 * MIB, .down = MIB, .host = "drop.example.net", .protocol = "TLS"
};

static void a_large_upload(void **state)
{
	struct trial t;
	const struct signal *s;

	(void)state;
	begin(&t);
	move(&t, 10, &large);
	assert_int_equal(t.bench.count, 1);
	s = test_bench_last(&t.bench);
	assert_int_equal(s->kind, SIGNAL_UPLOAD_NEW_PLACE);
	assert_string_equal(s->object.text, "drop.example.net");
	assert_true(s->confidence > 0.15 && s->confidence < 0.5);
	assert_non_null(test_reason(s, REASON_LEAN));
	move(&t, 20, &large); /* the same again */
	assert_int_equal(t.bench.count, 1);
	test_bench_stop(&t.bench);
}

static double told_of(const struct moved *moved)
{
	struct trial t;
	double told;

	begin(&t);
	move(&t, 10, moved);
	told = t.bench.count > 0 ? test_bench_last(&t.bench)->confidence : 0;
	test_bench_stop(&t.bench);
	return told;
}

static void each_sign_counts(void **state)
{
	struct moved m = large;

	(void)state;
	m.up = 40 * MIB;
	m.down = 8 * MIB; /* neither enough nor one-sided */
	assert_true(told_of(&m) == 0);
	m = large;
	m.down = 50 * MIB; /* a call */
	assert_true(told_of(&m) == 0);
	m = large;
	m.host = "";
	assert_true(told_of(&m) > told_of(&large));
	m.protocol = "Unknown";
	assert_true(told_of(&m) > 0.4);
}

/* A little, but nothing came back: a hint at most. */
static void some_one_way(void **state)
{
	struct moved m = { .up = 2 * MIB, .down = 20000, .host = "a.example", .protocol = "TLS" };

	(void)state;
	assert_true(told_of(&m) > 0 && told_of(&m) < 0.15);
	m.protocol = "HTTP";
	m.is_upload = true;
	assert_true(told_of(&m) > 0.15 && told_of(&m) < 0.25);
	m.host = "somebody.duckdns.org";
	assert_true(told_of(&m) > 0.3 && told_of(&m) < 0.5);
	m.up = MIB / 2;
	assert_true(told_of(&m) == 0);
}

static void a_living_flow_counts_once(void **state)
{
	struct trial t;
	struct moved m = large;

	(void)state;
	begin(&t);
	t.flows = 1;
	m.down = 0;
	for (unsigned minute = 1; minute <= 9; minute++) {
		m.up = minute * 100000;

		struct fact fact = fact_of(&t, FACT_FLOW_GOES_ON, minute * 60.0, &m);

		show(&t, &fact);
	}

	struct fact fact = fact_of(&t, FACT_FLOW_ENDED, 600, &m);

	show(&t, &fact); /* 900,000 in all; counted anew each minute it would be 4.5 million */
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void an_old_place_is_none(void **state)
{
	struct trial t;
	struct moved little = large;

	(void)state;
	begin(&t);
	little.up = 5000;
	little.down = 50000;
	move(&t, 0, &little);
	move(&t, 8 * DAY, &large);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static void staged(void **state)
{
	struct trial t;

	(void)state;
	begin(&t);
	for (unsigned i = 0; i < 6; i++)
		pull(&t, i * 600.0, 200 * MIB);
	move(&t, 2 * HOUR, &large);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_STAGED_UPLOAD);
	assert_true(test_bench_last(&t.bench)->confidence >= 0.5);
	test_bench_stop(&t.bench);

	begin(&t);
	for (unsigned i = 0; i < 6; i++) /* through the week */
		pull(&t, i * DAY, 200 * MIB);
	move(&t, 5 * DAY + HOUR, &large);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_UPLOAD_NEW_PLACE);
	test_bench_stop(&t.bench);

	begin(&t);
	for (unsigned i = 0; i < 6; i++)
		pull(&t, i * 600.0, 200 * MIB);
	move(&t, 2 * DAY, &large); /* long afterwards */
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_UPLOAD_NEW_PLACE);
	test_bench_stop(&t.bench);
}

static void services(void **state)
{
	struct trial t;
	struct moved m = { .up = MIB / 2, .down = 9000, .host = "transfer.sh", .protocol = "TLS" };

	(void)state;
	begin(&t);
	move(&t, 10, &m);
	assert_int_equal(test_bench_last(&t.bench)->kind, SIGNAL_UPLOAD_SERVICE);
	assert_true(test_bench_last(&t.bench)->confidence < 0.5);
	test_bench_stop(&t.bench);
	m.host = "www.example.com";
	assert_true(told_of(&m) == 0);
	m.host = "transfer.sh";
	m.down = 20 * MIB;
	assert_true(told_of(&m) == 0); /* somebody fetches */
}

static void drips(struct trial *t, unsigned days, unsigned missing)
{
	struct moved m = {
		.up = 6 * MIB / 24, .down = 4000, .host = "d.example", .protocol = "TLS"
	};

	begin(t);
	for (unsigned day = 0; day < days; day++) {
		for (unsigned hour = 0; hour < 24 && day != missing; hour++)
			move(t, day * DAY + hour * HOUR, &m);
	}
}

static unsigned count_kind(const struct trial *t, enum signal_kind kind)
{
	unsigned count = 0;

	for (size_t i = 0; i < t->bench.count && i < TEST_SIGNALS_MAX; i++)
		count += t->bench.signals[i].kind == kind;
	return count;
}

static void slow_drip(void **state)
{
	struct trial t;

	(void)state;
	drips(&t, 6, 99);
	assert_int_equal(count_kind(&t, SIGNAL_SLOW_DRIP), 1);
	test_bench_stop(&t.bench);
	drips(&t, 5, 99);
	assert_int_equal(count_kind(&t, SIGNAL_SLOW_DRIP), 0);
	test_bench_stop(&t.bench);
	drips(&t, 8, 3); /* a day without */
	assert_int_equal(count_kind(&t, SIGNAL_SLOW_DRIP), 0);
	test_bench_stop(&t.bench);
}

/* Sixteen days of work with some megabytes an hour, then an hour of far more. */
static unsigned baseline(uint64_t usual, uint64_t last)
{
	struct trial t;
	struct moved m = { .down = 80 * MIB, .host = "old.example", .protocol = "TLS" };
	unsigned told;

	begin(&t);
	for (unsigned day = 0; day < 16; day++) {
		for (unsigned hour = 0; hour < 8; hour++) {
			m.up = usual + hour * MIB / 4;
			move(&t, day * DAY + hour * HOUR, &m);
		}
	}
	m.up = last;
	m.down = MIB;
	move(&t, 16 * DAY, &m);
	told = count_kind(&t, SIGNAL_UPLOAD_BASELINE);
	test_bench_stop(&t.bench);
	return told;
}

static void more_than_usual(void **state)
{
	(void)state;
	assert_int_equal(baseline(2 * MIB, 300 * MIB), 1);
	assert_int_equal(baseline(2 * MIB, 90 * MIB), 0);
	assert_int_equal(baseline(200 * MIB, 300 * MIB), 0); /* a server's every hour */
}

static void not_its_business(void **state)
{
	struct trial t;
	struct fact fact;
	struct observation seen;

	(void)state;
	begin(&t);
	fact = fact_of(&t, FACT_FLOW_ENDED, 10, &large);
	seen = test_seen(&fact);
	seen.direction = DIRECTION_LATERAL;
	test_bench_show(&t.bench, &seen);
	seen.direction = DIRECTION_OUTBOUND;
	seen.is_group = true;
	test_bench_show(&t.bench, &seen);
	seen.is_group = false;
	seen.device = 0;
	test_bench_show(&t.bench, &seen);
	seen.device = DEVICE;
	fact.ended.is_answered = false;
	test_bench_show(&t.bench, &seen);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

/* Time goes back by days: what was counted then is of another age. */
static void time_goes_back(void **state)
{
	struct trial t;
	struct moved m = large;

	(void)state;
	begin(&t);
	m.up = 30 * MIB;
	m.down = 9 * MIB;
	move(&t, 5 * DAY, &m);
	move(&t, 10, &m);
	assert_int_equal(t.bench.count, 0);
	move(&t, 20, &m);
	assert_int_equal(t.bench.count, 1);
	test_bench_stop(&t.bench);
}

/* The pair that was silent for longest makes room, and begins anew. */
static void too_many_places(void **state)
{
	struct trial t;
	struct moved m = large;

	(void)state;
	begin(&t);
	m.up = 30 * MIB;
	m.down = 9 * MIB;
	move(&t, 10, &m);
	for (unsigned i = 0; i < 1100; i++) {
		char host[32];
		struct moved other = { .up = 5000, .down = 90000, .protocol = "TLS" };

		(void)snprintf(host, sizeof(host), "h%u.example", i);
		other.host = host;
		move(&t, 20, &other);
	}
	move(&t, 30, &m);
	assert_int_equal(t.bench.count, 0);
	test_bench_stop(&t.bench);
}

static struct upload an_upload(void)
{
	struct upload upload = { .first = 1, .flow_count = 1 };

	(void)snprintf(upload.object.text, FACT_NAME_LEN, "drop.example.net");
	return upload;
}

static void set_byte(void *at, uint8_t byte)
{
	memcpy(at, &byte, sizeof(byte));
}

static void damage(struct upload_key *key, struct upload *upload, unsigned how)
{
	switch (how) {
	case 0:
		key->device = 0;
		return;
	case 1:
		key->by_name = 2;
		return;
	case 2:
		upload->told[1] = NAN;
		return;
	case 3:
		set_byte(&upload->is_service, 3);
		return;
	case 4:
		set_byte(&upload->is_rented, 3);
		return;
	case 5:
		upload->object.kind = OBJECT_NETWORK + 1;
		return;
	case 6:
		memset(upload->object.text, 'x', sizeof(upload->object.text));
		return;
	case 7:
		upload->flow_count = SIGNAL_FLOWS_MAX + 1;
		return;
	default:
		upload->flow_count = 0;
		return;
	}
}

static void rows_that_come_back(void **state)
{
	struct upload_key sound_key = { .device = DEVICE, .by_name = 1 };
	const struct upload sound = an_upload();
	const uint32_t device = DEVICE;
	const uint32_t nobody = 0;
	struct uploader uploader = { .hour_count = UPLOAD_HOURS_KEPT };

	(void)state;
	assert_true(upload_is_sound(&sound_key, &sound));
	for (unsigned how = 0; how <= 8; how++) {
		struct upload_key key = sound_key;
		struct upload upload = sound;

		damage(&key, &upload, how);
		assert_false(upload_is_sound(&key, &upload));
	}
	assert_true(uploader_is_sound(&device, &uploader));
	assert_false(uploader_is_sound(&nobody, &uploader));
	uploader.hours[7] = NAN;
	assert_false(uploader_is_sound(&device, &uploader));
	uploader.hours[7] = 0;
	uploader.hour_next = UPLOAD_HOURS_KEPT;
	assert_false(uploader_is_sound(&device, &uploader));
	uploader.hour_next = 0;
	uploader.hour_count++;
	assert_false(uploader_is_sound(&device, &uploader));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_upload),
		cmocka_unit_test(each_sign_counts),
		cmocka_unit_test(some_one_way),
		cmocka_unit_test(a_living_flow_counts_once),
		cmocka_unit_test(an_old_place_is_none),
		cmocka_unit_test(staged),
		cmocka_unit_test(services),
		cmocka_unit_test(slow_drip),
		cmocka_unit_test(more_than_usual),
		cmocka_unit_test(not_its_business),
		cmocka_unit_test(time_goes_back),
		cmocka_unit_test(too_many_places),
		cmocka_unit_test(rows_that_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
