#include "sensor/delivery/parcel.h"

#include "tests/unit/delivery/parcels.h"

static void the_signed_text_is_ten_lines(void **state)
{
	static const char want[] = "hinomi.parcel/1\ns-1\nurgent\n1\ncanary\n0123456789ab\n1\n"
				   "2025-11-22T01:00:00.123456Z\n";
	struct parcels stream;
	struct parcel parcel;
	char text[PARCEL_SIGNED_MAX];
	unsigned lines = 0;
	size_t len;

	(void)state;
	parcels_start(&stream, 1);
	parcel = parcels_next(&stream);
	len = parcel_signed_text(&parcel, text);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(text, want, sizeof(want) - 1);
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 10);
	assert_int_equal(text[len - 1], '\n');
}

static void the_longest_text_has_room(void **state)
{
	struct parcel parcel = { .stream = PARCEL_EVIDENCE,
				 .kind = PARCEL_SET_ASIDE,
				 .sequence = UINT64_MAX,
				 .revision = UINT64_MAX,
				 .made = UINT64_MAX };
	char text[PARCEL_SIGNED_MAX];

	(void)state;
	memset(parcel.sensor, 'x', sizeof(parcel.sensor) - 1);
	memset(parcel.key, 'x', sizeof(parcel.key) - 1);
	assert_true(parcel_signed_text(&parcel, text) < sizeof(text));
}

static enum parcel_fault check_changed(const struct parcels *stream, struct parcel parcel,
				       void (*change)(struct parcel *parcel))
{
	change(&parcel);
	return parcel_check(&parcel, &stream->public);
}

#define CHANGE(name, statement)                 \
	static void name(struct parcel *parcel) \
	{                                       \
		statement;                      \
	}

CHANGE(change_sensor, parcel->sensor[0] = 'z')
CHANGE(change_stream, parcel->stream = PARCEL_PULSE)
CHANGE(change_sequence, parcel->sequence++)
CHANGE(change_kind, parcel->kind = PARCEL_CASE)
CHANGE(change_key, parcel->key[0] = 'z')
CHANGE(change_revision, parcel->revision++)
CHANGE(change_made, parcel->made += 1000)
CHANGE(change_previous, parcel->previous[31] ^= 1)
CHANGE(change_digest, parcel->digest[0] ^= 1)
CHANGE(change_signature, parcel->signature[0] ^= 1)
CHANGE(change_signer, parcel->signer[0] ^= 1)
CHANGE(change_body, parcel->body = "{}"; parcel->body_len = 2)
CHANGE(cut_body, parcel->body_len--)

static void each_change_is_named(void **state)
{
	static void (*const signed_ones[])(struct parcel *) = {
		change_sensor,   change_stream, change_sequence, change_kind,   change_key,
		change_revision, change_made,   change_previous, change_digest, change_signature,
	};
	struct parcels stream;
	struct parcels other;
	struct parcel parcel;

	(void)state;
	parcels_start(&stream, 1);
	parcels_start(&other, 2);
	parcel = parcels_next(&stream);
	assert_int_equal(parcel_check(&parcel, &stream.public), PARCEL_SOUND);
	for (size_t i = 0; i < ARRAY_LEN(signed_ones); i++)
		assert_int_equal(check_changed(&stream, parcel, signed_ones[i]),
				 PARCEL_BAD_SIGNATURE);
	assert_int_equal(check_changed(&stream, parcel, change_signer), PARCEL_OTHER_SIGNER);
	assert_int_equal(check_changed(&stream, parcel, change_body), PARCEL_BODY_CHANGED);
	assert_int_equal(check_changed(&stream, parcel, cut_body), PARCEL_BODY_CHANGED);
	assert_int_equal(parcel_check(&parcel, &other.public), PARCEL_OTHER_SIGNER);
	/* Who gives his key another's id is still not him. */
	memcpy(other.public.id, stream.public.id, SIGN_ID_LEN);
	assert_int_equal(parcel_check(&parcel, &other.public), PARCEL_BAD_SIGNATURE);
}

static void times_have_one_way_of_writing(void **state)
{
	static const char *const good[] = { "2026-11-22T01:00:00.000000Z",
					    "1970-01-01T00:00:00.000000Z",
					    "2028-02-29T23:59:59.999999Z" };
	static const char *const wrong[] = {
		"",
		"2026-11-22",
		"2026-11-22T01:00:00Z",
		"2026-11-22T01:00:00.000Z",
		"2026-11-22T01:00:00.0000000Z",
		"2026-11-22T01:00:00.000000",
		"2026-11-22T01:00:00.000000z",
		"2026-11-22T01:00:00.000000+00:00",
		"2026-11-22 01:00:00.000000Z",
		"2026-11-22T01:00:60.000000Z",
		"2027-02-29T00:00:00.000000Z",
		"2026-13-01T00:00:00.000000Z",
		" 2026-11-22T01:00:00.000000Z",
		"2026-11-22T01:00:00.000000Z ",
		"2026-1-22T01:00:00.000000Z",
		"1969-12-31T23:59:59.000000Z",
	};
	char text[NANOTIME_TEXT_LEN];
	nanotime time;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(parcel_time(good[i], &time));
		(void)nanotime_text(time, text);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(parcel_time(wrong[i], &time));
}

static void names_are_plain_words(void **state)
{
	char longest[PARCEL_SENSOR_LEN + 1];

	(void)state;
	assert_true(parcel_name_is_good("s-3f9ab2c4d5e6f708"));
	assert_true(parcel_name_is_good("A.b_c-d:9"));
	assert_false(parcel_name_is_good(""));
	assert_false(parcel_name_is_good("a b"));
	assert_false(parcel_name_is_good("a\nb"));
	assert_false(parcel_name_is_good("a/b"));
	assert_false(parcel_name_is_good("+"));
	assert_false(parcel_name_is_good("\xe3\x81\x82"));
	memset(longest, 'x', sizeof(longest));
	longest[PARCEL_SENSOR_LEN] = '\0';
	assert_false(parcel_name_is_good(longest));
	longest[PARCEL_SENSOR_LEN - 1] = '\0';
	assert_true(parcel_name_is_good(longest));
}

static void words_of_the_wire_go_there_and_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PARCEL_STREAMS; i++)
		assert_int_equal(parcel_stream_named(parcel_stream_name((enum parcel_stream)i)), i);
	for (unsigned i = 0; i < PARCEL_KINDS; i++)
		assert_int_equal(parcel_kind_named(parcel_kind_name((enum parcel_kind)i)), i);
	assert_int_equal(parcel_stream_named("Urgent"), PARCEL_STREAMS);
	assert_int_equal(parcel_kind_named(""), PARCEL_KINDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signed_text_is_ten_lines),
		cmocka_unit_test(the_longest_text_has_room),
		cmocka_unit_test(each_change_is_named),
		cmocka_unit_test(times_have_one_way_of_writing),
		cmocka_unit_test(names_are_plain_words),
		cmocka_unit_test(words_of_the_wire_go_there_and_back),
	};

	return cmocka_run_group_tests_name("parcel", tests, NULL, NULL);
}
