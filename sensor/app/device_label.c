#include "sensor/app/device_label.h"

#include "sensor/app/arguments.h"
#include "sensor/app/label_file.h"
#include "sensor/app/output.h"
#include "sensor/app/settings.h"
#include "sensor/base/text.h"
#include "sensor/store/store_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct label_options {
	struct settings settings;
	struct config config;
	struct device_label given;
	const char *state;
	const char *key;
	bool is_removed;
	bool is_help;
};

static const char help[] =
	"Usage: hinomi devices label [OPTION]... KEY LABEL\n"
	"       hinomi devices label --remove KEY\n\n"
	"Writes down what the office calls a device: cases then say that, with the place.\n"
	"KEY is a number of 'hinomi devices', a MAC, or a name that the device tells.\n\n"
	"  --place TEXT      where it stands, as \"2nd floor\"\n"
	"  --owner TEXT      who uses it\n"
	"  --kind KIND       office, private or guest\n"
	"  --remove          the office does not name it any more\n"
	"  --state DIR       the state folder (default: store.folder, /var/lib/hinomi)\n"
	"  --config FILE     options from a file\n"
	"  --set NAME=VALUE  one option; goes over --config\n"
	"  --help\n\n"
	"It stands in devices.labels, by default devices.tsv in the state folder, a table of\n"
	"KEY, LABEL, PLACE, OWNER and KIND that may be edited by hand. A running sensor reads\n"
	"it at SIGHUP.\n\n"
	"Exit codes: 0 done, 1 the file cannot be written, 2 wrong usage or configuration.\n";

static bool usage(const char *why, const char *what)
{
	(void)fprintf(stderr, "hinomi: %s%s; 'hinomi devices label --help' tells more\n", why,
		      output_text(what).chars);
	return false;
}

static bool take_text(const char *option, const char *text, char *out, size_t size)
{
	const struct span bytes = { (const uint8_t *)text, strlen(text) };

	return (text_from_wire(bytes, out, size) && strcmp(out, text) == 0) ||
	       usage(option, " is too long, or no plain UTF-8");
}

static bool take_kind(struct label_options *o, const char *text)
{
	enum device_kind kind;

	if (!device_kind_parse(text, &kind))
		return usage("--kind is office, private or guest, not ", text);
	o->given.kind = (uint8_t)kind;
	return true;
}

static bool take_option(void *options, int given)
{
	struct label_options *o = options;

	switch (given) {
	case 'S':
		o->state = optarg;
		return true;
	case 'p':
		return take_text("--place", optarg, o->given.place, sizeof(o->given.place));
	case 'o':
		return take_text("--owner", optarg, o->given.owner, sizeof(o->given.owner));
	case 'k':
		return take_kind(o, optarg);
	case 'r':
		o->is_removed = true;
		return true;
	default:
		return false;
	}
}

static bool take_words(struct label_options *o, int argc, char **argv)
{
	int wanted = o->is_removed ? 1 : 2;

	if (argc - optind != wanted)
		return usage(o->is_removed ? "KEY alone is needed with --remove"
					   : "KEY and LABEL are needed",
			     "");
	o->key = argv[optind];
	return o->is_removed ||
	       take_text("LABEL", argv[optind + 1], o->given.label, sizeof(o->given.label));
}

static bool take_options(struct label_options *o, int argc, char **argv)
{
	static const struct option table[] = {
		{ "state", required_argument, NULL, 'S' },
		{ "place", required_argument, NULL, 'p' },
		{ "owner", required_argument, NULL, 'o' },
		{ "kind", required_argument, NULL, 'k' },
		{ "remove", no_argument, NULL, 'r' },
		{ "config", required_argument, NULL, 'c' },
		{ "set", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const struct arguments arguments = {
		.command = "devices label",
		.table = table,
		.letters = "h",
		.settings = &o->settings,
		.is_help = &o->is_help,
		.take = take_option,
	};

	if (!arguments_take(&arguments, argc, argv, o))
		return false;
	if (o->is_help)
		return true;
	if (!take_words(o, argc, argv) || !settings_apply(&o->settings, &o->config))
		return false;
	return arguments_use_state("devices label", o->state, &o->config);
}

/* A device of the list, looked for by its number. */
struct search {
	struct store_view *view;
	const char *number;
	char key[LABEL_KEY_LEN];
};

/* A store_device_fn. */
static bool match_number(void *arg, const struct store_device *row)
{
	struct search *search = arg;

	if (strcmp(row->key, search->number) != 0)
		return true;
	store_view_text(search->view, row->json, "$.mac", search->key, sizeof(search->key));
	if (search->key[0] == '\0')
		store_view_text(search->view, row->json, "$.ip[0]", search->key,
				sizeof(search->key));
	return false;
}

/* By what it is found in the file: a number is good only as long as the sensor's memory. */
static bool find_key(const struct label_options *o, char key[static LABEL_KEY_LEN])
{
	struct search search = { .number = o->key };
	char problem[STORE_PROBLEM_LEN];

	if (o->key[strspn(o->key, "0123456789")] != '\0')
		return device_label_key(o->key, key) ||
		       usage("neither a number, a MAC nor a name: ", o->key);
	if (store_view_open(&search.view, o->config.store.folder, problem) != ERR_OK) {
		(void)fprintf(stderr, "hinomi: %s\n", problem);
		return false;
	}
	if (store_view_devices(search.view, match_number, &search) != ERR_OK)
		search.key[0] = '\0';
	store_view_close(search.view);
	memcpy(key, search.key, LABEL_KEY_LEN);
	return key[0] != '\0' || usage("'hinomi devices' has no number ", o->key);
}

/* What people wrote stays as it is, but for lines about `key`. */
static void copy_others(FILE *from, const char *key, FILE *to)
{
	char *line = NULL;
	size_t room = 0;

	while (from && getline(&line, &room, from) > 0) {
		char field[LABEL_KEY_LEN];
		char own[LABEL_KEY_LEN];

		(void)snprintf(field, sizeof(field), "%.*s", (int)strcspn(line, "\t\r\n"), line);
		if (!device_label_key(field, own) || strcmp(own, key) != 0)
			(void)fprintf(to, "%s%s", line, strchr(line, '\n') ? "" : "\n");
	}
	free(line);
}

static bool write_file(const struct label_options *o, const char *key, const char *path)
{
	char beside[LABEL_PATH_LEN + 8];
	FILE *from = fopen(path, "re");
	bool is_written;
	FILE *to;

	(void)snprintf(beside, sizeof(beside), "%s.new", path);
	to = fopen(beside, "we");
	if (to) {
		(void)fchmod(fileno(to), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
		copy_others(from, key, to);
		if (!o->is_removed)
			device_labels_write(to, key, &o->given);
		is_written = fflush(to) == 0 && fsync(fileno(to)) == 0;
		is_written = fclose(to) == 0 && is_written && rename(beside, path) == 0;
	} else {
		is_written = false;
	}
	if (!is_written)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, strerror(errno));
	if (from)
		(void)fclose(from);
	return is_written;
}

enum exit_code device_label_command(int argc, char **argv)
{
	static struct label_options o;
	char key[LABEL_KEY_LEN];
	char path[LABEL_PATH_LEN];

	if (!take_options(&o, argc, argv))
		return EXIT_USAGE;
	if (o.is_help)
		return arguments_help(help);
	if (!find_key(&o, key))
		return EXIT_USAGE;
	label_file_path(&o.config, path);
	if (!write_file(&o, key, path))
		return EXIT_FAILED;
	(void)printf("%s: %s stands in %s. A running sensor reads it at SIGHUP "
		     "(systemctl reload hinomi).\n",
		     output_text(key).chars, o.is_removed ? "nothing" : "it",
		     output_text(path).chars);
	return output_is_written() ? EXIT_DONE : EXIT_FAILED;
}
