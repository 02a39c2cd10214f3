/* Why an operation failed. The caller decides whether to say so; err_text() is the phrase. */
#pragma once

#include "dissectors/dissect.h" /* MUST_USE */

enum err {
	ERR_OK,
	ERR_MEMORY,
	ERR_IO,        /* errno says more */
	ERR_SYNTAX,    /* text from outside does not parse */
	ERR_RANGE,     /* parses, but is out of its limits */
	ERR_MISSING,   /* the thing asked for is not there */
	ERR_FULL,      /* a budget is used up */
	ERR_MALFORMED, /* a file is not of the form that was asked for */
};

const char *err_text(enum err err);
