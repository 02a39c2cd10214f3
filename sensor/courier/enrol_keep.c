#include "sensor/courier/enrol.h"

#include "sensor/config/options.h"
#include "sensor/courier/courier_settings.h"
#include "sensor/courier/folder_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_MODE = 0600, PUBLIC_MODE = 0640 };

#define TOKEN_FILE     "token"
#define AUTHORITY_FILE "authority.pem"

/* The options that an enrolment sets, gathered in a configuration. */
struct gathered {
	const struct enrol_place *place;
	struct config config;
	bool *is_set; /* one for each option */
};

static void say(const struct enrol_place *place, const char *name, const char *why)
{
	char line[ENROL_PROBLEM_LEN];

	(void)snprintf(line, sizeof(line), "the rangers' policy: %.60s %.200s", name, why);
	for (char *at = line; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	}
	place->say(place->say_arg, line);
}

static bool set(struct gathered *g, const char *name, const char *value,
		char problem[static CONFIG_PROBLEM_LEN])
{
	if (config_set(&g->config, name, value, problem) != ERR_OK)
		return false;
	for (size_t i = 0; i < options_count; i++)
		g->is_set[i] = g->is_set[i] || strcmp(options[i].name, name) == 0;
	return true;
}

static void take_policy(void *arg, const char *name, const char *value)
{
	struct gathered *g = arg;
	char problem[CONFIG_PROBLEM_LEN];

	if (!policy_may_set(name))
		say(g->place, name, "is for this office alone to set, and was left as it is");
	else if (!value)
		say(g->place, name, "is no text, and was left as it is");
	else if (!set(g, name, value, problem))
		say(g->place, problem, "- it was left as it is");
}

static bool set_path(struct gathered *g, const char *name, const char *file, char *problem)
{
	char path[PATH_MAX];
	char wrong[CONFIG_PROBLEM_LEN];

	if (file[0] == '/')
		(void)snprintf(path, sizeof(path), "%s", file);
	else
		(void)snprintf(path, sizeof(path), "%s/%s", g->place->folder, file);
	if (set(g, name, path, wrong))
		return true;
	(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", wrong);
	return false;
}

static bool set_one(struct gathered *g, const char *name, const char *value, char *problem)
{
	char wrong[CONFIG_PROBLEM_LEN];

	if (set(g, name, value, wrong))
		return true;
	(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", wrong);
	return false;
}

static bool gather(struct gathered *g, const struct enrolment *e, char *problem)
{
	const struct enrol_place *place = g->place;
	const char *authority = e->reply.authority[0] != '\0' ? AUTHORITY_FILE : place->authority;

	if (!policy_read(e->reply.policy, take_policy, g))
		say(place, "", "is no JSON of options, and was left out");
	return set_one(g, "https.url", place->url, problem) &&
	       set_path(g, "https.secret", TOKEN_FILE, problem) &&
	       (authority[0] == '\0' || set_path(g, "https.authority", authority, problem)) &&
	       (place->proxy[0] == '\0' || set_one(g, "https.proxy", place->proxy, problem)) &&
	       set_one(g, "sensor.identity", e->reply.office, problem);
}

static void write_yaml(const struct gathered *g, FILE *out)
{
	const char *module = "";

	(void)fputs(
		"# Written by 'hinomi-courier enrol'; what stands in other files goes over it.\n",
		out);
	for (size_t i = 0; i < options_count; i++) {
		const struct option *o = &options[i];
		size_t len = strcspn(o->name, ".");
		union option_value value = { 0 };

		if (!g->is_set[i])
			continue;
		if (strncmp(module, o->name, len + 1) != 0)
			(void)fprintf(out, "%.*s:\n", (int)len, o->name);
		module = o->name;
		memcpy(&value, (const char *)&g->config + o->offset, option_size(o->kind));
		(void)fprintf(out, "  %s: ", o->name + len + 1);
		option_print(o, &value, out);
		(void)fputc('\n', out);
	}
}

static enum err write_options(const struct gathered *g)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	enum err err = ERR_IO;

	if (!out)
		return ERR_MEMORY;
	write_yaml(g, out);
	if (fclose(out) == 0)
		err = folder_file_write(g->place->folder, COURIER_ENROLLED, PUBLIC_MODE, text, len);
	free(text);
	return err;
}

static enum err write_files(const struct gathered *g, const struct enrol_reply *reply)
{
	const char *folder = g->place->folder;
	enum err err = folder_file_write(folder, TOKEN_FILE, SECRET_MODE, reply->token,
					 strlen(reply->token));

	if (err == ERR_OK && reply->authority[0] != '\0')
		err = folder_file_write(folder, AUTHORITY_FILE, SECRET_MODE, reply->authority,
					strlen(reply->authority));
	return err == ERR_OK ? write_options(g) : err;
}

/* The name last: it is what says that all is there. Orders of the name before are no more. */
static enum err write_notes(struct outbox *outbox, const struct enrol_reply *reply)
{
	const char *const notes[][2] = { { "orders.done", "0" },
					 { "orders.key", "" },
					 { "office", reply->office },
					 { "desk_key", reply->desk_key } };
	enum err err = ERR_OK;

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]) && err == ERR_OK; i++)
		err = outbox_note(outbox, notes[i][0], notes[i][1]);
	return err == ERR_OK ? outbox_begin_anew(outbox, reply->sensor) : err;
}

enum err enrol_keep(const struct enrol_place *place, const struct enrolment *enrolment,
		    char problem[static ENROL_PROBLEM_LEN])
{
	struct gathered *g = calloc(1, sizeof(*g));
	bool *is_set = calloc(options_count, sizeof(is_set[0]));
	enum err err = ERR_MEMORY;

	(void)snprintf(problem, ENROL_PROBLEM_LEN, "%s", err_text(err));
	if (g && is_set) {
		g->place = place;
		g->is_set = is_set;
		config_defaults(&g->config);
		err = gather(g, enrolment, problem) ? ERR_OK : ERR_RANGE;
	}
	if (err == ERR_OK) {
		err = write_files(g, &enrolment->reply);
		if (err != ERR_OK)
			(void)snprintf(problem, ENROL_PROBLEM_LEN,
				       "%.200s: %s; enrol again with the same code", place->folder,
				       strerror(errno));
	}
	if (err == ERR_OK) {
		err = write_notes(place->outbox, &enrolment->reply);
		if (err != ERR_OK)
			(void)snprintf(
				problem, ENROL_PROBLEM_LEN,
				"courier.db in %.200s cannot be written; enrol again with the "
				"same code",
				place->folder);
	}
	free(g);
	free(is_set);
	return err;
}
