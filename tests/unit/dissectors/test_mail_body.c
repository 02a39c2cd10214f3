#include "dissectors/mail_body.h"

#include "tests/unit/dissectors/exact.h"

struct row {
	const char *text;
	size_t end; /* bytes up to the body's end; 0 when it has none */
};

static const struct row rows[] = {
	{ "Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n", 23 },
	{ ".\r\n", 3 },
	{ "a\n.\n", 4 },
	{ "..\r\n.\r\n", 7 },
	{ ".a\r\na.\r\n.\rx\r\n", 0 },
	{ "a\r.\r\n", 0 },
	{ "", 0 },
};

static void dots_end_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].text);
		uint8_t *exact = exact_copy(rows[i].text, len);

		for (size_t cut = 0; cut <= len; cut++) {
			struct mail_body body = { 0 };
			struct cursor in = cursor_over(exact, cut);
			enum dissect got = mail_body_take(&body, &in);

			if (got == DISSECT_TRUNCATED) {
				assert_int_equal(body.len, cut);
				in = cursor_at(cursor_over(exact, len), cut);
				got = mail_body_take(&body, &in);
			}
			assert_int_equal(got, rows[i].end > 0 ? DISSECT_OK : DISSECT_TRUNCATED);
			assert_int_equal(body.len, rows[i].end > 0 ? rows[i].end : len);
		}
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(dots_end_bodies) };

	return cmocka_run_group_tests_name("mail_body", tests, NULL, NULL);
}
