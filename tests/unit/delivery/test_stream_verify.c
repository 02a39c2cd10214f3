#include "sensor/delivery/stream_verify.h"

#include "sensor/base/json.h"
#include "sensor/delivery/heartbeat_ends.h"
#include "tests/unit/delivery/parcels.h"

#include <stdlib.h>

enum { PARCELS = 2000, LINE_LEN = 2048 };

struct named {
	unsigned count;
	struct verify_finding last;
};

static void take(void *arg, const struct verify_finding *finding)
{
	struct named *named = arg;

	named->count++;
	named->last = *finding;
}

static size_t write_line(const struct parcel *parcel, char line[static LINE_LEN])
{
	static struct json j;
	FILE *out = fmemopen(line, LINE_LEN, "w");

	assert_non_null(out);
	json_start(&j, out);
	parcel_json(&j, NULL, parcel);
	json_line_end(&j);
	json_flush(&j);
	assert_int_equal(fclose(out), 0);
	return strlen(line) - 1;
}

static struct stream_verify *start(const struct verify_key *key, size_t most, struct named *named)
{
	const struct verify_setup setup = {
		.keys = key, .key_count = 1, .most_parcels = most, .found = take, .arg = named
	};
	struct stream_verify *verify = NULL;

	assert_int_equal(stream_verify_new(&verify, &setup), ERR_OK);
	return verify;
}

/* Far more than the table begins with, in an order that leaves many gaps open meanwhile. */
static void many_parcels_in_any_order_are_whole(void **state)
{
	static struct parcel made[PARCELS];
	struct named named = { 0 };
	struct verify_key key = { 0 };
	struct verify_totals totals;
	struct stream_verify *verify;
	struct parcels stream;
	char line[LINE_LEN];

	(void)state;
	parcels_start(&stream, 1);
	key.public = stream.public;
	for (unsigned i = 0; i < PARCELS; i++)
		made[i] = parcels_next(&stream);
	verify = start(&key, PARCELS, &named);
	for (unsigned i = 0; i < PARCELS; i++) {
		size_t len = write_line(&made[(i * 7919U) % PARCELS], line);

		assert_int_equal(stream_verify_line(verify, line, len), ERR_OK);
	}
	stream_verify_end(verify, &totals);
	assert_int_equal(totals.genuine, PARCELS);
	assert_int_equal(totals.faults[VERIFY_REORDERED], named.count);
	for (unsigned i = 0; i < VERIFY_FAULTS; i++)
		assert_true(i == VERIFY_REORDERED || totals.faults[i] == 0);
	stream_verify_free(verify);
}

static void the_ceiling_holds(void **state)
{
	struct named named = { 0 };
	struct verify_key key = { 0 };
	struct stream_verify *verify;
	struct parcels stream;
	char line[LINE_LEN];

	(void)state;
	parcels_start(&stream, 1);
	key.public = stream.public;
	verify = start(&key, 3, &named);
	for (unsigned i = 0; i < 5; i++) {
		struct parcel parcel = parcels_next(&stream);
		size_t len = write_line(&parcel, line);

		assert_int_equal(stream_verify_line(verify, line, len), i < 3 ? ERR_OK : ERR_FULL);
	}
	stream_verify_free(verify);
}

/* A sequence is only a number: a parcel far ahead costs one gap, not memory. */
static void a_sequence_far_ahead_is_one_gap(void **state)
{
	struct named named = { 0 };
	struct verify_key key = { 0 };
	struct verify_totals totals;
	struct stream_verify *verify;
	struct parcels stream;
	struct parcel parcel;
	char line[LINE_LEN];

	(void)state;
	parcels_start(&stream, 1);
	key.public = stream.public;
	stream.head.sequence = INT64_MAX - 1;
	parcel = parcels_next(&stream);
	verify = start(&key, 3, &named);
	assert_int_equal(stream_verify_line(verify, line, write_line(&parcel, line)), ERR_OK);
	stream_verify_long_line(verify);
	assert_int_equal(named.last.fault, VERIFY_UNREADABLE);
	stream_verify_end(verify, &totals);
	assert_int_equal(named.count, 2);
	assert_int_equal(named.last.fault, VERIFY_MISSING);
	assert_int_equal(named.last.first, 1);
	assert_int_equal(named.last.last, INT64_MAX - 1);
	assert_false(totals.is_whole);
	stream_verify_free(verify);
}

static void a_heartbeat_says_where_streams_end(void **state)
{
	static const char body[] =
		"{\"streams\":{\"urgent\":{\"sequence\":7,\"chain\":"
		"\"0101010101010101010101010101010101"
		"010101010101010101010101010101\"},\"routine\":{\"sequence\":-1,\"chain\":\"\"},"
		"\"pulse\":{\"sequence\":2,\"chain\":\"01\"},\"evidence\":7}}";
	struct stream_head ends[PARCEL_STREAMS];

	(void)state;
	heartbeat_ends(body, sizeof(body) - 1, ends);
	assert_int_equal(ends[PARCEL_URGENT].sequence, 7);
	assert_int_equal(ends[PARCEL_URGENT].chain[31], 1);
	assert_int_equal(ends[PARCEL_ROUTINE].sequence, 0);
	assert_int_equal(ends[PARCEL_PULSE].sequence, 0);
	assert_int_equal(ends[PARCEL_EVIDENCE].sequence, 0);
	heartbeat_ends("[", 1, ends);
	assert_int_equal(ends[PARCEL_URGENT].sequence, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_parcels_in_any_order_are_whole),
		cmocka_unit_test(the_ceiling_holds),
		cmocka_unit_test(a_sequence_far_ahead_is_one_gap),
		cmocka_unit_test(a_heartbeat_says_where_streams_end),
	};

	return cmocka_run_group_tests_name("stream_verify", tests, NULL, NULL);
}
