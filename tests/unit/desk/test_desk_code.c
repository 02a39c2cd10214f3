#include "sensor/sign/signature.h"
#include "tools/desk/desk_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void codes_are_of_their_form(void **state)
{
	char before[ENROL_CODE_LEN] = "";

	(void)state;
	assert_int_equal(sign_start(), ERR_OK);
	for (unsigned i = 0; i < 1000; i++) {
		char code[ENROL_CODE_LEN];
		char shown[DESK_CODE_SHOWN_LEN];

		desk_code_make(code);
		desk_code_show(code, shown);
		assert_int_equal(strlen(code), 20);
		assert_int_equal(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 20);
		assert_int_equal(strlen(shown), 23);
		assert_true(shown[5] == '-' && shown[11] == '-' && shown[17] == '-');
		assert_memory_equal(shown, code, 5);
		assert_memory_equal(shown + 18, code + 15, 5);
		assert_string_not_equal(code, before);
		memcpy(before, code, sizeof(before));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_of_their_form),
	};

	return cmocka_run_group_tests_name("desk_code", tests, NULL, NULL);
}
