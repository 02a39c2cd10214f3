#include "dissectors/magic.h"

#include "tests/unit/dissectors/exact.h"

#include <ctype.h>

struct magic_case {
	const char *bytes;
	size_t len;
	enum magic want;
};

#define DOS_HEADER(pointer)                                                         \
	"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0\0\0\0\0" \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" pointer
#define ZIP_HEADER "PK\x03\x04\x14\0\x08\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09\0\x04\0"

static const struct magic_case cases[] = {
	{ BYTES(""), MAGIC_UNKNOWN },
	{ BYTES("\0\0\0\0"), MAGIC_UNKNOWN },
	{ BYTES(DOS_HEADER("\x40\0\0\0") "PE\0\0\x4c\x01"), MAGIC_PE },
	{ BYTES(DOS_HEADER("\x42\0\0\0") "xxPE\0\0"), MAGIC_PE },
	{ BYTES(DOS_HEADER("\x42\0\0\0") "xxNE\0\0"), MAGIC_MZ },
	{ BYTES(DOS_HEADER("\x80\0\0\0")), MAGIC_MZ },
	{ BYTES(DOS_HEADER("\x80\0\0\x40") "PE\0\0"), MAGIC_MZ },
	{ BYTES(DOS_HEADER("\x02\0\0\0") "PE\0\0"), MAGIC_MZ },
	{ BYTES("MZ\x90"), MAGIC_MZ },
	{ BYTES("\x7f"
		"ELF\x02\x01\x01"),
	  MAGIC_ELF },
	{ BYTES("\xcf\xfa\xed\xfe\x07"), MAGIC_MACH_O },
	{ BYTES("\xca\xfe\xba\xbe\0\0\0\x02"), MAGIC_MACH_O },
	{ BYTES("\xca\xfe\xba\xbe\0\0\0\x34"), MAGIC_JAVA_CLASS },
	{ BYTES("\xca\xfe\xba\xbe\0"), MAGIC_UNKNOWN },
	{ BYTES("dex\n035\0"), MAGIC_DEX },
	{ BYTES(ZIP_HEADER "META-INF/MANIFEST.MF"), MAGIC_JAR },
	{ BYTES(ZIP_HEADER "[Content_Types].xml"), MAGIC_OFFICE_ZIP },
	{ BYTES(ZIP_HEADER "invoice.js"), MAGIC_ZIP },
	{ BYTES("PK\x03\x04"), MAGIC_ZIP },
	{ BYTES("PK\x05\x06\0\0"), MAGIC_ZIP },
	{ BYTES("7z\xbc\xaf\x27\x1c\0\x04"), MAGIC_7Z },
	{ BYTES("Rar!\x1a\x07\x01\0"), MAGIC_RAR },
	{ BYTES("MSCF\0\0\0\0\x10"), MAGIC_CAB },
	{ BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), MAGIC_OLE2 },
	{ BYTES("%PDF-1.7\n"), MAGIC_PDF },
	{ BYTES("{\\rtf1\\ansi"), MAGIC_RTF },
	{ BYTES("L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\x9b"), MAGIC_LNK },
	{ BYTES("\x1f\x8b\x08\0"), MAGIC_GZIP },
	{ BYTES("BZh91AY"), MAGIC_BZIP2 },
	{ BYTES("\xfd"
		"7zXZ\0"),
	  MAGIC_XZ },
	{ BYTES("\x28\xb5\x2f\xfd"), MAGIC_ZSTD },
	{ BYTES("#!/bin/sh\n"), MAGIC_SCRIPT },
	{ BYTES("TVqQAAMAAAAEAAAA//8AALgAAAA"), MAGIC_PE_TEXT },
	{ BYTES("TVqQAAMAAAAA"), MAGIC_UNKNOWN },
	{ BYTES("4D5A900003000000"), MAGIC_PE_TEXT },
	{ BYTES("$data = 0x4d,0x5a,0x90,0x00,0x03,0x00"), MAGIC_PE_TEXT },
	{ BYTES("\r\n\t$$4D, $$5A, $$90, $$00, $$03, $$00"), MAGIC_PE_TEXT },
	{ BYTES("4D, 5A,  90, 00, 03"), MAGIC_UNKNOWN },
	{ BYTES("4D 5A 90 00"), MAGIC_UNKNOWN },
	{ BYTES("4D"), MAGIC_UNKNOWN },
	{ BYTES("$ErrorActionPreference = 'Stop'"), MAGIC_POWERSHELL },
	{ BYTES("\r\nIEX (New-Object Net.WebClient)"), MAGIC_POWERSHELL },
	{ BYTES("@ECHO OFF\r\n"), MAGIC_BATCH },
	{ BYTES("\xef\xbb\xbf<!DOCTYPE html>"), MAGIC_HTML },
	{ BYTES("\n\n  <HTML><head>"), MAGIC_HTML },
	{ BYTES("<?xml version=\"1.0\"?>"), MAGIC_XML },
	{ BYTES("{ \"a\": 1 }"), MAGIC_JSON },
	{ BYTES("{}"), MAGIC_JSON },
	{ BYTES("[{\"a\":1}]"), MAGIC_JSON },
	{ BYTES("[ -1]"), MAGIC_JSON },
	{ BYTES("[7]"), MAGIC_JSON },
	{ BYTES("[section]"), MAGIC_UNKNOWN },
	{ BYTES("{ a }"), MAGIC_UNKNOWN },
	{ BYTES("{"), MAGIC_UNKNOWN },
	{ BYTES("plain text"), MAGIC_UNKNOWN },
	{ BYTES("\x89PNG\r\n\x1a\n\0"), MAGIC_PNG },
	{ BYTES("\xff\xd8\xff\xe0"), MAGIC_JPEG },
	{ BYTES("GIF89a\x01"), MAGIC_GIF },
};

static enum magic magic_of_copy(const char *bytes, size_t len)
{
	uint8_t *exact = exact_copy(bytes, len);
	enum magic magic = magic_of((struct span){ .data = exact, .len = len });

	free(exact);
	return magic;
}

static void signatures_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum magic got = magic_of_copy(cases[i].bytes, cases[i].len);

		if (got != cases[i].want)
			print_message("case %zu\n", i);
		assert_int_equal(got, cases[i].want);
	}
}

static void prefixes_are_read_within_their_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t cut = 0; cut < cases[i].len; cut++)
			assert_true((unsigned)magic_of_copy(cases[i].bytes, cut) < MAGIC_COUNT);
	}
}

static void every_kind_has_a_name(void **state)
{
	(void)state;
	for (unsigned magic = 0; magic < MAGIC_COUNT; magic++) {
		const char *name = magic_name((enum magic)magic);

		assert_true(strlen(name) > 1);
		for (size_t i = 0; name[i] != '\0'; i++)
			assert_true(islower(name[i]) || isdigit(name[i]) || name[i] == '-');
	}
	assert_string_equal(magic_name(MAGIC_COUNT), "unknown");
}

static void programs_are_executable(void **state)
{
	(void)state;
	assert_true(magic_is_executable(MAGIC_PE));
	assert_true(magic_is_executable(MAGIC_POWERSHELL));
	assert_false(magic_is_executable(MAGIC_HTML));
	assert_false(magic_is_executable(MAGIC_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_told),
		cmocka_unit_test(prefixes_are_read_within_their_size),
		cmocka_unit_test(every_kind_has_a_name),
		cmocka_unit_test(programs_are_executable),
	};

	return cmocka_run_group_tests_name("magic", tests, NULL, NULL);
}
