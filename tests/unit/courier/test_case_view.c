#include "sensor/courier/case_view_jansson.h"

#include "tests/support/cmocka.h"
#include "tests/unit/courier/case_body.h"

#include <stdlib.h>
#include <string.h>

/* In a heap block of exactly its size, so that ASan sees an over-read. */
static enum err read_exact(const char *body, size_t len, struct case_view *view)
{
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, body, len);

	enum err err = case_view_read(copy, len, view);

	free(copy);
	return err;
}

static void all_that_lines_need_is_read(void **state)
{
	struct case_view view;

	(void)state;
	assert_int_equal(read_exact(CASE_BODY, strlen(CASE_BODY), &view), ERR_OK);
	assert_string_equal(view.id, "5cf94984-babb-8762-8274-c76021693f42");
	assert_int_equal(view.revision, 3);
	assert_int_equal(view.priority, 2);
	assert_false(view.is_digest);
	assert_string_equal(view.device.name, "PC-1");
	assert_string_equal(view.device.label, "");
	assert_int_equal(view.device.ips, 1);
	assert_string_equal(view.words[LANGUAGE_EN].do_first[1], "Note.");
	assert_string_equal(view.words[LANGUAGE_JA].title, "見出し");
	assert_string_equal(view.lead.rule, "BCN-1");
	assert_string_equal(view.lead.attack[0], "T1071");
	assert_int_equal(view.lead.flow.dest_port, 443);
	assert_false(view.lead.flow.has_ended);
	case_view_free(&view);
}

static void a_prefix_is_no_case(void **state)
{
	struct case_view view;

	(void)state;
	for (size_t len = 0; len < strlen(CASE_BODY); len++)
		assert_int_equal(read_exact(CASE_BODY, len, &view), ERR_SYNTAX);
}

static void without_what_every_line_needs_it_is_refused(void **state)
{
	static const char *const needed[] = { "\"schema\"",   "\"id\"",       "\"rev\"",
					      "\"priority\"", "\"first\"",    "\"last\"",
					      "\"title\"",    "\"findings\"", "\"rule\"" };
	char body[sizeof(CASE_BODY)];
	struct case_view view;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		memcpy(body, CASE_BODY, sizeof(body));
		/* Under another name. */
		*(strstr(body, needed[i]) + 1) = 'X';
		assert_int_equal(read_exact(body, strlen(body), &view), ERR_SYNTAX);
	}
}

static void members_of_another_type_are_none(void **state)
{
	static const char body[] = CASE_BODY_OF(
		"1", "Title", "What.", "[1]",
		"{\"rule\":\"BCN-1\",\"attack\":\"T1\",\"object\":[],\"flows\":{\"src_ip\":1}}");
	struct case_view view;

	(void)state;
	assert_int_equal(read_exact(body, strlen(body), &view), ERR_OK);
	assert_string_equal(view.device.name, "");
	assert_int_equal(view.device.ips, 0);
	assert_int_equal(view.lead.attacks, 0);
	assert_string_equal(view.lead.object_value, "");
	assert_string_equal(view.lead.flow.src_ip, "");
	case_view_free(&view);
}

struct lead_case {
	const char *name;
	const char *findings;
	const char *want;
};

static struct lead_case leads[] = {
	{ "the most urgent leads",
	  CASE_FINDING("AAA-1", "3", "4", "0.9", "") "," CASE_FINDING("BBB-1", "1", "1", "0.1", ""),
	  "BBB-1" },
	{ "then the gravest",
	  CASE_FINDING("AAA-1", "2", "2", "0.9", "") "," CASE_FINDING("BBB-1", "2", "3", "0.1", ""),
	  "BBB-1" },
	{ "then the surest",
	  CASE_FINDING("AAA-1", "2", "2", "0.5", "") "," CASE_FINDING("BBB-1", "2", "2", "0.6", ""),
	  "BBB-1" },
	{ "then the first",
	  CASE_FINDING("AAA-1", "2", "2", "0.5", "") "," CASE_FINDING("BBB-1", "2", "2", "0.5", ""),
	  "AAA-1" },
};

static void run_lead(void **state)
{
	const struct lead_case *c = *state;
	static const char before[] = CASE_BODY_OF("2", "T", "W", CASE_DEVICE, "");
	char body[4096];
	struct case_view view;

	assert_true(snprintf(body, sizeof(body), "%.*s%s]}", (int)(sizeof(before) - 3), before,
			     c->findings) < (int)sizeof(body));
	assert_int_equal(read_exact(body, strlen(body), &view), ERR_OK);
	assert_string_equal(view.lead.rule, c->want);
	case_view_free(&view);
}

int main(void)
{
	struct CMUnitTest tests[4 + ARRAY_LEN(leads)] = {
		cmocka_unit_test(all_that_lines_need_is_read),
		cmocka_unit_test(a_prefix_is_no_case),
		cmocka_unit_test(without_what_every_line_needs_it_is_refused),
		cmocka_unit_test(members_of_another_type_are_none),
	};

	ADD_ROWS(tests + 4, leads, run_lead);
	return cmocka_run_group_tests_name("case_view", tests, NULL, NULL);
}
