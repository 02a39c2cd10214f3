#include "sensor/base/digits.h"

#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>

static void expect_like_printf(uint64_t value)
{
	char got[DIGITS_UINT_MAX + 1];
	char want[32];

	*digits_uint(got, value) = '\0';
	(void)snprintf(want, sizeof(want), "%" PRIu64, value);
	assert_string_equal(got, want);
	*digits_hex(got, value) = '\0';
	(void)snprintf(want, sizeof(want), "%" PRIx64, value);
	assert_string_equal(got, want);
}

static void small_numbers_are_as_printf_writes_them(void **state)
{
	(void)state;
	for (uint64_t value = 0; value < 30000; value++)
		expect_like_printf(value);
}

static void numbers_beside_powers_are_as_printf_writes_them(void **state)
{
	(void)state;
	for (uint64_t power = 1;; power *= 10) {
		for (uint64_t factor = 1; factor <= (power < UINT64_MAX / 10 ? 9 : 1); factor++) {
			expect_like_printf(power * factor - 1);
			expect_like_printf(power * factor);
			expect_like_printf(power * factor + 1);
		}
		if (power > UINT64_MAX / 10)
			break;
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		expect_like_printf((UINT64_C(1) << bit) - 1);
		expect_like_printf(UINT64_C(1) << bit);
	}
	expect_like_printf(UINT64_MAX);
}

static void octets_and_pairs_are_as_printf_writes_them(void **state)
{
	char got[5];
	char want[16];

	(void)state;
	for (unsigned value = 0; value <= UINT8_MAX; value++) {
		*digits_octet_dot(got, (uint8_t)value) = '\0';
		(void)snprintf(want, sizeof(want), "%u.", value);
		assert_string_equal(got, want);
		*digits_hex_byte(got, (uint8_t)value) = '\0';
		(void)snprintf(want, sizeof(want), "%02x", value);
		assert_string_equal(got, want);
		if (value >= 100)
			continue;
		*digits_two(got, value) = '\0';
		(void)snprintf(want, sizeof(want), "%02u", value);
		assert_string_equal(got, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_numbers_are_as_printf_writes_them),
		cmocka_unit_test(numbers_beside_powers_are_as_printf_writes_them),
		cmocka_unit_test(octets_and_pairs_are_as_printf_writes_them),
	};

	return cmocka_run_group_tests_name("digits", tests, NULL, NULL);
}
