/*
 * How a sensor comes to be the desk's: a person makes a code for an office, the sensor shows that
 * it has it, and learns its name, its token and the desk's key. Takes the lock itself. Any thread.
 */
#pragma once

#include "tools/desk/desk_code.h"
#include "tools/desk/desk_reply.h"

enum {
	DESK_CODE_DAYS = 7,
	DESK_OFFICE_LEN = 64, /* with its NUL */
	DESK_SENSOR_LEN = 64,
};

/* ERR_RANGE: the office's name is empty, too long, or holds control characters. */
MUST_USE enum err desk_enrol_code(struct desk_store *store, const char *office, int64_t now,
				  char code[static DESK_CODE_SHOWN_LEN],
				  char problem[static DESK_PROBLEM_LEN]);

/* What the desk tells each of its sensors along; texts that the desk's folder holds. */
struct desk_enrol_gift {
	const char *authority; /* PEM, or "" */
	const char *policy;    /* a JSON object as text */
};

/*
 * POST /v1/enrol: on ERR_OK `out` has a text of hinomi.enrolled/1. ERR_SYNTAX: no hinomi.enrol/1.
 * ERR_MISSING: refused, `problem` is the code: unknown_code, used_code, expired_code. ERR_IO,
 * ERR_MEMORY: not now.
 */
MUST_USE enum err desk_enrol(struct desk_store *store, const char *text, size_t len,
			     const struct desk_enrol_gift *gift, int64_t now,
			     struct desk_reply *out);

/* Whose token it is; false: nobody's. */
bool desk_enrol_token(struct desk_store *store, const char *token,
		      char sensor[static DESK_SENSOR_LEN], bool *is_revoked);
/* The same for the name that a certificate bears. */
bool desk_enrol_named(struct desk_store *store, const char *sensor, bool *is_revoked);
