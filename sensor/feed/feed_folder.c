#include "sensor/feed/feed_folder.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* As deep as feeds are given out: Maltrail's "static/malware/". */
enum { FOLDERS_DEEP = 3 };

/* What lies beside the files of many feeds. */
static bool is_about_the_feed(const char *name)
{
	static const char *const begins[] = { "README", "LICENSE", "LICENCE", "COPYING" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncasecmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	/* hashes.csv lists the digests of MISP's values, for a quick look-up of others. */
	return strcmp(name, "hashes.csv") == 0 || (len > 3 && strcmp(name + len - 3, ".md") == 0);
}

static int is_of_a_feed(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !is_about_the_feed(entry->d_name);
}

/* By bytes: alphasort() asks the locale. */
static int by_bytes(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static enum err each_entry(const char *folder, unsigned depth, feed_file_fn *take, void *arg);

/* NOLINTNEXTLINE(misc-no-recursion): FOLDERS_DEEP at most, and no link to a folder is followed */
static enum err take_entry(const char *folder, const char *name, unsigned depth, feed_file_fn *take,
			   void *arg)
{
	char path[PATH_MAX];
	struct stat status;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
		return ERR_OK;
	if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return depth < FOLDERS_DEEP ? each_entry(path, depth + 1, take, arg) : ERR_OK;
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return ERR_OK;
	return take(arg, path);
}

/* NOLINTNEXTLINE(misc-no-recursion): see take_entry() */
static enum err each_entry(const char *folder, unsigned depth, feed_file_fn *take, void *arg)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_of_a_feed, by_bytes);
	enum err err = ERR_OK;

	if (count < 0)
		return ERR_IO;
	for (int i = 0; i < count; i++) {
		if (err == ERR_OK)
			err = take_entry(folder, entries[i]->d_name, depth, take, arg);
		free(entries[i]);
	}
	free(entries);
	return err;
}

enum err feed_each_file(const char *path, feed_file_fn *take, void *arg)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode) ? each_entry(path, 1, take, arg)
								   : take(arg, path);
}
