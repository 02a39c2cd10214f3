#include "dissectors/shell_text.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

struct sign_case {
	const char *name;
	const char *text;
	unsigned want;
};

static struct sign_case cases[] = {
	{ "cmd.exe's greeting",
	  "Microsoft Windows [Version 10.0.19045.3803]\r\n(c) Microsoft Corporation. All rights "
	  "reserved.\r\n\r\nC:\\Users\\hanako>",
	  SHELL_BANNER | SHELL_PROMPT },
	{ "cmd.exe's greeting in Japanese",
	  "Microsoft Windows [\x83\x6f\x81\x5b\x83\x57\x83\x87\x83\x93 10.0.1]\r\n", SHELL_BANNER },
	{ "cmd.exe's greeting of an old Windows", "Microsoft Windows XP [Version 5.1.2600]",
	  SHELL_BANNER },
	{ "PowerShell's prompt alone", "\nPS C:\\Windows\\system32> ", SHELL_PROMPT },
	{ "PowerShell's greeting",
	  "Windows PowerShell running as user a on PC-1\nCopyright (C) 2015 Microsoft "
	  "Corporation.\n\nPS C:\\Temp>",
	  SHELL_BANNER | SHELL_PROMPT },
	{ "a root of a drive", "C:\\>", SHELL_PROMPT },
	{ "bash without a terminal",
	  "bash: cannot set terminal process group (1): Inappropriate ioctl for device\n"
	  "bash: no job control in this shell\nwww-data@web:/var/www/html$ ",
	  SHELL_BANNER | SHELL_PROMPT },
	{ "dash without a terminal", "/bin/sh: 0: can't access tty; job control turned off\n$ ",
	  SHELL_BANNER },
	{ "the prompt of Red Hat", "[root@db1 ~]# ", SHELL_PROMPT },
	{ "bash by its name", "bash-5.1$ ", SHELL_PROMPT },
	{ "a plain prompt alone", "$ ", SHELL_PROMPT },
	{ "who somebody is", "uid=0(root) gid=0(root) groups=0(root)\n", SHELL_IDENTITY },
	{ "nothing", "", 0 },
	{ "a web page", "<html><body>C:\\Users\\a></body></html>", 0 },
	{ "mail addresses", "From: a@example.net\r\nTo: b@example.net\r\n\r\nprice: 30$", 0 },
	{ "a script that names an id", "GET /?q=uid=5 HTTP/1.1", 0 },
	{ "a path in the middle", "open C:\\Users\\a> now", 0 },
	{ "an arrow", "-> ", 0 },
	{ "a machine that says what it is", "LOGIN|PC-1|hanako|Windows 7 Professional|x64",
	  SHELL_SYSTEM },
	{ "the same behind a length", "203\x01ll|'|'|HacKed|'|'|Win 7 Professional SP1 x64|'|'|No",
	  SHELL_SYSTEM },
	{ "a window", "Windows are open; Win a prize", 0 },
	{ "bytes that are no text", "\x01\x02\x03\x04 C:\\>", 0 },
};

/* In a block of exactly its size, so that reading past it shows. */
static unsigned signs_of(const char *text, size_t len)
{
	uint8_t *exact = malloc(len + 1); /* never none: the address must be one of its own */
	unsigned signs;

	assert_non_null(exact);
	memcpy(exact + 1, text, len);
	signs = shell_text_signs((struct span){ exact + 1, len });
	free(exact);
	return signs;
}

static void run_case(void **state)
{
	const struct sign_case *c = *state;
	size_t len = strlen(c->text);

	assert_int_equal(signs_of(c->text, len), c->want);
	for (size_t cut = 0; cut < len; cut++)
		(void)signs_of(c->text, cut);
}

static void a_prompt_of_what_was_cut_off_is_none(void **state)
{
	static char text[2 * SHELL_TEXT_MOST];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 5, "\nC:\\>", 5);
	assert_int_equal(signs_of(text, sizeof(text)), 0);
	assert_int_equal(signs_of(text + SHELL_TEXT_MOST, SHELL_TEXT_MOST), SHELL_PROMPT);
}

static void output_of_commands(void **state)
{
	static const char *const outputs[] = { "<pre>uid=33(www-data) gid=33(www-data)</pre>",
					       "root:x:0:0:root:/root:/bin/bash\n",
					       "nt authority\\system",
					       "\r\nWindows IP Configuration\r\n" };
	static const char *const others[] = { "", "<html>uid=5</html>", "root", "C:\\Users>" };

	(void)state;
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		assert_true(shell_text_is_output(
			(struct span){ (const uint8_t *)outputs[i], strlen(outputs[i]) }));
		assert_false(shell_text_is_output(
			(struct span){ (const uint8_t *)others[i], strlen(others[i]) }));
	}
}

int main(void)
{
	enum { CASES = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[CASES + 2];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = run_case,
						.initial_state = &cases[i] };
	tests[CASES + 1] = (struct CMUnitTest)cmocka_unit_test(output_of_commands);
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(a_prompt_of_what_was_cut_off_is_none);
	return cmocka_run_group_tests_name("shell_text", tests, NULL, NULL);
}
