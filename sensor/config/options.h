/* The table of options: the one place that knows their names, kinds, defaults and limits. */
#pragma once

#include "sensor/config/config.h"

#include <stddef.h>
#include <stdio.h>

enum option_kind {
	OPTION_COUNT,
	OPTION_SIZE,      /* bytes: 512, 64K, 24M, 1G */
	OPTION_DURATION,  /* 500ms, 30s, 5m, 2h, 14d */
	OPTION_SHARE,     /* a decimal number */
	OPTION_PATH,      /* a path of less than CONFIG_PATH_LEN bytes without control characters */
	OPTION_PREFIXES,  /* "10.0.0.0/8 192.168.0.0/16 …" */
	OPTION_NAMES,     /* of interfaces: "eth0 wlan0 …" */
	OPTION_COUNTRIES, /* ISO 3166-1 codes: "JP US …" */
	OPTION_CHOICE,    /* one of some words; held as its place among them */
	OPTION_KINDS,
};

enum option_change {
	AT_START, /* the sensor must be started anew to take it up */
	LIVE,     /* taken up by a running sensor's reload: read by the judge's thread alone */
};

/* Limits and default are text in the option's own syntax, read by the same parser. */
struct option {
	const char *name; /* "module.option" */
	enum option_kind kind;
	enum option_change change;
	size_t offset; /* of what the kind holds: see option_size() */
	const char *initial;
	const char *min; /* NULL for texts and networks; the words of a choice, a blank between */
	const char *max; /* NULL for what has no order */
	const char *help;
};

extern const struct option options[];
extern const size_t options_count;

/* A number by which what is kept on the disk refers to an option; 0 is none's. */
uint32_t option_digest(const char *name);

/* The option of that number, or NULL. */
const struct option *option_of_digest(uint32_t digest);

union option_value {
	uint64_t whole;
	double share;
	char path[CONFIG_PATH_LEN];
	struct network_config prefixes;
	struct interface_names names;
	struct country_codes countries;
};

/* Of the member that an option of this kind fills: a uint64_t, a double, a text, a struct. */
size_t option_size(enum option_kind kind);

/* Reads `text`; the limits too. ERR_SYNTAX, ERR_RANGE. */
MUST_USE enum err option_parse(const struct option *option, const char *text,
			       union option_value *out);

/* As YAML that config_read() takes. */
void option_print(const struct option *option, const union option_value *value, FILE *out);

/* What would have been right: "1m to 7d", "gateway mirror". */
void option_allowed(const struct option *option, char *out, size_t room);
