#include "sensor/app/intel_files.h"

#include "sensor/app/file_stamp.h"
#include "sensor/app/intel_keys.h"
#include "sensor/app/output.h"
#include "sensor/app/ranger_files.h"
#include "sensor/detect/statistics.h"
#include "sensor/feed/feed_compile.h"
#include "sensor/intel/intel_form.h"

#include <stdlib.h>
#include <unistd.h>

enum { LINE_LEN = CONFIG_PATH_LEN + 256, SET_PATH_LEN = CONFIG_PATH_LEN + 16 };

struct reading {
	struct intel_keys keys;
	struct intel_sets *sets;
	settings_say_fn *say;
	void *arg;
};

static bool add(const char **list, size_t *count, size_t most, const char *what, const char *option)
{
	if (*count == most) {
		(void)fprintf(stderr, "hinomi: at most %zu times %s\n", most, option);
		return false;
	}
	list[(*count)++] = what;
	return true;
}

bool intel_files_add(struct intel_files *files, const char *path)
{
	return add(files->paths, &files->count, INTEL_FILES_MAX, path, "--intel");
}

bool intel_files_add_key(struct intel_files *files, const char *key)
{
	return add(files->keys, &files->key_count, INTEL_KEYS_MAX, key, "--intel-key");
}

static void say_line(const struct reading *r, const char *line)
{
	if (r->say)
		r->say(r->arg, line);
	else
		(void)fprintf(stderr, "hinomi: %s\n", line);
}

static void say(const struct reading *r, const char *path, const char *what)
{
	char line[LINE_LEN];

	(void)snprintf(line, sizeof(line), "%.*s: %s", CONFIG_PATH_LEN - 1, output_text(path).chars,
		       what);
	say_line(r, line);
}

/* The feed's reader names rows as PATH:LINE. */
static void say_refused(const struct reading *r, char *complaints)
{
	char *next;

	for (char *line = strtok_r(complaints, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next))
		say_line(r, line);
}

static bool is_set(const char *path)
{
	char magic[sizeof(INTEL_MAGIC) - 1];
	FILE *from = fopen(path, "re");
	bool is = from && fread(magic, 1, sizeof(magic), from) == sizeof(magic) &&
		  memcmp(magic, INTEL_MAGIC, sizeof(magic)) == 0;

	if (from)
		(void)fclose(from);
	return is;
}

static bool keep(struct reading *r, const char *path, struct intel_set *set)
{
	if (intel_sets_add(r->sets, set) == ERR_OK)
		return true;
	say(r, path, "too many sets of indicators");
	return false;
}

static bool open_set(struct reading *r, const char *path)
{
	struct intel_set *set;
	uint8_t id[SIGN_ID_LEN];
	char id_text[SIGN_ID_TEXT_LEN];
	char why[LINE_LEN];
	enum intel_fault fault = intel_set_open(path, r->keys.list, r->keys.count, &set, id);

	if (fault == INTEL_FINE)
		return keep(r, path, set);
	sign_id_text(id, id_text);
	if (fault == INTEL_NOT_READ)
		(void)snprintf(why, sizeof(why), "%s", strerror(errno));
	else if (fault == INTEL_OTHER_KEY && r->keys.count == 0)
		(void)snprintf(why, sizeof(why),
			       "a signed set: its maker's public key is needed (--intel-key or the "
			       "option intel.key)");
	else if (fault == INTEL_OTHER_KEY)
		(void)snprintf(why, sizeof(why), "%s: %s", intel_fault_text(fault), id_text);
	else
		(void)snprintf(why, sizeof(why), "%s", intel_fault_text(fault));
	say(r, path, why);
	return false;
}

static bool compile(struct reading *r, const char *path)
{
	char *complaints = NULL;
	size_t complaints_len;
	struct intel_set *set;
	struct feed_counts counts;
	char left_out[64];
	FILE *to = open_memstream(&complaints, &complaints_len);

	if (!to) {
		say(r, path, "out of memory");
		return false;
	}

	const struct feed_compile_setup setup = { .path = path,
						  .purpose = INTEL_INDICATORS,
						  .complaints = to };
	enum err err = feed_compile(&setup, &set, &counts);
	int why = errno;

	if (fclose(to) == 0)
		say_refused(r, complaints);
	free(complaints);
	(void)snprintf(left_out, sizeof(left_out), "%zu rows left out", counts.refused);
	if (counts.refused > 0)
		say(r, path, left_out);
	if (err == ERR_OK)
		return keep(r, path, set);
	say(r, path, err == ERR_IO ? strerror(why) : err_text(err));
	return false;
}

static bool read_path(struct reading *r, const char *path)
{
	return is_set(path) ? open_set(r, path) : compile(r, path);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* A folder without a set is one that waits for its first. */
static bool read_folder(struct reading *r, const char *folder)
{
	char current[SET_PATH_LEN];
	char previous[SET_PATH_LEN];

	(void)snprintf(current, sizeof(current), "%s/%s", folder, INTEL_CURRENT);
	(void)snprintf(previous, sizeof(previous), "%s/%s", folder, INTEL_PREVIOUS);
	if (!exists(current) || open_set(r, current))
		return true;
	if (!exists(previous) || !open_set(r, previous))
		return false;
	say(r, previous, "the set before is taken instead");
	intel_sets_note_refusal(r->sets);
	return true;
}

/* Without a key nobody can say whether they are the rangers' own. */
static bool read_rangers(struct reading *r, const struct config *config)
{
	bool good = true;

	for (unsigned i = 0; i < RANGER_SETS; i++) {
		char path[RANGER_PATH_LEN];

		ranger_set_path(config, i, path);
		if (!exists(path))
			continue;
		if (r->keys.count > 0)
			good &= open_set(r, path);
		else
			say(r, path, "left out: intel.key must name the key that signs it");
	}
	return good;
}

static bool read_keys(struct reading *r, const struct intel_files *files,
		      const struct config *config)
{
	bool good = sign_start() == ERR_OK;

	for (size_t i = 0; i < files->key_count; i++)
		good &= intel_keys_add(&r->keys, files->keys[i]);
	if (config->intel.key[0] != '\0')
		good &= intel_keys_add(&r->keys, config->intel.key);
	return good;
}

uint64_t intel_files_stamp(const struct intel_files *files, const struct config *config)
{
	char current[SET_PATH_LEN];
	char sent[RANGER_PATH_LEN];
	uint64_t stamps[INTEL_FILES_MAX + 1 + RANGER_SETS] = { 0 };

	for (size_t i = 0; i < files->count; i++)
		stamps[i] = file_stamp(files->paths[i]);
	if (config->intel.folder[0] != '\0') {
		(void)snprintf(current, sizeof(current), "%s/%s", config->intel.folder,
			       INTEL_CURRENT);
		stamps[files->count] = file_stamp(current);
	}
	for (unsigned i = 0; i < RANGER_SETS && files->takes_rangers; i++) {
		ranger_set_path(config, i, sent);
		stamps[INTEL_FILES_MAX + 1 + i] = file_stamp(sent);
	}
	return distinct_hash(stamps, sizeof(stamps));
}

bool intel_files_read(const struct intel_files *files, const struct config *config,
		      struct intel_sets **out, settings_say_fn *say_fault, void *arg)
{
	struct reading r = { .say = say_fault, .arg = arg };
	bool good;

	*out = NULL;
	if (files->count == 0 && config->intel.folder[0] == '\0' && !files->takes_rangers)
		return true;
	if (intel_sets_new(&r.sets) != ERR_OK) {
		say(&r, "indicators", "out of memory");
		return false;
	}
	good = read_keys(&r, files, config);
	for (size_t i = 0; i < files->count; i++)
		good &= read_path(&r, files->paths[i]);
	if (config->intel.folder[0] != '\0')
		good &= read_folder(&r, config->intel.folder);
	if (files->takes_rangers)
		good &= read_rangers(&r, config);
	if (intel_sets_count(r.sets) > 0)
		*out = r.sets;
	else
		intel_sets_free(r.sets);
	return good;
}
