#include "sensor/courier/courier_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 02750 }; /* files in it are of its group, too */

/* The sensor's group; the courier's own where there is no sensor's user. */
static gid_t group_of(const struct config *config, gid_t own)
{
	const struct passwd *sensor =
		getpwnam(config->sensor.user); /* NOLINT(concurrency-mt-unsafe) */

	return sensor ? sensor->pw_gid : own;
}

static bool give_folder(const char *folder, uid_t user, gid_t group)
{
	return (mkdir(folder, FOLDER_MODE) == 0 || errno == EEXIST) &&
	       lchown(folder, user, group) == 0 && chmod(folder, FOLDER_MODE) == 0;
}

enum err courier_become(const struct config *config, char problem[static OUTPUT_SAID_LEN])
{
	const char *user = config->courier.user;
	const char *folder = config->courier.folder;
	const struct passwd *who;
	uid_t uid;
	gid_t gid;

	if (geteuid() != 0 || user[0] == '\0')
		return ERR_OK;
	who = getpwnam(user); /* NOLINT(concurrency-mt-unsafe): before any other thread */
	if (!who) {
		(void)fprintf(stderr, "hinomi-courier: there is no user %s; going on as root\n",
			      user);
		return ERR_OK;
	}
	uid = who->pw_uid;
	gid = who->pw_gid;
	if (!give_folder(folder, uid, group_of(config, gid))) {
		(void)snprintf(problem, OUTPUT_SAID_LEN, "%.120s: %s", folder, strerror(errno));
		return ERR_IO;
	}
	if (initgroups(user, gid) == 0 && setgid(gid) == 0 && setuid(uid) == 0)
		return ERR_OK;
	(void)snprintf(problem, OUTPUT_SAID_LEN, "cannot become %.60s: %s", user, strerror(errno));
	return ERR_IO;
}
