/* What a part of the desk says to who asked: a text, or why there is none. Plain. */
#pragma once

#include "tools/desk/desk_store_sqlite.h"

struct desk_reply {
	char *text; /* JSON, by malloc(), the caller's to free; NULL where there is none */
	size_t len;
	char problem[DESK_PROBLEM_LEN];
};
