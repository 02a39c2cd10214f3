#include "sensor/courier/folder_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0750 };

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* The folder that `path` lies in, made when it is missing, as far as that is one level. */
static int open_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	(void)snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1,
		       slash ? path : ".");
	if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST)
		return -1;
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum err folder_file_rename(const char *folder, const char *name)
{
	char path[PATH_MAX];
	char part[PATH_MAX + 8];
	int fd;
	bool good;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	(void)snprintf(part, sizeof(part), "%s.part", path);
	fd = open_folder_of(path);
	good = fd >= 0 && rename(part, path) == 0 && fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return good ? ERR_OK : ERR_IO;
}

enum err folder_file_write(const char *folder, const char *name, mode_t mode, const void *bytes,
			   size_t len)
{
	char part[PATH_MAX];
	int folder_fd;
	int fd = -1;
	bool good;

	(void)snprintf(part, sizeof(part), "%s/%s.part", folder, name);
	folder_fd = open_folder_of(part);
	if (folder_fd >= 0)
		fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	good = fd >= 0 && fchmod(fd, mode) == 0 && write_all(fd, bytes, len) && fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	return good ? folder_file_rename(folder, name) : ERR_IO;
}
