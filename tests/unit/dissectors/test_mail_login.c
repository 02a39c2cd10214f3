#include "dissectors/mail_login.h"

#include "tests/unit/dissectors/exact.h"

static enum dissect dissect_line(struct cursor in, void *out)
{
	return dissect_mail_auth_line(in, out);
}

static void say_line(const void *out, FILE *to)
{
	const struct mail_auth_line *msg = out;

	(void)fprintf(to, "%.*s%s +%zu", (int)msg->base64.len, (const char *)msg->base64.data,
		      msg->is_cancel ? "cancel" : "", msg->consumed);
}

static const struct exact_dissector line_dissector = { dissect_line, say_line,
						       sizeof(struct mail_auth_line) };

static struct exact_case line_cases[] = {
	{ "an answer", BYTES("AHRlc3QAMTIzNA==\r\n"), DISSECT_OK, "AHRlc3QAMTIzNA== +18", 0 },
	{ "an empty answer", BYTES("\r\n"), DISSECT_OK, " +2", 0 },
	{ "a cancel", BYTES("*\r\nQUIT\r\n"), DISSECT_OK, "cancel +3", 6 },
	{ "a command", BYTES("QUIT now\r\n"), DISSECT_OTHER, NULL, 0 },
};

static void run_line(void **state)
{
	exact_run(&line_dissector, *state);
}

static void users_of_answers(void **state)
{
	static const struct {
		enum mail_mechanism mechanism;
		const char *base64;
		const char *user;
	} rows[] = {
		{ MAIL_MECHANISM_PLAIN, "AHRlc3QAcHc=", "test" },
		{ MAIL_MECHANISM_PLAIN, "YWRtaW4AYm9iAHB3", "bob" },
		{ MAIL_MECHANISM_PLAIN, "bm8=", "" },
		{ MAIL_MECHANISM_PLAIN, "AABwdw==", "" },
		{ MAIL_MECHANISM_LOGIN, "Ym9iQGV4YW1wbGUuY29t", "bob@example.com" },
		{ MAIL_MECHANISM_CRAM_MD5, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
		  "tim" },
		{ MAIL_MECHANISM_SCRAM, "biwsbj11c2VyLHI9Znlrbw==", "user" },
		{ MAIL_MECHANISM_SCRAM, "biwsbT11c2VyLHI9Znlrbw==", "" },
		{ MAIL_MECHANISM_OAUTH, "dXNlcj1hQGIBYXV0aD1CZWFyZXIgeAEB", "a@b" },
		{ MAIL_MECHANISM_OAUTH, "bixhPWFAYiwBYXV0aD1CZWFyZXIgeAEB", "a@b" },
		{ MAIL_MECHANISM_OAUTH, "biws", "" },
		{ MAIL_MECHANISM_NTLM, "TlRMTVNTUAA=", "" },
		{ MAIL_MECHANISM_LOGIN, "a*", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mail_login login = { .mechanism = rows[i].mechanism };
		struct cursor answer = cursor_over(rows[i].base64, strlen(rows[i].base64));

		assert_int_equal(mail_login_read_answer(&login, answer.rest),
				 rows[i].user[0] != '\0');
		assert_text((struct span){ .data = login.user, .len = login.user_len },
			    rows[i].user);
	}
}

static void a_long_user_is_cut(void **state)
{
	struct mail_login login = { .mechanism = MAIL_MECHANISM_LOGIN };
	char base64[4 * MAIL_USER_MAX];

	(void)state;
	memset(base64, 'A', sizeof(base64));

	struct cursor answer = cursor_over(base64, sizeof(base64));

	assert_true(mail_login_read_answer(&login, answer.rest));
	assert_int_equal(login.user_len, MAIL_USER_MAX);
	assert_true(login.user_is_cut);
}

static void arguments_of_auth(void **state)
{
	static const struct {
		const char *argument;
		enum mail_mechanism mechanism;
		bool has_answer;
		const char *user;
	} rows[] = {
		{ "PLAIN AHRlc3QAMTIzNA==", MAIL_MECHANISM_PLAIN, true, "test" },
		{ "LOGIN dGVzdA==", MAIL_MECHANISM_LOGIN, true, "test" },
		{ "LOGIN", MAIL_MECHANISM_LOGIN, false, "" },
		{ "PLAIN =", MAIL_MECHANISM_PLAIN, true, "" },
		{ "CRAM-MD5 YQ==", MAIL_MECHANISM_CRAM_MD5, true, "" },
		{ "SCRAM-SHA-1 bg==", MAIL_MECHANISM_SCRAM, true, "" },
		{ "SCRAM-SHA-1 biws", MAIL_MECHANISM_SCRAM, true, "" },
		{ "XOAUTH2 dXNlcj1h", MAIL_MECHANISM_OAUTH, true, "" },
		{ "OAUTHBEARER bix4PSw=", MAIL_MECHANISM_OAUTH, true, "" },
		{ "OAUTHBEARER bg==", MAIL_MECHANISM_OAUTH, true, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mail_login login = { 0 };
		struct cursor argument = cursor_over(rows[i].argument, strlen(rows[i].argument));

		assert_int_equal(mail_login_read_auth(&login, argument.rest), rows[i].has_answer);
		assert_int_equal(login.mechanism, rows[i].mechanism);
		assert_text((struct span){ .data = login.user, .len = login.user_len },
			    rows[i].user);
	}
}

static void an_empty_user_is_kept_as_none(void **state)
{
	struct mail_login login = { .user_len = 1 };

	(void)state;
	mail_login_keep_user(&login, (struct span){ 0 });
	assert_int_equal(login.user_len, 0);
}

static void mechanisms_are_told(void **state)
{
	static const struct {
		const char *name;
		enum mail_mechanism want;
	} rows[] = {
		{ "", MAIL_MECHANISM_NONE },
		{ "Plain", MAIL_MECHANISM_PLAIN },
		{ "SCRAM-SHA-256-PLUS", MAIL_MECHANISM_SCRAM },
		{ "XOAUTH2", MAIL_MECHANISM_OAUTH },
		{ "PLAINER", MAIL_MECHANISM_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cursor name = cursor_over(rows[i].name, strlen(rows[i].name));

		assert_int_equal(mail_mechanism_of(name.rest), rows[i].want);
	}
}

int main(void)
{
	struct CMUnitTest tests[5 + ARRAY_LEN(line_cases)] = {
		cmocka_unit_test(users_of_answers),
		cmocka_unit_test(arguments_of_auth),
		cmocka_unit_test(an_empty_user_is_kept_as_none),
		cmocka_unit_test(a_long_user_is_cut),
		cmocka_unit_test(mechanisms_are_told),
	};
	size_t count = 5;

	for (size_t i = 0; i < ARRAY_LEN(line_cases); i++)
		tests[count++] = (struct CMUnitTest){ .name = line_cases[i].name,
						      .test_func = run_line,
						      .initial_state = &line_cases[i] };
	return cmocka_run_group_tests_name("mail_login", tests, NULL, NULL);
}
