/* The table of options: the one place that knows their names, kinds, defaults and limits. */
#pragma once

#include "sensor/config/config.h"

#include <stddef.h>

enum option_kind {
	OPTION_COUNT,
	OPTION_SIZE,     /* bytes: 512, 64K, 24M, 1G */
	OPTION_DURATION, /* 500ms, 30s, 5m, 2h, 14d */
	OPTION_SHARE,    /* a decimal number */
	OPTION_PATH,     /* a path of less than CONFIG_PATH_LEN bytes without control characters */
	OPTION_PREFIXES, /* "10.0.0.0/8 192.168.0.0/16 …" */
};

/* Limits and default are text in the option's own syntax, read by the same parser. */
struct option {
	const char *name; /* "module.option" */
	enum option_kind kind;
	size_t offset; /* of a uint64_t, nanotime, double, char[CONFIG_PATH_LEN] or struct
			  network_config */
	const char *initial;
	const char *min; /* NULL for paths and prefixes */
	const char *max;
	const char *help;
};

extern const struct option options[];
extern const size_t options_count;
