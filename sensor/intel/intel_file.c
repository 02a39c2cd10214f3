#include "sensor/intel/intel_file.h"

#include "sensor/intel/intel_set_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TIME_LEN = 24, COPY_LEN = 1 << 14 };

static void time_text(nanotime time, char out[static TIME_LEN])
{
	time_t seconds = (time_t)(time / NANOTIME_SECOND);
	struct tm tm;

	(void)strftime(out, TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
}

static bool write_all(int fd, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t written = write(fd, at, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		at += written;
		len -= (size_t)written;
	}
	return true;
}

/* A rename is on the disk once its folder is. */
static bool sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	if (!slash)
		memcpy(folder, ".", 2);
	else if ((size_t)(slash - path) + 1 < sizeof(folder))
		(void)snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - path), path);
	else
		return false;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	bool is_synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		(void)close(fd);
	return is_synced;
}

static bool write_parts(int fd, const void *bytes, size_t len, const char *signature)
{
	struct intel_tail tail = { .signature_bytes = (uint32_t)strlen(signature) };

	memcpy(tail.magic, INTEL_TAIL_MAGIC, sizeof(tail.magic));
	return write_all(fd, bytes, len) && write_all(fd, signature, strlen(signature)) &&
	       write_all(fd, &tail, sizeof(tail));
}

/* A file beside `path` that takes its place when it is whole. */
struct beside {
	const char *path;
	char name[PATH_MAX];
	int fd;
};

static bool beside_open(struct beside *b, const char *path)
{
	b->path = path;
	b->fd = -1;
	if (snprintf(b->name, sizeof(b->name), "%s.XXXXXX", path) >= (int)sizeof(b->name)) {
		errno = ENAMETOOLONG;
		return false;
	}
	b->fd = mkostemp(b->name, O_CLOEXEC);
	return b->fd >= 0;
}

/* Takes the place when `is_written`, else leaves nothing; errno says why. */
static enum err beside_close(struct beside *b, bool is_written)
{
	bool good = is_written && fchmod(b->fd, 0644) == 0 && fsync(b->fd) == 0;
	int why = errno;

	if (b->fd >= 0 && close(b->fd) != 0 && good) {
		good = false;
		why = errno;
	}
	if (good && rename(b->name, b->path) != 0) {
		good = false;
		why = errno;
	}
	if (!good && b->fd >= 0)
		(void)unlink(b->name);
	errno = why;
	return good && sync_folder(b->path) ? ERR_OK : ERR_IO;
}

enum err intel_file_write(const char *path, const void *bytes, size_t len,
			  const struct intel_issue *issue, const struct sign_secret *secret)
{
	char comment[SIGN_COMMENT_LEN];
	char signature[SIGN_TEXT_MAX];
	char made[TIME_LEN];
	char expires[TIME_LEN];
	struct beside beside;
	enum err err;

	time_text(issue->made, made);
	time_text(issue->expires, expires);
	(void)snprintf(comment, sizeof(comment), "serial:%llu made:%s expires:%s",
		       (unsigned long long)issue->serial, made, expires);
	err = sign_data(secret, bytes, len, comment, signature);
	if (err != ERR_OK)
		return err;

	bool is_written =
		beside_open(&beside, path) && write_parts(beside.fd, bytes, len, signature);

	return beside_close(&beside, is_written);
}

/* At most INTEL_FILE_MAX bytes: no more could be a set. */
static bool copy_all(int from, int to)
{
	uint8_t block[COPY_LEN];
	size_t total = 0;
	ssize_t len;

	while ((len = read(from, block, sizeof(block))) > 0 || (len < 0 && errno == EINTR)) {
		if (len < 0)
			continue;
		total += (size_t)len;
		if (total > INTEL_FILE_MAX) {
			errno = EFBIG;
			return false;
		}
		if (!write_all(to, block, (size_t)len))
			return false;
	}
	return len == 0;
}

enum err intel_file_copy(const char *from, const char *to)
{
	int source = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct beside beside = { .path = to, .fd = -1 };
	enum err err;

	if (source < 0)
		return ERR_IO;

	bool is_written = beside_open(&beside, to) && copy_all(source, beside.fd);

	err = beside_close(&beside, is_written);

	int why = errno;

	(void)close(source);
	errno = why;
	return err;
}

bool intel_file_equal(const char *left, const char *right)
{
	FILE *a = fopen(left, "re");
	FILE *b = fopen(right, "re");
	bool is_equal = a && b;
	uint8_t of_a[COPY_LEN];
	uint8_t of_b[COPY_LEN];
	size_t len = 1;

	while (is_equal && len > 0) {
		len = fread(of_a, 1, sizeof(of_a), a);
		is_equal = fread(of_b, 1, sizeof(of_b), b) == len && memcmp(of_a, of_b, len) == 0;
	}
	if (is_equal)
		is_equal = !ferror(a) && !ferror(b);
	if (a)
		(void)fclose(a);
	if (b)
		(void)fclose(b);
	return is_equal;
}

enum intel_fault intel_file_count(const char *path, size_t *out)
{
	struct intel_header header;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, &header, sizeof(header));

	if (fd >= 0)
		(void)close(fd);
	if (len < 0)
		return INTEL_NOT_READ;
	if ((size_t)len < sizeof(header) ||
	    memcmp(header.magic, INTEL_MAGIC, sizeof(header.magic)) != 0)
		return INTEL_NOT_A_SET;
	*out = header.keys + header.ranges;
	return INTEL_FINE;
}
