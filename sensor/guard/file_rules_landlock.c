#include "sensor/guard/file_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * What kernels learned after Debian 12's headers (landlock(7), "Kernel headers"). The numbers are
 * fixed; a kernel is only told of those that its version knows.
 */
#define FS_TRUNCATE                     (UINT64_C(1) << 14) /* version 3 */
#define FS_IOCTL_DEV                    (UINT64_C(1) << 15) /* version 5 */
#define NET_TCP                         (UINT64_C(1) << 0 | UINT64_C(1) << 1)
#define SCOPE_ABSTRACT_UNIX_AND_SIGNALS (UINT64_C(1) << 0 | UINT64_C(1) << 1)

struct ruleset {
	uint64_t files;
	uint64_t net;    /* version 4 */
	uint64_t scopes; /* version 6 */
};

#define READ_FILE   ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE)
#define READ_FOLDER ((uint64_t)LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE  ((uint64_t)LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define WRITE_FOLDER \
	((uint64_t)LANDLOCK_ACCESS_FS_MAKE_REG | (uint64_t)LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* All that version 1 has: execute, read, write, remove and make of each kind. */
#define FILES_OF_VERSION_1 (((uint64_t)LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* What stands there of an interface: libpcap asks, and so does who looks whether it is well. */
static const char *const interfaces[] = { "/sys/class/net", "/sys/devices", NULL };

enum { VERSION_REFER = 2, VERSION_TRUNCATE, VERSION_TCP, VERSION_IOCTL, VERSION_SCOPES };

static int kernel_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : (int)version;
}

/* Everything that this version can refuse, so that what no rule allows is refused. */
static struct ruleset all_of(int version)
{
	struct ruleset all = { .files = FILES_OF_VERSION_1 };

	if (version >= VERSION_REFER)
		all.files |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= VERSION_TRUNCATE)
		all.files |= FS_TRUNCATE;
	if (version >= VERSION_TCP)
		all.net = NET_TCP;
	if (version >= VERSION_IOCTL)
		all.files |= FS_IOCTL_DEV;
	if (version >= VERSION_SCOPES)
		all.scopes = SCOPE_ABSTRACT_UNIX_AND_SIGNALS;
	return all;
}

/* An older kernel refuses a struct that is longer than it knows, unless the rest is zero. */
static size_t size_of(int version)
{
	if (version < VERSION_TCP)
		return offsetof(struct ruleset, net);
	return version < VERSION_SCOPES ? offsetof(struct ruleset, scopes) : sizeof(struct ruleset);
}

static enum err refused(const char *path, char problem[static CONFIG_PROBLEM_LEN])
{
	(void)snprintf(problem, CONFIG_PROBLEM_LEN, "cannot limit what files are reached: %s: %s",
		       path, strerror(errno));
	return ERR_IO;
}

/* What stands at `path` and beneath. Missing is ERR_MISSING, with no words about it. */
static enum err allow(int rules, const char *path, uint64_t access, uint64_t known,
		      char problem[static CONFIG_PROBLEM_LEN])
{
	struct stat found;
	struct landlock_path_beneath_attr rule = { .allowed_access = access & known };
	enum err err = ERR_OK;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_MISSING : refused(path, problem);
	if (fstat(rule.parent_fd, &found) != 0)
		err = refused(path, problem);
	/* The kernel takes no rights of a folder for what is none. */
	if (err == ERR_OK && !S_ISDIR(found.st_mode))
		rule.allowed_access &= READ_FILE | WRITE_FILE;
	if (err == ERR_OK &&
	    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0)
		err = refused(path, problem);
	(void)close(rule.parent_fd);
	return err;
}

static enum err allow_each(int rules, const char *const *paths, uint64_t access, uint64_t known,
			   char problem[static CONFIG_PROBLEM_LEN])
{
	for (size_t i = 0; paths[i] != NULL; i++) {
		enum err err = allow(rules, paths[i], access, known, problem);

		if (err != ERR_OK && err != ERR_MISSING)
			return err;
	}
	return ERR_OK;
}

static enum err allow_all(int rules, const struct guard_setup *setup, uint64_t known,
			  char problem[static CONFIG_PROBLEM_LEN])
{
	uint64_t reading = READ_FILE | READ_FOLDER;
	uint64_t writing = reading | WRITE_FILE | WRITE_FOLDER;
	enum err err = allow(rules, setup->state_folder, writing, known, problem);

	if (err == ERR_MISSING)
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "the state folder '%s' is missing: make it, and give it to the "
			       "user that the sensor runs as",
			       setup->state_folder);
	if (err == ERR_OK)
		err = allow_each(rules, setup->writable, writing, known, problem);
	if (err == ERR_OK)
		err = allow_each(rules, setup->readable, reading, known, problem);
	if (err == ERR_OK)
		err = allow_each(rules, interfaces, reading, known, problem);
	return err;
}

enum err file_rules_apply(const struct guard_setup *setup, struct guard_report *report,
			  char problem[static CONFIG_PROBLEM_LEN])
{
	int version = kernel_version();
	struct ruleset all = all_of(version);

	report->landlock_version = 0;
	if (version == 0)
		return ERR_OK;

	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size_of(version), 0U);

	if (rules < 0)
		return refused("rules", problem);

	enum err err = allow_all(rules, setup, all.files, problem);

	if (err == ERR_OK && syscall(SYS_landlock_restrict_self, rules, 0U) != 0)
		err = refused("taking effect", problem);
	(void)close(rules);
	if (err == ERR_OK)
		report->landlock_version = version;
	return err;
}
