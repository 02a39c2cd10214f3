#include "sensor/feed/feed_folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum err take_entry(const char *folder, const char *name, feed_file_fn *take, void *arg)
{
	char path[PATH_MAX];
	struct stat status;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path) ||
	    stat(path, &status) != 0)
		return ERR_IO;
	return S_ISREG(status.st_mode) ? take(arg, path) : ERR_OK;
}

static enum err each_entry(const char *folder, feed_file_fn *take, void *arg)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_visible, alphasort);
	enum err err = ERR_OK;

	if (count < 0)
		return ERR_IO;
	for (int i = 0; i < count; i++) {
		if (err == ERR_OK)
			err = take_entry(folder, entries[i]->d_name, take, arg);
		free(entries[i]);
	}
	free(entries);
	return err;
}

enum err feed_each_file(const char *path, feed_file_fn *take, void *arg)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return ERR_IO;
	return S_ISDIR(status.st_mode) ? each_entry(path, take, arg) : take(arg, path);
}
