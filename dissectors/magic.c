#include "dissectors/magic.h"

#include "dissectors/line.h"

enum {
	PE_POINTER_AT = 0x3c,
	PE_POINTER_LEN = 4,
	PE_POINTER_MIN = 0x40, /* behind the DOS header, which no linker overlaps */
	PE_POINTER_MAX = 0x1000,
	PE_MARK = 0x50450000, /* "PE" and two NULs */
	BYTE_BITS = 8,
};

struct signature {
	const char *bytes;
	size_t len;
	enum magic magic;
};

#define SIGNATURE(literal, magic)                   \
	{                                           \
		literal, sizeof(literal) - 1, magic \
	}

/* The longer of two that begin alike comes first. */
static const struct signature signatures[] = {
	SIGNATURE("\x7f"
		  "ELF",
		  MAGIC_ELF),
	SIGNATURE("\xfe\xed\xfa\xce", MAGIC_MACH_O),
	SIGNATURE("\xfe\xed\xfa\xcf", MAGIC_MACH_O),
	SIGNATURE("\xce\xfa\xed\xfe", MAGIC_MACH_O),
	SIGNATURE("\xcf\xfa\xed\xfe", MAGIC_MACH_O),
	SIGNATURE("dex\n03", MAGIC_DEX),
	SIGNATURE("PK\x03\x04", MAGIC_ZIP),
	SIGNATURE("PK\x05\x06", MAGIC_ZIP),
	SIGNATURE("7z\xbc\xaf\x27\x1c", MAGIC_7Z),
	SIGNATURE("Rar!\x1a\x07", MAGIC_RAR),
	SIGNATURE("MSCF\0\0\0\0", MAGIC_CAB),
	SIGNATURE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", MAGIC_OLE2),
	SIGNATURE("%PDF-", MAGIC_PDF),
	SIGNATURE("{\\rt", MAGIC_RTF),
	SIGNATURE("L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", MAGIC_LNK),
	SIGNATURE("\x1f\x8b\x08", MAGIC_GZIP),
	SIGNATURE("BZh", MAGIC_BZIP2),
	SIGNATURE("\xfd"
		  "7zXZ\0",
		  MAGIC_XZ),
	SIGNATURE("\x28\xb5\x2f\xfd", MAGIC_ZSTD),
	SIGNATURE("#!", MAGIC_SCRIPT),
	SIGNATURE("\x89PNG\r\n\x1a\n", MAGIC_PNG),
	SIGNATURE("\xff\xd8\xff", MAGIC_JPEG),
	SIGNATURE("GIF87a", MAGIC_GIF),
	SIGNATURE("GIF89a", MAGIC_GIF),
};

struct opening {
	const char *text; /* in lower case */
	enum magic magic;
};

static const struct opening openings[] = {
	{ "<!doctype html", MAGIC_HTML },
	{ "<html", MAGIC_HTML },
	{ "<head", MAGIC_HTML },
	{ "<body", MAGIC_HTML },
	{ "<script", MAGIC_HTML },
	{ "<title", MAGIC_HTML },
	{ "<meta ", MAGIC_HTML },
	{ "<?xml", MAGIC_XML },
	{ "@echo off", MAGIC_BATCH },
	{ "powershell", MAGIC_POWERSHELL },
	{ "invoke-expression", MAGIC_POWERSHELL },
	{ "invoke-webrequest", MAGIC_POWERSHELL },
	{ "iex ", MAGIC_POWERSHELL },
	{ "iex(", MAGIC_POWERSHELL },
	{ "[net.servicepointmanager]", MAGIC_POWERSHELL },
	{ "[system.", MAGIC_POWERSHELL },
	{ "[reflection.assembly]", MAGIC_POWERSHELL },
	{ "set-strictmode", MAGIC_POWERSHELL },
	{ "set-executionpolicy", MAGIC_POWERSHELL },
	{ "$erroractionpreference", MAGIC_POWERSHELL },
	{ "add-type ", MAGIC_POWERSHELL },
	{ "param(", MAGIC_POWERSHELL },
	{ "param (", MAGIC_POWERSHELL },
};

static const struct opening zip_names[] = {
	{ "meta-inf/", MAGIC_JAR },
	{ "androidmanifest.xml", MAGIC_JAR },
	{ "[content_types].xml", MAGIC_OFFICE_ZIP },
	{ "_rels/", MAGIC_OFFICE_ZIP },
};

struct kind {
	const char *name;
	bool is_executable;
};

static const struct kind kinds[MAGIC_COUNT] = {
	[MAGIC_UNKNOWN] = { "unknown", false },
	[MAGIC_PE] = { "pe", true },
	[MAGIC_MZ] = { "mz", true },
	[MAGIC_ELF] = { "elf", true },
	[MAGIC_MACH_O] = { "mach-o", true },
	[MAGIC_JAVA_CLASS] = { "java-class", true },
	[MAGIC_DEX] = { "dex", true },
	[MAGIC_JAR] = { "jar", true },
	[MAGIC_OFFICE_ZIP] = { "office-zip", false },
	[MAGIC_ZIP] = { "zip", false },
	[MAGIC_7Z] = { "7z", false },
	[MAGIC_RAR] = { "rar", false },
	[MAGIC_CAB] = { "cab", false },
	[MAGIC_OLE2] = { "ole2", false },
	[MAGIC_PDF] = { "pdf", false },
	[MAGIC_RTF] = { "rtf", false },
	[MAGIC_LNK] = { "lnk", true },
	[MAGIC_GZIP] = { "gzip", false },
	[MAGIC_BZIP2] = { "bzip2", false },
	[MAGIC_XZ] = { "xz", false },
	[MAGIC_ZSTD] = { "zstd", false },
	[MAGIC_SCRIPT] = { "script", true },
	[MAGIC_POWERSHELL] = { "powershell", true },
	[MAGIC_BATCH] = { "batch", true },
	[MAGIC_HTML] = { "html", false },
	[MAGIC_XML] = { "xml", false },
	[MAGIC_JSON] = { "json", false },
	[MAGIC_PNG] = { "png", false },
	[MAGIC_JPEG] = { "jpeg", false },
	[MAGIC_GIF] = { "gif", false },
	[MAGIC_PE_TEXT] = { "pe-text", true },
};

static enum magic find_opening(struct span text, const struct opening *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (span_begins(text, table[i].text))
			return table[i].magic;
	}
	return MAGIC_UNKNOWN;
}

static struct cursor at(struct span first, size_t offset)
{
	return cursor_at((struct cursor){ .rest = first }, offset);
}

/* The DOS header points to "PE\0\0". A program of DOS has anything there. */
static enum magic which_mz(struct span first)
{
	struct cursor in = at(first, PE_POINTER_AT);
	uint32_t pointer = 0;

	for (unsigned i = 0; i < PE_POINTER_LEN; i++)
		pointer |= (uint32_t)cursor_u8(&in) << i * BYTE_BITS;
	if (!cursor_ok(&in) || pointer < PE_POINTER_MIN || pointer > PE_POINTER_MAX)
		return MAGIC_MZ;

	struct cursor header = at(first, pointer);

	return cursor_be32(&header) == PE_MARK ? MAGIC_PE : MAGIC_MZ;
}

/* APPNOTE 4.3.7: 26 bytes, length of the name, length of the extra field, the name. */
static enum magic which_zip(struct span first)
{
	enum { NAME_AT = 30 };
	struct cursor name = at(first, NAME_AT);
	enum magic magic =
		find_opening(name.rest, zip_names, sizeof(zip_names) / sizeof(zip_names[0]));

	return magic != MAGIC_UNKNOWN ? magic : MAGIC_ZIP;
}

/* A class and a fat Mach-O share a signature; a file has fewer processors than Java versions. */
static enum magic which_cafebabe(struct span first)
{
	enum { JAVA_VERSION_MIN = 45 };
	struct cursor in = at(first, sizeof(uint32_t));
	uint32_t number = cursor_be32(&in);

	if (!cursor_ok(&in))
		return MAGIC_UNKNOWN;
	return (number & UINT16_MAX) < JAVA_VERSION_MIN ? MAGIC_MACH_O : MAGIC_JAVA_CLASS;
}

static struct span skip_blanks(struct span text)
{
	static const char blanks[] = { ' ', '\t', '\r', '\n' };
	struct cursor in = { .rest = text };

	while (cursor_left(&in) > 0 && memchr(blanks, in.rest.data[0], sizeof(blanks)))
		cursor_skip(&in, 1);
	return in.rest;
}

/* An object of quoted names, or an array of what an array may hold. */
static bool is_json(struct span text)
{
	struct cursor in = { .rest = text };
	uint8_t open = cursor_u8(&in);
	struct span inner = skip_blanks(in.rest);
	uint8_t next = inner.len > 0 ? inner.data[0] : (uint8_t)0;

	if (open == '{')
		return next == '"' || next == '}';
	if (open != '[')
		return false;
	return next == '{' || next == '[' || next == '"' || next == ']' || next == '-' ||
	       ascii_is_digit(next);
}

/* The same few bytes between any two digits of a dump: "4D 5A", "0x4d,0x5a", "$$4D, $$5A". */
static bool is_dumped_pe(struct span text)
{
	static const char *const digits[] = { "4d", "5a", "90", "00", "03" };
	enum { DIGITS = sizeof(digits) / sizeof(digits[0]), BETWEEN_MAX = 8 };
	struct cursor in = { .rest = text };
	size_t between = 0;

	while (cursor_left(&in) > 0 && !span_begins(in.rest, digits[0]))
		cursor_skip(&in, 1);
	cursor_skip(&in, 2);
	while (cursor_left(&in) > 0 && between <= BETWEEN_MAX && !span_begins(in.rest, digits[1])) {
		cursor_skip(&in, 1);
		between++;
	}
	for (size_t i = 1; i < DIGITS; i++) {
		if (!span_begins(in.rest, digits[i]))
			return false;
		cursor_skip(&in, 2);
		if (i + 1 < DIGITS)
			cursor_skip(&in, between);
	}
	return cursor_ok(&in);
}

/* The header that linkers write, whatever the encoding. */
static bool is_encoded_pe(struct span text)
{
	return span_begins(text, "tvqqaamaaaae") || is_dumped_pe(text);
}

static enum magic which_text(struct span first)
{
	static const uint8_t byte_order_mark[] = { 0xef, 0xbb, 0xbf };
	struct cursor in = { .rest = first };
	struct span mark = cursor_take(&in, sizeof(byte_order_mark));
	bool is_marked =
		cursor_ok(&in) && memcmp(mark.data, byte_order_mark, sizeof(byte_order_mark)) == 0;
	struct span text = skip_blanks(is_marked ? in.rest : first);
	enum magic magic = find_opening(text, openings, sizeof(openings) / sizeof(openings[0]));

	if (magic != MAGIC_UNKNOWN)
		return magic;
	if (is_encoded_pe(text))
		return MAGIC_PE_TEXT;
	return is_json(text) ? MAGIC_JSON : MAGIC_UNKNOWN;
}

enum magic magic_of(struct span first)
{
	struct cursor in = { .rest = first };
	struct span start = cursor_take_up_to(&in, MAGIC_LEN);

	if (start.len >= 2 && memcmp(start.data, "MZ", 2) == 0)
		return which_mz(first);
	if (start.len >= 4 && memcmp(start.data, "\xca\xfe\xba\xbe", 4) == 0)
		return which_cafebabe(start);
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		const struct signature *s = &signatures[i];

		if (start.len < s->len || memcmp(start.data, s->bytes, s->len) != 0)
			continue;
		return s->magic == MAGIC_ZIP ? which_zip(start) : s->magic;
	}
	return which_text(start);
}

const char *magic_name(enum magic magic)
{
	return kinds[(unsigned)magic < MAGIC_COUNT ? magic : MAGIC_UNKNOWN].name;
}

bool magic_is_executable(enum magic magic)
{
	return (unsigned)magic < MAGIC_COUNT && kinds[magic].is_executable;
}
