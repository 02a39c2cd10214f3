#include "tools/desk/desk_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct option names[] = {
	{ "folder", required_argument, NULL, 'f' },
	{ "listen", required_argument, NULL, 'l' },
	{ "page", required_argument, NULL, 'p' },
	{ "certificate", required_argument, NULL, 'c' },
	{ "key", required_argument, NULL, 'k' },
	{ "client-authority", required_argument, NULL, 'a' },
	{ "page-token", required_argument, NULL, 't' },
	{ "office", required_argument, NULL, 'o' },
	{ "mqtt", required_argument, NULL, 'm' },
	{ "mqtt-authority", required_argument, NULL, 'A' },
	{ "mqtt-certificate", required_argument, NULL, 'C' },
	{ "mqtt-key", required_argument, NULL, 'K' },
	{ "mqtt-secret", required_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static const char **place_of(struct desk_options *o, int name)
{
	switch (name) {
	case 'f':
		return &o->folder;
	case 'l':
		return &o->listen;
	case 'p':
		return &o->page;
	case 'c':
		return &o->certificate;
	case 'k':
		return &o->key;
	case 'a':
		return &o->client_authority;
	case 't':
		return &o->page_token;
	case 'o':
		return &o->office;
	case 'm':
		return &o->mqtt;
	case 'A':
		return &o->mqtt_authority;
	case 'C':
		return &o->mqtt_certificate;
	case 'K':
		return &o->mqtt_key;
	case 'S':
		return &o->mqtt_secret;
	default:
		return NULL;
	}
}

static bool refuse(const char *what)
{
	(void)fprintf(stderr, "hinomi-desk: %s; see 'hinomi-desk --help'\n", what);
	return false;
}

static bool check(const struct desk_options *o)
{
	if (o->is_help || o->is_version)
		return true;
	if (!o->folder)
		return refuse("--folder is missing");
	if (o->is_code)
		return o->office ? true : refuse("--office is missing");
	if (!o->listen || !o->page)
		return refuse("--listen and --page are missing");
	if (!o->certificate != !o->key)
		return refuse("--certificate and --key belong together");
	if (o->client_authority && !o->certificate)
		return refuse("--client-authority needs --certificate and --key");
	if (!o->mqtt && (o->mqtt_authority || o->mqtt_certificate || o->mqtt_key || o->mqtt_secret))
		return refuse("--mqtt is missing");
	if (!o->mqtt_certificate != !o->mqtt_key)
		return refuse("--mqtt-certificate and --mqtt-key belong together");
	return true;
}

bool desk_options_read(int argc, char **argv, struct desk_options *out)
{
	struct desk_options o = { 0 };
	int name;

	if (argc > 1 && strcmp(argv[1], "code") == 0) {
		o.is_code = true;
		argc--;
		argv++;
	}
	while ((name = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		const char **place = place_of(&o, name);

		if (place)
			*place = optarg;
		else if (name == 'h')
			o.is_help = true;
		else if (name == 'v')
			o.is_version = true;
		else
			return refuse("not understood");
	}
	if (optind < argc)
		return refuse("one argument too many");
	*out = o;
	return check(&o);
}
