#include "sensor/case/case_json.h"
#include "sensor/judge/case_book.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>

struct bench {
	struct config config;
	struct case_book *book;
};

static const struct case_view view = { .first = 1, .last = 2 };

static void start(struct bench *b)
{
	config_defaults(&b->config);
	assert_int_equal(case_book_new(&b->book, &b->config.judge, "", false), ERR_OK);
}

static struct signal tell(struct bench *b, double hours)
{
	const struct device who = { .number = 1, .has_mac = true, .mac = test_mac(7) };
	const struct case_subject subject = { .device = &who };
	const struct considered considered = { .count = 0 };
	nanotime when = test_after_seconds(hours * 3600);
	struct signal s = { .kind = SIGNAL_TOR,
			    .direction = DIRECTION_OUTBOUND,
			    .outcome = OUTCOME_ANSWERED,
			    .device = 1,
			    .first = when,
			    .last = when,
			    .confidence = 0.8 };

	(void)snprintf(s.object.text, sizeof(s.object.text), "x.example");
	assert_true(case_book_fold(b->book, &s, &considered, 1, &subject));
	return s;
}

/* The case that changed, as a receiver reads it; "" when none did. */
static void changed(struct bench *b, char *out, size_t room)
{
	enum case_change how;
	const struct case_record *c = case_book_changed(b->book, &how);
	FILE *text = fmemopen(out, room, "w");

	assert_non_null(text);
	out[0] = '\0';
	if (c)
		case_json(c, &view, text);
	(void)fclose(text);
}

static void expect(struct bench *b, const char *words)
{
	char line[16384];

	changed(b, line, sizeof(line));
	if (!strstr(line, words))
		print_error("%s\n", line);
	assert_non_null(strstr(line, words));
	assert_non_null(strstr(line, "\"findings\":[{\"id\""));
}

static void expect_nothing(struct bench *b)
{
	enum case_change how;

	assert_null(case_book_changed(b->book, &how));
}

static void a_case_is_created_updated_and_quiet(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	(void)tell(&b, 0);
	expect(&b, "\"rev\":1,\"action\":\"create\",\"state\":\"new\"");
	(void)tell(&b, 1);
	expect(&b, "\"rev\":2,\"action\":\"update\",\"state\":\"new\"");
	case_book_quieten(b.book, test_after_seconds(72 * 3600.0));
	expect_nothing(&b); /* an hour is missing */
	case_book_quieten(b.book, test_after_seconds(73 * 3600.0));
	expect(&b, "\"rev\":3,\"action\":\"update\",\"state\":\"quiet\"");
	case_book_quieten(b.book, test_after_seconds(200 * 3600.0));
	expect_nothing(&b); /* said once */
	case_book_free(b.book);
}

static void what_comes_later_makes_it_new_again(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	b.config.judge.case_settled = 2 * NANOTIME_HOUR;
	(void)tell(&b, 0);
	expect(&b, "\"rev\":1");
	case_book_quieten(b.book, test_after_seconds(3 * 3600.0));
	expect(&b, "\"state\":\"quiet\"");
	(void)tell(&b, 4);
	expect(&b, "\"rev\":3,\"action\":\"update\",\"state\":\"new\"");
	case_book_free(b.book);
}

static void what_is_taken_back_is_closed_and_never_quiet(void **state)
{
	struct bench b;
	struct signal s;

	(void)state;
	start(&b);
	s = tell(&b, 0);
	expect(&b, "\"rev\":1");
	(void)case_book_withdraw(b.book, &s);
	expect(&b, "\"rev\":2,\"action\":\"close\",\"state\":\"withdrawn\"");
	case_book_quieten(b.book, test_after_seconds(200 * 3600.0));
	expect_nothing(&b);
	case_book_free(b.book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_is_created_updated_and_quiet),
		cmocka_unit_test(what_comes_later_makes_it_new_again),
		cmocka_unit_test(what_is_taken_back_is_closed_and_never_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
