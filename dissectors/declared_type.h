/* Whether a body begins as its Content-Type (RFC 9110 8.3) says: of texts and usual pictures. */
/*
 * Servers and programs are careless about types, so only what nobody does by mistake is held
 * against one: text that is full of control characters, a program as a text or picture, a picture
 * or program without any signature.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/magic.h"

enum declared_type {
	DECLARED_ANYTHING, /* no type, or one that is not checked */
	DECLARED_TEXT,     /* pages, scripts, JSON, forms; text/plain is often a server's guess */
	DECLARED_PICTURE,
	DECLARED_PROGRAM, /* of Windows */
};

/* Of the field's value, with or without parameters. */
enum declared_type declared_type_of(struct span content_type);

/*
 * `first` is the beginning of the body as it was sent, of which MAGIC_LEN bytes are looked at, and
 * `magic` what it is by its signature. True as long as nothing speaks against it.
 */
bool declared_type_fits(enum declared_type declared, struct span first, enum magic magic);
