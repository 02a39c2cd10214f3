/* The command line of hinomi-desk. */
#pragma once

#include <stdbool.h>

struct desk_options {
	const char *folder;
	const char *listen;
	const char *page;
	const char *certificate;
	const char *key;
	const char *client_authority;
	const char *page_token;
	const char *mqtt; /* the broker's URL; NULL: none */
	const char *mqtt_authority;
	const char *mqtt_certificate;
	const char *mqtt_key;
	const char *mqtt_secret;
	const char *office; /* of `code` */
	bool is_code;
	bool is_help;
	bool is_version;
};

/* False: wrong usage, which has been said on stderr. */
bool desk_options_read(int argc, char **argv, struct desk_options *out);
