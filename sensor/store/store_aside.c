#include "sensor/store/store_aside.h"

#include "sensor/base/digits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX     STORE_FILE_NAME ".damaged-"
#define LOG_ENDING "-wal"

enum { KEPT_BEFORE = 1, REMOVED_MOST = 64 };

/* "cases.db.damaged-2026-10-01T00-12-08Z": without colons, which some file systems refuse. */
static void name_of(nanotime now, char name[static STORE_ASIDE_LEN])
{
	char time[NANOTIME_TEXT_LEN] = "";
	size_t to_second = sizeof("2026-10-01T00:12:08") - 1;

	(void)nanotime_text(now, time);
	time[to_second] = '\0';
	for (char *c = time; *c; c++) {
		if (*c == ':')
			*c = '-';
	}
	(void)snprintf(name, STORE_ASIDE_LEN, PREFIX "%sZ", time);
}

static bool is_log(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(LOG_ENDING) && strcmp(name + len - strlen(LOG_ENDING), LOG_ENDING) == 0;
}

/* How many there are, and the name of the oldest: the times sort as text. */
static unsigned count_older(DIR *folder, char oldest[static STORE_ASIDE_LEN])
{
	unsigned count = 0;

	oldest[0] = '\0';
	rewinddir(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 || is_log(entry->d_name) ||
		    strlen(entry->d_name) >= STORE_ASIDE_LEN)
			continue;
		count++;
		if (oldest[0] == '\0' || strcmp(entry->d_name, oldest) < 0)
			(void)snprintf(oldest, STORE_ASIDE_LEN, "%.*s", STORE_ASIDE_LEN - 1,
				       entry->d_name);
	}
	return count;
}

static void remove_pair(int folder_fd, const char *name)
{
	char log[STORE_ASIDE_LEN + sizeof(LOG_ENDING)];

	(void)snprintf(log, sizeof(log), "%s" LOG_ENDING, name);
	(void)unlinkat(folder_fd, name, 0);
	(void)unlinkat(folder_fd, log, 0);
}

static void remove_older(int folder_fd)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	char oldest[STORE_ASIDE_LEN];

	if (!folder) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	for (unsigned i = 0; i < REMOVED_MOST && count_older(folder, oldest) > KEPT_BEFORE; i++)
		remove_pair(folder_fd, oldest);
	(void)closedir(folder);
}

enum err store_aside(int folder_fd, nanotime now, char name[static STORE_ASIDE_LEN])
{
	char log[STORE_ASIDE_LEN + sizeof(LOG_ENDING)];

	name_of(now, name);
	remove_older(folder_fd);
	(void)snprintf(log, sizeof(log), "%s" LOG_ENDING, name);
	/* The log first: beside a new data base it would be taken for that one's. */
	if (renameat(folder_fd, STORE_FILE_NAME LOG_ENDING, folder_fd, log) != 0 && errno != ENOENT)
		return ERR_IO;
	(void)unlinkat(folder_fd, STORE_FILE_NAME "-shm", 0);
	(void)unlinkat(folder_fd, STORE_FILE_NAME "-journal", 0);
	if (renameat(folder_fd, STORE_FILE_NAME, folder_fd, name) != 0)
		return ERR_IO;
	return ERR_OK;
}
