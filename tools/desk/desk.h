/* What both doors of the desk share. Plain; not changed after the start. */
#pragma once

#include "tools/desk/desk_enrol.h"
#include "tools/desk/desk_http.h"

struct desk {
	struct desk_store *store;
	const char *folder;
	struct desk_enrol_gift gift;
	const char *page_token; /* NULL: the page is on loopback and asks for none */
	bool needs_certificate; /* of sensors, but for enrolment */
};

/* By the wall clock, nanoseconds since the epoch. */
int64_t desk_now(void);

/* Fills a refusal; `code` is a literal. */
void desk_refuse(struct desk_answer *out, unsigned status, const char *code, const char *detail);
/* The status that goes with what a part of the desk said. */
unsigned desk_status(enum err err);
