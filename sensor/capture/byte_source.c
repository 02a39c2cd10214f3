#include "sensor/capture/byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t byte_source_move(struct cursor *from, uint8_t *into, size_t cap)
{
	size_t left = cursor_left(from);
	struct span bytes = cursor_take(from, left < cap ? left : cap);

	if (bytes.len > 0)
		memcpy(into, bytes.data, bytes.len);
	return bytes.len;
}

size_t byte_source_read(struct byte_source *source, uint8_t *into, size_t cap)
{
	ssize_t got;

	if (source->ended)
		return 0;
	if (source->fd < 0) {
		got = (ssize_t)byte_source_move(&source->memory, into, cap);
	} else {
		do {
			got = read(source->fd, into, cap);
		} while (got < 0 && errno == EINTR);
	}
	source->ended = got <= 0;
	if (got < 0) {
		source->error = errno;
		return 0;
	}
	source->consumed += (uint64_t)got;
	return (size_t)got;
}

/* What is left to read from `fd`; standard input may stand in the middle of a file. */
static enum err measure(int fd, uint64_t *out)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return ERR_IO;
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return ERR_IO;
	}

	off_t start = S_ISREG(status.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;

	*out = start >= 0 && start < status.st_size ? (uint64_t)(status.st_size - start) : 0;
	return ERR_OK;
}

enum err byte_source_open(struct byte_source *out, const char *path)
{
	struct byte_source source = { 0 };

	if (strcmp(path, "-") == 0)
		source.fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	else
		source.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (source.fd < 0)
		return ERR_IO;

	enum err err = measure(source.fd, &source.size);

	if (err != ERR_OK)
		byte_source_close(&source);
	else
		*out = source;
	return err;
}

struct byte_source byte_source_over(struct span bytes)
{
	return (struct byte_source){ .fd = -1,
				     .memory = cursor_over(bytes.data, bytes.len),
				     .size = bytes.len };
}

void byte_source_close(struct byte_source *source)
{
	int error = errno;

	if (source->fd >= 0)
		(void)close(source->fd);
	source->fd = -1;
	errno = error;
}
