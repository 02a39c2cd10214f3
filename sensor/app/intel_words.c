#include "sensor/app/intel_words.h"

#include "sensor/app/output.h"

#include <getopt.h>

static bool take_option(struct intel_words *w, int given)
{
	switch (given) {
	case 'k':
		return intel_keys_add(&w->keys, optarg);
	case 'r':
		w->is_rollback = true;
		return true;
	case 'h':
		w->is_help = true;
		return true;
	default:
		return false;
	}
}

bool intel_take_words(struct intel_words *w, int argc, char **argv)
{
	static const struct option table[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ "rollback", no_argument, NULL, 'r' },
		{ 0 },
	};
	int given;

	while ((given = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (!take_option(w, given))
			return false;
	}
	for (; optind < argc && w->count < w->most; optind++)
		w->words[w->count++] = argv[optind];
	if (w->is_help)
		return true;
	if (w->is_rollback && strcmp(argv[0], "install") != 0) {
		(void)fprintf(stderr, "hinomi: intel %s has no --rollback\n", argv[0]);
		return false;
	}
	if (optind == argc && w->count > 0 && w->keys.count > 0)
		return true;
	(void)fprintf(stderr, "hinomi: %s; 'hinomi intel %s --help' tells more\n",
		      optind < argc        ? "too many words"
		      : w->keys.count == 0 ? "--key PUBLIC is missing"
					   : "SET is missing",
		      argv[0]);
	return false;
}

struct intel_set *intel_open_set(const struct intel_words *w, const char *path)
{
	struct intel_set *set = NULL;
	uint8_t id[SIGN_ID_LEN];
	char id_text[SIGN_ID_TEXT_LEN];
	enum intel_fault fault = intel_set_open(path, w->keys.list, w->keys.count, &set, id);

	sign_id_text(id, id_text);
	if (fault == INTEL_NOT_READ)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, strerror(errno));
	else if (fault == INTEL_OTHER_KEY)
		(void)fprintf(stderr, "hinomi: %s %s: %s\n", output_text(path).chars,
			      intel_fault_text(fault), id_text);
	else if (fault != INTEL_FINE)
		(void)fprintf(stderr, "hinomi: %s %s\n", output_text(path).chars,
			      intel_fault_text(fault));
	return set;
}
