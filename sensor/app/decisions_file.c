#include "sensor/app/decisions_file.h"

#include "sensor/app/output.h"
#include "sensor/detect/story.h"

struct telling {
	settings_say_fn *say;
	void *arg;
	const char *path;
};

/* A config_fault_fn. */
static void tell_fault(void *arg, const char *fault)
{
	const struct telling *to = arg;
	char line[CONFIG_PATH_LEN + CONFIG_PROBLEM_LEN + 4];

	(void)snprintf(line, sizeof(line), "%.*s: %s", CONFIG_PATH_LEN - 1,
		       output_text(to->path).chars, fault);
	if (to->say)
		to->say(to->arg, line);
	else
		(void)fprintf(stderr, "hinomi: %s\n", line);
}

bool decisions_file_read(const struct config *config, struct decisions **out, settings_say_fn *say,
			 void *arg)
{
	static const struct decisions_words words = { .is_rule = story_is_rule,
						      .is_kind = story_is_kind };
	struct telling to = { .say = say, .arg = arg, .path = config->judge.decisions };

	*out = NULL;
	return to.path[0] == '\0' ||
	       decisions_read(out, to.path, &words, tell_fault, &to) == ERR_OK;
}
