#include "sensor/app/decisions_file.h"

#include "sensor/app/output.h"
#include "sensor/detect/story.h"

#include <string.h>
#include <unistd.h>

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

/* A rule that this sensor lacks, of a newer one perhaps: what is decided of it concerns nothing
 * here. */
static bool may_be_rule(const char *text)
{
	return strlen(text) == 5 && text[3] == '-' && text[4] >= '1' && text[4] <= '9' &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static bool may_be_kind(const char *text)
{
	return text[0] != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* Both together; what is wrong with the rangers' is theirs to mend, and costs the office nothing.
 */
static void add_rangers(const char *own, const char *path, struct decisions **out,
			struct telling *to)
{
	static const struct decisions_words any = { .is_rule = may_be_rule,
						    .is_kind = may_be_kind };
	const char *first = own[0] != '\0' ? own : path;
	struct decisions *both = NULL;

	to->path = path;
	if (decisions_read(&both, first, first == own ? path : NULL, &any, tell_fault, to) !=
	    ERR_OK) {
		tell_fault(to, "left out: the office's own decisions alone count");
		return;
	}
	decisions_free(*out);
	*out = both;
}

bool decisions_file_read(const struct config *config, const char *rangers, struct decisions **out,
			 settings_say_fn *say, void *arg)
{
	static const struct decisions_words words = { .is_rule = story_is_rule,
						      .is_kind = story_is_kind };
	const char *own = config->judge.decisions;
	struct telling to = { .say = say, .arg = arg, .path = own };

	*out = NULL;
	if (own[0] != '\0' && decisions_read(out, own, NULL, &words, tell_fault, &to) != ERR_OK)
		return false;
	if (rangers && access(rangers, F_OK) == 0)
		add_rangers(own, rangers, out, &to);
	return true;
}
