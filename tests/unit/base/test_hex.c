#include "sensor/base/hex.h"

#include "tests/support/cmocka.h"

#include <string.h>

static void all_bytes_go_there_and_back(void **state)
{
	uint8_t bytes[256];
	uint8_t again[256];
	char text[2 * sizeof(bytes) + 1];

	(void)state;
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	hex_text(bytes, sizeof(bytes), text);
	assert_int_equal(strlen(text), 2 * sizeof(bytes));
	assert_memory_equal(text + 2 * 0xa9, "a9aa", 4);
	assert_true(hex_bytes(text, again, sizeof(again)));
	assert_memory_equal(bytes, again, sizeof(bytes));
}

static void only_one_way_of_writing_is_read(void **state)
{
	static const char *const wrong[] = { "",     "0",    "000",  "00000", "0A00",  "00 0",
					     "0x00", "g000", "00:0", "-100",  "00\xff" };
	uint8_t bytes[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(hex_bytes(wrong[i], bytes, sizeof(bytes)));
	assert_true(hex_bytes("00ff", bytes, sizeof(bytes)));
	assert_true(hex_bytes("", bytes, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_bytes_go_there_and_back),
		cmocka_unit_test(only_one_way_of_writing_is_read),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
