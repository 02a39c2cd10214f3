#include "dissectors/declared_type.h"

#include "dissectors/line.h"

enum {
	SHOWN_LEAST = 24,     /* fewer bytes prove nothing */
	CONTROLS_ALLOWED = 1, /* a form feed or an end mark happens */
};

struct type_name {
	const char *begins; /* in lower case */
	enum declared_type type;
};

static const struct type_name types[] = {
	{ "text/", DECLARED_TEXT },
	{ "application/x-www-form-urlencoded", DECLARED_TEXT },
	{ "application/json", DECLARED_TEXT },
	{ "application/xml", DECLARED_TEXT },
	{ "application/javascript", DECLARED_TEXT },
	{ "image/png", DECLARED_PICTURE },
	{ "image/jpeg", DECLARED_PICTURE },
	{ "image/jpg", DECLARED_PICTURE },
	{ "image/gif", DECLARED_PICTURE },
	{ "application/x-msdownload", DECLARED_PROGRAM },
	{ "application/x-msdos-program", DECLARED_PROGRAM },
	{ "application/x-dosexec", DECLARED_PROGRAM },
	{ "application/vnd.microsoft.portable-executable", DECLARED_PROGRAM },
};

enum declared_type declared_type_of(struct span content_type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (span_begins(content_type, types[i].begins))
			return types[i].type;
	}
	return DECLARED_ANYTHING;
}

/* UTF-16 has a NUL in every second byte, and its mark in front. */
static bool is_utf16(struct span first)
{
	return first.len >= 2 &&
	       (memcmp(first.data, "\xff\xfe", 2) == 0 || memcmp(first.data, "\xfe\xff", 2) == 0);
}

/* Blanks and the escapes of ISO-2022-JP are text; letters of any encoding are above. */
static bool is_control(uint8_t byte)
{
	enum { FIRST_BLANK = '\t', LAST_BLANK = '\r', ESCAPE = 0x1b, DELETE = 0x7f };

	if (byte >= FIRST_BLANK && byte <= LAST_BLANK)
		return false;
	return byte == DELETE || (byte < ' ' && byte != ESCAPE);
}

static bool is_binary(struct span first)
{
	struct cursor in = { .rest = first };
	size_t controls = 0;

	if (is_utf16(first))
		return false;
	while (cursor_left(&in) > 0)
		controls += is_control(cursor_u8(&in));
	return controls > CONTROLS_ALLOWED;
}

/* Pictures that magic.h does not name: they are sent under each other's types. */
static bool is_other_picture(struct span first)
{
	enum { KIND_AT = 4, WEBP_AT = 8, KIND_LEN = 4 };
	const uint8_t *bytes = first.data;

	if (memcmp(bytes, "BM", 2) == 0 || memcmp(bytes, "\0\0\1\0", KIND_LEN) == 0)
		return true;
	if (memcmp(bytes, "II*\0", KIND_LEN) == 0 || memcmp(bytes, "MM\0*", KIND_LEN) == 0)
		return true;
	if (memcmp(bytes, "RIFF", KIND_LEN) == 0)
		return memcmp(bytes + WEBP_AT, "WEBP", KIND_LEN) == 0;
	return memcmp(bytes + KIND_AT, "ftyp", KIND_LEN) == 0 ||
	       memcmp(bytes, "<svg", KIND_LEN) == 0;
}

/* What cannot be taken for text or a picture by mistake. */
static bool is_program(enum magic magic)
{
	return magic == MAGIC_PE || magic == MAGIC_MZ || magic == MAGIC_ELF ||
	       magic == MAGIC_MACH_O || magic == MAGIC_JAVA_CLASS || magic == MAGIC_DEX ||
	       magic == MAGIC_LNK;
}

bool declared_type_fits(enum declared_type declared, struct span first, enum magic magic)
{
	struct cursor in = { .rest = first };
	struct span shown = cursor_take_up_to(&in, MAGIC_LEN);

	if (declared == DECLARED_ANYTHING)
		return true;
	if (is_program(magic))
		return declared == DECLARED_PROGRAM;
	if (shown.len < SHOWN_LEAST)
		return true;
	if (declared == DECLARED_PROGRAM)
		return magic != MAGIC_UNKNOWN;
	if (declared == DECLARED_TEXT)
		return magic != MAGIC_UNKNOWN || !is_binary(shown);
	if (magic == MAGIC_PE_TEXT)
		return false;
	return magic != MAGIC_UNKNOWN || is_other_picture(shown);
}
