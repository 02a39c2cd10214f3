#include "sensor/courier/webhook_told.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID_LEN = 64, LINE_LEN = ID_LEN + 8, LINES_MAX = 2 * WEBHOOK_TOLD_MAX };

struct entry {
	char id[ID_LEN];
	unsigned priority;
};

struct webhook_told {
	char folder[PATH_MAX];
	FILE *file; /* to append to; NULL after an error */
	size_t count;
	size_t next;  /* the oldest, once all are used */
	size_t lines; /* in the file */
	struct entry entries[WEBHOOK_TOLD_MAX];
};

/* Its place; `count` when it is not there. */
static size_t find(const struct webhook_told *told, const char *id)
{
	size_t i = 0;

	while (i < told->count && strcmp(told->entries[i].id, id) != 0)
		i++;
	return i;
}

static void keep(struct webhook_told *told, const char *id, unsigned priority)
{
	size_t at = find(told, id);

	if (at == told->count) {
		at = told->next;
		told->next = (told->next + 1) % WEBHOOK_TOLD_MAX;
		if (told->count < WEBHOOK_TOLD_MAX)
			told->count++;
	}
	(void)snprintf(told->entries[at].id, ID_LEN, "%s", id);
	told->entries[at].priority = priority;
}

static bool path_of(const struct webhook_told *told, const char *name, char out[static PATH_MAX])
{
	int len = snprintf(out, PATH_MAX, "%s/%s", told->folder, name);

	return len > 0 && len < PATH_MAX;
}

static void read_file(struct webhook_told *told, const char *path)
{
	char line[LINE_LEN];
	char id[ID_LEN];
	char digit;
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %c", id, &digit) == 2 && digit >= '0' && digit <= '8')
			keep(told, id, (unsigned)(digit - '0'));
	}
	if (file)
		(void)fclose(file);
}

static enum err flush(FILE *file)
{
	return fflush(file) == 0 && fsync(fileno(file)) == 0 ? ERR_OK : ERR_IO;
}

static enum err sync_folder(const struct webhook_told *told)
{
	int fd = open(told->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err err = fd >= 0 && fsync(fd) == 0 ? ERR_OK : ERR_IO;

	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* Oldest first, as they are read again; the new file takes the old one's place when it is whole. */
static enum err rewrite(struct webhook_told *told)
{
	char path[PATH_MAX];
	char fresh[PATH_MAX];
	size_t first = told->count < WEBHOOK_TOLD_MAX ? 0 : told->next;

	if (told->file)
		(void)fclose(told->file);
	told->file = NULL;
	if (!path_of(told, "webhook.told", path) || !path_of(told, "webhook.told.new", fresh)) {
		errno = ENAMETOOLONG;
		return ERR_IO;
	}

	FILE *file = fopen(fresh, "we");

	if (!file)
		return ERR_IO;
	for (size_t i = 0; i < told->count; i++) {
		const struct entry *entry = &told->entries[(first + i) % WEBHOOK_TOLD_MAX];

		(void)fprintf(file, "%s %u\n", entry->id, entry->priority);
	}
	if (flush(file) != ERR_OK || rename(fresh, path) != 0 || sync_folder(told) != ERR_OK) {
		(void)fclose(file);
		return ERR_IO;
	}
	told->file = file;
	told->lines = told->count;
	return ERR_OK;
}

enum err webhook_told_open(struct webhook_told **out, const char *folder)
{
	struct webhook_told *told = calloc(1, sizeof(*told));
	char path[PATH_MAX];

	if (!told)
		return ERR_MEMORY;
	(void)snprintf(told->folder, sizeof(told->folder), "%s", folder);
	if (path_of(told, "webhook.told", path))
		read_file(told, path);

	enum err err = rewrite(told);

	if (err != ERR_OK) {
		free(told);
		return err;
	}
	*out = told;
	return ERR_OK;
}

void webhook_told_close(struct webhook_told *told)
{
	if (told && told->file)
		(void)fclose(told->file);
	free(told);
}

unsigned webhook_told_priority(const struct webhook_told *told, const char *id)
{
	size_t at = find(told, id);

	return at < told->count ? told->entries[at].priority : WEBHOOK_TOLD_NEVER;
}

enum err webhook_told_put(struct webhook_told *told, const char *id, unsigned priority)
{
	keep(told, id, priority);
	/* After an error, and when half of the file is of the past. */
	if (!told->file || told->lines >= LINES_MAX)
		return rewrite(told);
	if (fprintf(told->file, "%s %u\n", id, priority) < 0 || flush(told->file) != ERR_OK) {
		(void)fclose(told->file);
		told->file = NULL;
		return ERR_IO;
	}
	told->lines++;
	return ERR_OK;
}
