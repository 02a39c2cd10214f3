#include "dissectors/declared_type.h"

#include "tests/unit/dissectors/exact.h"

struct fit_case {
	const char *name;
	const char *type;
	const char *bytes;
	size_t len;
	bool fits;
};

#define NOISE                                                              \
	"\x9a\x01\xe3\x04\x7f\x80\x10\x02\xfe\x33\x05\x91\x1c\xab\x0e\x44" \
	"\x03\x61\x99\x08\x17\xd2\x06\x5b\x0f\xc1"

static const struct fit_case cases[] = {
	{ "a page", "text/html; charset=UTF-8", BYTES("<p>Hello, this is a page of ours.</p>"),
	  true },
	{ "noise as a page", "text/html", BYTES(NOISE), false },
	{ "type in capitals", "Text/HTML", BYTES(NOISE), false },
	{ "noise as a form", "application/x-www-form-urlencoded", BYTES(NOISE), false },
	{ "noise as a file", "application/octet-stream", BYTES(NOISE), true },
	{ "no type", "", BYTES(NOISE), true },
	{ "noise as plain text", "text/plain", BYTES(NOISE), false },
	{ "a program as plain text", "text/plain",
	  BYTES("\x7f"
		"ELF\x02\x01\x01"),
	  false },
	{ "too little noise to tell", "text/html", BYTES("\x01\x02\x03\x04"), true },
	{ "an empty body", "text/html", BYTES(""), true },
	{ "one odd byte", "text/html", BYTES("<p>page\x0c\x01 with a form feed</p>"), true },
	{ "Shift JIS", "text/html",
	  BYTES("\x82\xa8\x90\xa2\x98\x62\x82\xc9\x82\xc8\x82\xc1\x82\xc4\x82\xa8\x82\xe8"
		"\x82\xdc\x82\xb7\x81\x42\x8a\x94\x8e\xae\x89\xef\x8e\xd0"),
	  true },
	{ "ISO-2022-JP", "text/html",
	  BYTES("\x1b$B$*@$OC$K$J$C$F$*$j$^$9\x1b(B\r\n\x1b$B3t<02q<R\x1b(B"), true },
	{ "UTF-16", "text/html", BYTES("\xff\xfe<\0p\0>\0h\0e\0l\0l\0o\0 \0y\0o\0u\0"), true },
	{ "compressed without saying so", "text/html",
	  BYTES("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05"),
	  true },
	{ "a picture", "image/jpeg", BYTES("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\1"),
	  true },
	{ "another kind of picture", "image/png",
	  BYTES("RIFF\x10\x20\0\0WEBPVP8 \x10\x20\0\0\x10\x20\0\0"), true },
	{ "an error page for a picture", "image/gif",
	  BYTES("<html><head><title>404</title></head>"), true },
	{ "a program", "application/x-msdownload", BYTES("MZ\x90\0\x03\0\0\0\x04\0\0\0"), true },
	{ "an archive as a program", "application/x-msdownload",
	  BYTES("PK\x03\x04\x14\0\x08\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), true },
	{ "noise as a program", "application/x-msdownload", BYTES(NOISE), false },
	{ "a script as a picture", "image/jpeg", BYTES("f=\"g|)NIUGI$(gnirtSteG.IICSA::]gnidocnE"),
	  false },
	{ "a program as a picture", "image/png", BYTES("MZ\x90\0\x03\0\0\0\x04\0\0\0"), false },
	{ "a written program as a picture", "image/jpeg", BYTES("4D5A9000030000000400000000"),
	  false },
};

static void types_and_bytes_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct fit_case *c = &cases[i];
		struct span type = { (const uint8_t *)c->type, strlen(c->type) };

		for (size_t len = 0; len <= c->len; len++) {
			uint8_t *exact = exact_copy(c->bytes, len);
			struct span first = { exact, len };
			bool fits =
				declared_type_fits(declared_type_of(type), first, magic_of(first));

			free(exact);
			if (len == c->len && fits != c->fits)
				fail_msg("%s", c->name);
			if (c->fits && !fits)
				fail_msg("%s: its first %zu bytes", c->name, len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(types_and_bytes_are_compared) };

	return cmocka_run_group_tests_name("declared_type", tests, NULL, NULL);
}
