/* What kind of file some bytes begin: signatures from the formats' own specifications. */
/*
 * PE ([MS-PECOFF]), ELF, Mach-O, Java class (JVMS 4.1), ZIP (APPNOTE 4.3.7), 7z, RAR, CAB
 * ([MS-CAB]), compound file ([MS-CFB]), PDF, RTF, LNK ([MS-SHLLINK]), GZIP (RFC 1952), PNG, JPEG,
 * GIF; scripts, HTML and JSON by how such texts begin, a PE that is written out as text by the
 * digits of its first bytes. An ISO 9660 image has its signature 32 KiB
 * in and is not told.
 */
#pragma once

#include "dissectors/cursor.h"

/* More than this is never looked at, but for the header that an MZ points to. */
enum { MAGIC_LEN = 64 };

enum magic {
	MAGIC_UNKNOWN,
	MAGIC_PE,
	MAGIC_MZ, /* DOS, or PE whose header is beyond the bytes at hand */
	MAGIC_ELF,
	MAGIC_MACH_O,
	MAGIC_JAVA_CLASS,
	MAGIC_DEX,
	MAGIC_JAR,
	MAGIC_OFFICE_ZIP, /* a zip whose first file is that of an OOXML document */
	MAGIC_ZIP,
	MAGIC_7Z,
	MAGIC_RAR,
	MAGIC_CAB,
	MAGIC_OLE2, /* msi, and Office before 2007 */
	MAGIC_PDF,
	MAGIC_RTF,
	MAGIC_LNK,
	MAGIC_GZIP,
	MAGIC_BZIP2,
	MAGIC_XZ,
	MAGIC_ZSTD,
	MAGIC_SCRIPT,     /* #! */
	MAGIC_POWERSHELL, /* begins like a script of it: a guess */
	MAGIC_BATCH,      /* @echo off */
	MAGIC_HTML,
	MAGIC_XML,
	MAGIC_JSON,
	MAGIC_PNG,
	MAGIC_JPEG,
	MAGIC_GIF,
	MAGIC_PE_TEXT, /* a PE in base64 or hexadecimal digits, for a script to put together */
	MAGIC_COUNT,
};

/* `first` is the beginning of a file or body: MAGIC_LEN bytes are enough, fewer may not be. */
enum magic magic_of(struct span first);

/* A short name in lower case, "pe" or "java-class"; never NULL. */
const char *magic_name(enum magic magic);

/* Whether a machine can run it, or a usual program runs it when it is opened. */
bool magic_is_executable(enum magic magic);
