/*
 * `hinomi intel install`: puts a set where the sensor reads it. FOLDER/current.intel is in use,
 * FOLDER/previous.intel the one before it; each is replaced by rename, so that whoever has one
 * mapped keeps it, and whoever opens one finds it whole.
 */
#include "sensor/app/intel_command.h"
#include "sensor/app/intel_words.h"
#include "sensor/app/output.h"
#include "sensor/intel/intel_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static const char install_help[] =
	"Usage: hinomi intel install --key PUBLIC SET FOLDER\n"
	"       hinomi intel install --key PUBLIC --rollback FOLDER\n"
	"Checks SET and makes it FOLDER/current.intel, which sensors read; the one before stays "
	"as\n"
	"FOLDER/previous.intel. An expired or older set is refused.\n\n"
	"  --key PUBLIC   the maker's public key: a file of one or several, or the key itself;\n"
	"                 may be given again\n"
	"  --rollback     puts the one before back\n"
	"  --help\n\n"
	"Exit codes: 0 installed, or it was already; 1 refused, nothing changed; 2 wrong usage.\n";

struct folder {
	int fd; /* locked: one install at a time */
	char current[OUTPUT_TEXT_LEN];
	char previous[OUTPUT_TEXT_LEN];
	char incoming[OUTPUT_TEXT_LEN];
};

static bool complain(const char *path, const char *why)
{
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, why);
	return false;
}

static bool folder_open(struct folder *f, const char *path)
{
	int len = snprintf(f->current, sizeof(f->current), "%s/current.intel", path);

	(void)snprintf(f->previous, sizeof(f->previous), "%s/previous.intel", path);
	(void)snprintf(f->incoming, sizeof(f->incoming), "%s/incoming.intel", path);
	f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0 || len + 8 >= (int)sizeof(f->current))
		return complain(path, f->fd < 0 ? strerror(errno) : "too long a path");
	if (flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		return complain(path, errno == EWOULDBLOCK ? "another install is under way"
							   : strerror(errno));
	return true;
}

static bool is_expired(const struct intel_set *set)
{
	return intel_set_issue(set).expires <= (nanotime)time(NULL) * NANOTIME_SECOND;
}

/* The set in use; NULL when there is none or it is damaged, which says nothing. */
static struct intel_set *open_quietly(const struct intel_words *w, const char *path)
{
	struct intel_set *set = NULL;
	uint8_t id[SIGN_ID_LEN];

	return intel_set_open(path, w->keys.list, w->keys.count, &set, id) == INTEL_FINE ? set
											 : NULL;
}

enum answer { INSTALL, ALREADY_THERE, REFUSED };

static enum answer judge(const struct intel_words *w, const struct folder *f,
			 const struct intel_set *next, bool is_same_file)
{
	struct intel_set *current;
	enum answer answer = INSTALL;
	uint64_t serial = intel_set_issue(next).serial;

	if (is_expired(next)) {
		(void)complain(w->words[0], "it has expired: build or fetch a newer one");
		return REFUSED;
	}
	current = open_quietly(w, f->current);
	if (!current)
		return INSTALL;

	uint64_t before = intel_set_issue(current).serial;

	if (intel_set_purpose(current) != intel_set_purpose(next)) {
		(void)complain(w->words[0], "indicators and prevalence need a folder each");
		answer = REFUSED;
	} else if (serial == before && is_same_file) {
		answer = ALREADY_THERE;
	} else if (serial <= before) {
		(void)fprintf(stderr,
			      "hinomi: %s: serial %llu is not newer than %llu, which is in use; "
			      "--rollback puts the one before back\n",
			      output_text(w->words[0]).chars, (unsigned long long)serial,
			      (unsigned long long)before);
		answer = REFUSED;
	}
	intel_set_free(current);
	return answer;
}

/* The set in use stays reachable throughout: a second name, then the rename of that. */
static bool keep_current(const struct folder *f)
{
	char kept[OUTPUT_TEXT_LEN + 8];

	(void)snprintf(kept, sizeof(kept), "%s.new", f->previous);
	(void)unlink(kept);
	/* File systems without second names (FAT) get a copy. */
	if (link(f->current, kept) != 0 && intel_file_copy(f->current, kept) != ERR_OK)
		return complain(kept, strerror(errno));
	if (rename(kept, f->previous) == 0)
		return true;
	return complain(f->previous, strerror(errno));
}

static bool put_in_use(const struct folder *f, const char *from)
{
	if (rename(from, f->current) != 0 || fsync(f->fd) != 0)
		return complain(f->current, strerror(errno));
	return true;
}

/* What was copied is what is checked: the original may change meanwhile. */
static bool install(const struct intel_words *w, const struct folder *f)
{
	struct intel_set *next = NULL;
	struct intel_set *current;
	enum answer answer = REFUSED;
	bool good = false;

	if (intel_file_copy(w->words[0], f->incoming) != ERR_OK)
		return complain(w->words[0], strerror(errno));
	next = intel_open_set(w, f->incoming);
	if (next)
		answer = judge(w, f, next, intel_file_equal(f->incoming, f->current));
	if (answer == INSTALL) {
		/* A damaged one is not kept: the one before it is still good. */
		current = open_quietly(w, f->current);
		good = (!current || keep_current(f)) && put_in_use(f, f->incoming);
		intel_set_free(current);
	}
	if (good)
		(void)printf("%s: %zu items, serial %llu\n", output_text(f->current).chars,
			     intel_set_count(next),
			     (unsigned long long)intel_set_issue(next).serial);
	else
		(void)unlink(f->incoming);
	if (answer == ALREADY_THERE)
		(void)printf("%s: this set is in use already\n", output_text(f->current).chars);
	intel_set_free(next);
	return good || answer == ALREADY_THERE;
}

/* The one before stays where it is as well: what was rolled back from is not worth keeping. */
static bool roll_back(const struct intel_words *w, const struct folder *f)
{
	struct intel_set *before;
	bool good = false;

	if (access(f->previous, F_OK) != 0 && errno == ENOENT)
		return complain(f->previous, "no set was kept: only one was ever installed");
	before = intel_open_set(w, f->previous);
	if (!before)
		return false;
	if (intel_file_equal(f->previous, f->current))
		(void)complain(f->current, "the set before this one is in use already");
	else if (intel_file_copy(f->previous, f->incoming) != ERR_OK)
		(void)complain(f->incoming, strerror(errno));
	else
		good = put_in_use(f, f->incoming);
	if (good)
		(void)printf("%s: rolled back to serial %llu%s\n", output_text(f->current).chars,
			     (unsigned long long)intel_set_issue(before).serial,
			     is_expired(before) ? ", which has expired" : "");
	intel_set_free(before);
	return good;
}

enum exit_code intel_install(int argc, char **argv)
{
	struct intel_words w = { .most = 2 };
	struct folder folder;
	bool good;

	if (sign_start() != ERR_OK || !intel_take_words(&w, argc, argv))
		return EXIT_USAGE;
	if (w.is_help) {
		(void)fputs(install_help, stdout);
		return output_is_written() ? EXIT_DONE : EXIT_FAILED;
	}
	if (w.count != (w.is_rollback ? 1 : 2)) {
		(void)fputs("hinomi: SET and FOLDER are needed, with --rollback FOLDER alone\n",
			    stderr);
		return EXIT_USAGE;
	}
	good = folder_open(&folder, w.words[w.count - 1]);
	if (good)
		good = w.is_rollback ? roll_back(&w, &folder) : install(&w, &folder);
	if (folder.fd >= 0)
		(void)close(folder.fd);
	return good && output_is_written() ? EXIT_DONE : EXIT_FAILED;
}
