#include "sensor/base/err.h"

const char *err_text(enum err err)
{
	switch (err) {
	case ERR_OK:
		return "no error";
	case ERR_MEMORY:
		return "out of memory";
	case ERR_IO:
		return "input or output failed";
	case ERR_SYNTAX:
		return "not understood";
	case ERR_RANGE:
		return "out of its limits";
	case ERR_MISSING:
		return "not found";
	case ERR_FULL:
		return "a budget is used up";
	case ERR_MALFORMED:
		return "not of the form asked for";
	}
	return "unknown error";
}
