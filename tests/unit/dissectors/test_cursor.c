#include "dissectors/cursor.h"

#include "tests/support/cmocka.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static struct cursor over(size_t len)
{
	return cursor_over(bytes, len);
}

static struct span text(const char *s)
{
	return (struct span){ .data = (const uint8_t *)s, .len = strlen(s) };
}

static void assert_failed(const struct cursor *c)
{
	assert_false(cursor_ok(c));
	assert_int_equal(cursor_left(c), 0);
}

static void numbers_are_big_endian(void **state)
{
	struct cursor c = over(sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_be16(&c), 0x0203);
	assert_int_equal(cursor_left(&c), 5);
	c = over(sizeof(bytes));
	assert_int_equal(cursor_be24(&c), 0x010203);
	assert_int_equal(cursor_be32(&c), 0x04050607);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_left(&c), 1);
}

static void numbers_use_their_top_bit(void **state)
{
	static const uint8_t ones[] = { 0xff, 0xff, 0xff, 0xff };
	struct cursor c = cursor_over(ones, sizeof(ones));

	(void)state;
	assert_true(cursor_be32(&c) == UINT32_MAX);
	c = cursor_over(ones, sizeof(ones));
	assert_true(cursor_be24(&c) == 0xffffff);
	c = cursor_over(ones, sizeof(ones));
	assert_true(cursor_be16(&c) == UINT16_MAX);
}

static void short_reads_give_zero(void **state)
{
	struct cursor c = over(0);

	(void)state;
	assert_int_equal(cursor_u8(&c), 0);
	assert_failed(&c);
	c = over(1);
	assert_int_equal(cursor_be16(&c), 0);
	assert_failed(&c);
	c = over(2);
	assert_int_equal(cursor_be24(&c), 0);
	assert_failed(&c);
	c = over(3);
	assert_int_equal(cursor_be32(&c), 0);
	assert_failed(&c);
}

static void failure_stays(void **state)
{
	struct cursor c = over(3);

	(void)state;
	cursor_skip(&c, 4);
	assert_failed(&c);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_take(&c, 0).len, 0);
	assert_int_equal(cursor_take_up_to(&c, 1).len, 0);
	assert_failed(&c);
}

static void take_hands_out_bytes(void **state)
{
	struct cursor c = over(sizeof(bytes));
	struct span taken = cursor_take(&c, 3);

	(void)state;
	assert_ptr_equal(taken.data, bytes);
	assert_int_equal(taken.len, 3);
	assert_int_equal(cursor_u8(&c), 4);
	assert_int_equal(cursor_take(&c, 4).len, 4);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_take(&c, 0).len, 0);
	assert_true(cursor_ok(&c));
	assert_null(cursor_take(&c, 1).data);
	assert_failed(&c);
}

static void take_of_everything_there_is_cannot_overflow(void **state)
{
	struct cursor c = over(sizeof(bytes));

	(void)state;
	cursor_skip(&c, 1);
	assert_int_equal(cursor_take(&c, SIZE_MAX).len, 0);
	assert_failed(&c);
}

static void take_up_to_takes_fewer(void **state)
{
	struct cursor c = over(5);

	(void)state;
	assert_int_equal(cursor_take_up_to(&c, 2).len, 2);
	assert_int_equal(cursor_take_up_to(&c, 9).len, 3);
	assert_int_equal(cursor_take_up_to(&c, 9).len, 0);
	assert_true(cursor_ok(&c));
}

static void take_until_eats_the_end(void **state)
{
	struct cursor c = over(sizeof(bytes));
	struct span before = cursor_take_until(&c, 3);

	(void)state;
	assert_ptr_equal(before.data, bytes);
	assert_int_equal(before.len, 2);
	assert_int_equal(cursor_take_until(&c, 4).len, 0);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_take_until(&c, 8).len, 3);
	assert_int_equal(cursor_left(&c), 0);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_take_until(&c, 8).len, 0);
	assert_failed(&c);
}

static void take_until_fails_without_the_end(void **state)
{
	struct cursor c = over(3);

	(void)state;
	assert_int_equal(cursor_take_until(&c, 4).len, 0);
	assert_failed(&c);
}

static void sub_cannot_see_past_its_end(void **state)
{
	struct cursor c = over(sizeof(bytes));
	struct cursor inner = cursor_sub(&c, 2);

	(void)state;
	assert_int_equal(cursor_be32(&inner), 0);
	assert_failed(&inner);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_u8(&c), 3);
	inner = cursor_sub(&c, 6);
	assert_failed(&inner);
	assert_failed(&c);
}

static void copy_is_whole_or_nothing(void **state)
{
	struct cursor c = over(3);
	uint8_t to[4] = { 9, 9, 9, 9 };

	(void)state;
	cursor_copy(&c, to, 2);
	assert_int_equal(to[1], 2);
	assert_int_equal(to[2], 9);
	cursor_copy(&c, to, 2);
	assert_int_equal(to[0], 1);
	assert_failed(&c);
}

static void offsets_come_back(void **state)
{
	const struct cursor whole = over(sizeof(bytes));
	struct cursor c = cursor_at(whole, 5);

	(void)state;
	assert_int_equal(cursor_offset(&whole, &whole), 0);
	assert_int_equal(cursor_offset(&c, &whole), 5);
	assert_int_equal(cursor_u8(&c), 6);
	c = cursor_at(whole, sizeof(bytes));
	assert_true(cursor_ok(&c));
	c = cursor_at(whole, sizeof(bytes) + 1);
	assert_failed(&c);
}

static void trim_takes_both_ends(void **state)
{
	(void)state;
	assert_int_equal(span_trim(text("")).len, 0);
	assert_int_equal(span_trim(text(" \t\r ")).len, 0);
	assert_int_equal(span_trim(text("a b")).len, 3);
	assert_memory_equal(span_trim(text(" \ta b\r")).data, "a b", 3);
	assert_int_equal(span_trim(text(" \ta b\r")).len, 3);
	assert_int_equal(span_trim((struct span){ 0 }).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(numbers_use_their_top_bit),
		cmocka_unit_test(short_reads_give_zero),
		cmocka_unit_test(failure_stays),
		cmocka_unit_test(take_hands_out_bytes),
		cmocka_unit_test(take_of_everything_there_is_cannot_overflow),
		cmocka_unit_test(take_up_to_takes_fewer),
		cmocka_unit_test(take_until_eats_the_end),
		cmocka_unit_test(take_until_fails_without_the_end),
		cmocka_unit_test(sub_cannot_see_past_its_end),
		cmocka_unit_test(copy_is_whole_or_nothing),
		cmocka_unit_test(offsets_come_back),
		cmocka_unit_test(trim_takes_both_ends),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
