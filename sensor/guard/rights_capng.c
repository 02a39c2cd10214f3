#include "sensor/guard/rights.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_FOLDER_MODE = S_IRWXU | S_IRGRP | S_IXGRP };

/* User 0 without its powers, for good: what the unit sets too, and what systemd has no word for. */
enum {
	ROOT_BITS = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
		    SECBIT_NO_SETUID_FIXUP_LOCKED,
	LOCKED_BITS = ROOT_BITS | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
};

static enum err refused(const char *what, char problem[static CONFIG_PROBLEM_LEN])
{
	(void)snprintf(problem, CONFIG_PROBLEM_LEN, "rights are not given up: %s: %s", what,
		       strerror(errno));
	return ERR_IO;
}

static enum err find_user(const char *name, uid_t *uid, gid_t *gid,
			  char problem[static CONFIG_PROBLEM_LEN])
{
	/* Once, at start, by the only thread. */
	const struct passwd *user = getpwnam(name); /* NOLINT(concurrency-mt-unsafe) */

	if (user == NULL) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "there is no user '%s' to run as: make it with 'useradd --system "
			       "--no-create-home %s', or name another one",
			       name, name);
		return ERR_MISSING;
	}
	if (user->pw_uid == 0 || user->pw_gid == 0) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "'%s' is root or of its group: name a user of the sensor's own",
			       name);
		return ERR_RANGE;
	}
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	return ERR_OK;
}

/* One that is there already keeps its owner: whose it is, is not the sensor's to say. */
static enum err make_state_folder(const char *path, uid_t uid, gid_t gid,
				  char problem[static CONFIG_PROBLEM_LEN])
{
	if (mkdir(path, STATE_FOLDER_MODE) != 0) {
		if (errno == EEXIST)
			return ERR_OK;
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "cannot make the folder '%s': %s; make the one above it", path,
			       strerror(errno));
		return ERR_MISSING;
	}
	return lchown(path, uid, gid) == 0 ? ERR_OK : refused("owner of the folder", problem);
}

static enum err become_user(const struct guard_setup *setup,
			    char problem[static CONFIG_PROBLEM_LEN])
{
	uid_t uid = 0;
	gid_t gid = 0;
	enum err err = find_user(setup->user, &uid, &gid, problem);

	if (err == ERR_OK)
		err = make_state_folder(setup->state_folder, uid, gid, problem);
	if (err != ERR_OK)
		return err;
	if (prctl(PR_SET_SECUREBITS, LOCKED_BITS) != 0)
		return refused("securebits", problem);
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW) != 0 ||
	    capng_change_id((int)uid, (int)gid,
			    CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT) != 0)
		return refused("becoming the sensor's user", problem);
	return ERR_OK;
}

/* What systemd's unit or a file's capabilities gave, and no more. */
static enum err trim(char problem[static CONFIG_PROBLEM_LEN])
{
	if (!capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW)) {
		(void)snprintf(problem, CONFIG_PROBLEM_LEN,
			       "no right to capture: start hinomi-sensor.service, use sudo, or run "
			       "'setcap cap_net_raw+ep' on the program once");
		return ERR_MISSING;
	}
	/* The kernel empties the ambient set with the inheritable one. */
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW) != 0 ||
	    capng_apply(CAPNG_SELECT_CAPS) != 0)
		return refused("capabilities", problem);
	return ERR_OK;
}

/* What packets carried must not be left in a file, nor be read by another process of the user. */
static enum err hide_memory(char problem[static CONFIG_PROBLEM_LEN])
{
	struct rlimit none = { 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return refused("no core dumps", problem);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return refused("memory is private", problem);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return refused("no new privileges", problem);
	return ERR_OK;
}

static bool is_empty_but_for(capng_type_t set, unsigned kept)
{
	for (unsigned cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (cap != kept && capng_have_capability(set, cap))
			return false;
	return true;
}

static bool holds_capture_alone(void)
{
	enum { NONE = CAP_LAST_CAP + 1 };

	return capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW) &&
	       is_empty_but_for(CAPNG_EFFECTIVE, CAP_NET_RAW) &&
	       is_empty_but_for(CAPNG_PERMITTED, CAP_NET_RAW) &&
	       is_empty_but_for(CAPNG_INHERITABLE, NONE) && is_empty_but_for(CAPNG_AMBIENT, NONE);
}

/* The kernel is asked, not believed: a library or a container may have done less than it said. */
static enum err verify(uid_t started_as, char problem[static CONFIG_PROBLEM_LEN])
{
	uid_t real = 0, effective = 0, saved = 0;
	gid_t real_gid = 0, effective_gid = 0, saved_gid = 0;

	if (getresuid(&real, &effective, &saved) != 0 ||
	    getresgid(&real_gid, &effective_gid, &saved_gid) != 0 || capng_get_caps_process() != 0)
		return refused("reading them back", problem);

	bool is_one_user = real != 0 && real == effective && real == saved &&
			   real_gid == effective_gid && real_gid == saved_gid;
	bool has_groups = started_as == 0 && (real_gid == 0 || getgroups(0, NULL) != 0);

	errno = EPERM;
	if (!is_one_user || has_groups || !holds_capture_alone() || setresuid(0, 0, 0) == 0)
		return refused("more was left than the sensor may have", problem);
	return ERR_OK;
}

static void describe(struct guard_report *report)
{
	int bits = prctl(PR_GET_SECUREBITS);

	report->user = geteuid();
	report->is_bounded = is_empty_but_for(CAPNG_BOUNDING_SET, CAP_NET_RAW);
	report->is_locked = bits >= 0 && (bits & ROOT_BITS) == ROOT_BITS;
}

enum err rights_reduce(const struct guard_setup *setup, struct guard_report *report,
		       char problem[static CONFIG_PROBLEM_LEN])
{
	uid_t started_as = geteuid();
	enum err err = ERR_OK;

	if (capng_get_caps_process() != 0)
		return refused("reading the capabilities", problem);
	err = started_as == 0 ? become_user(setup, problem) : trim(problem);
	if (err == ERR_OK)
		err = hide_memory(problem);
	if (err == ERR_OK)
		err = verify(started_as, problem);
	if (err == ERR_OK)
		describe(report);
	return err;
}

enum err rights_drop_all(char problem[static CONFIG_PROBLEM_LEN])
{
	capng_clear(CAPNG_SELECT_ALL);
	return capng_apply(CAPNG_SELECT_CAPS) == 0 ? ERR_OK : refused("capabilities", problem);
}
