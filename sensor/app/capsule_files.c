#include "sensor/app/capsule_files.h"

#include "sensor/app/output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_ROOM = 4096, FOLDER_MODE = 0700 };

bool capsule_folder_open(struct capsule_folder *folder, const char *path)
{
	*folder = (struct capsule_folder){ .path = path };
	if (mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST)
		return true;
	(void)fprintf(stderr, "hinomi: --capsules %s: %s\n", output_text(path).chars,
		      strerror(errno));
	return false;
}

static bool write_file(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "wbe");
	bool is_written;

	if (!file)
		return false;
	is_written = fwrite(bytes.data, 1, bytes.len, file) == bytes.len;
	return fclose(file) == 0 && is_written;
}

bool capsule_folder_put(void *arg, const struct capsule_made *made)
{
	struct capsule_folder *folder = arg;
	char path[PATH_ROOM];
	int len = snprintf(path, sizeof(path), "%s/%06" PRIu64 "-%s-%u.capsule", folder->path,
			   made->number, made->case_id, made->revision);

	errno = ENAMETOOLONG;
	if (len < PATH_ROOM && write_file(path, made->bytes))
		return true;
	if (folder->failed++ == 0)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, strerror(errno));
	return false;
}

uint8_t *capsule_file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *bytes = file ? malloc(CAPSULE_BYTES_MAX + 1) : NULL;
	bool is_read = false;

	if (bytes) {
		*len = fread(bytes, 1, CAPSULE_BYTES_MAX + 1, file);
		is_read = !ferror(file);
	}
	if (!is_read)
		(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars, strerror(errno));
	if (file)
		(void)fclose(file);
	if (is_read)
		return bytes;
	free(bytes);
	return NULL;
}
