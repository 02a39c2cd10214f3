#include "tools/desk/desk.h"

#include "sensor/base/nanotime.h"

#include <stdio.h>
#include <time.h>

enum {
	FORBIDDEN = 403,
	TOO_LARGE = 413,
	NOT_UNDERSTOOD = 422,
	NOT_NOW = 503,
};

int64_t desk_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * (int64_t)NANOTIME_SECOND + now.tv_nsec;
}

void desk_refuse(struct desk_answer *out, unsigned status, const char *code, const char *detail)
{
	out->status = status;
	out->code = code;
	(void)snprintf(out->detail, sizeof(out->detail), "%s", detail);
}

unsigned desk_status(enum err err)
{
	switch (err) {
	case ERR_SYNTAX:
	case ERR_MALFORMED:
		return NOT_UNDERSTOOD;
	case ERR_RANGE:
		return TOO_LARGE;
	case ERR_MISSING:
		return FORBIDDEN;
	case ERR_OK:
	case ERR_MEMORY:
	case ERR_IO:
	case ERR_FULL:
		break;
	}
	return NOT_NOW;
}
