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

/* What is left to read; standard input may stand in the middle of a file. */
static enum err measure(struct byte_source *source)
{
	struct stat status;

	if (fstat(source->fd, &status) != 0)
		return ERR_IO;
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return ERR_IO;
	}

	off_t start = S_ISREG(status.st_mode) ? lseek(source->fd, 0, SEEK_CUR) : -1;

	if (start >= 0 && start < status.st_size)
		source->size = (uint64_t)(status.st_size - start);
	source->is_on_disk = source->is_on_disk && source->size > 0;
	return ERR_OK;
}

enum err byte_source_open(struct byte_source *out, const char *path)
{
	struct byte_source source = { 0 };

	source.is_on_disk = strcmp(path, "-") != 0;
	if (source.is_on_disk)
		source.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	else
		source.fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (source.fd < 0)
		return ERR_IO;

	enum err err = measure(&source);

	if (err != ERR_OK)
		byte_source_close(&source);
	else
		*out = source;
	return err;
}

FILE *byte_source_as_file(struct byte_source *source, size_t unread)
{
	if (lseek(source->fd, -(off_t)unread, SEEK_CUR) < 0)
		return NULL;
	source->file = fdopen(source->fd, "rb");
	return source->file;
}

/* Opened anew, so that its offset is how far it was read. */
uint64_t byte_source_consumed(const struct byte_source *source)
{
	return source->file ? (uint64_t)lseek(source->fd, 0, SEEK_CUR) : source->consumed;
}

int byte_source_error(const struct byte_source *source)
{
	uint8_t byte;

	if (!source->file || !ferror(source->file))
		return source->error;
	/* A FILE keeps no errno; a disk that fails does so again. */
	if (pread(source->fd, &byte, sizeof(byte), lseek(source->fd, 0, SEEK_CUR)) < 0)
		return errno;
	return EIO;
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

	if (source->fd >= 0 && !source->file)
		(void)close(source->fd);
	source->fd = -1;
	errno = error;
}
