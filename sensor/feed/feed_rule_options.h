/* What the options of a Suricata rule look for. */
#pragma once

#include "sensor/feed/feed_row.h"

enum { RULE_VALUE_LEN = 1024 };

struct rule_options {
	char message[RULE_VALUE_LEN];
	char value[RULE_VALUE_LEN]; /* "" is none */
	enum feed_kind kind;
	bool has_subdomains;
	char path[RULE_VALUE_LEN]; /* of a URL whose host is the value */
	bool is_more;              /* than one thing, or one that does not stand for itself */
};

/* `at` is the bracket that opens the options; NULL: there are none. */
void rule_options_read(const char *at, struct rule_options *out);
