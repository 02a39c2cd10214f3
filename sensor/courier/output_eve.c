/*
 * Cases as lines of EVE JSON in a file, for a log shipper that stands on the same machine. A line
 * counts as delivered when it is on the disk; after a power cut the last lines may stand there
 * twice, never half.
 */
#include "sensor/courier/eve_line.h"
#include "sensor/courier/output.h"
#include "sensor/courier/output_reply.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_MODE = 0640,                     /* the shipper reads through its group */
	NAME_LEN = CONFIG_PATH_LEN + 24,      /* path and number */
	LINE_MAX_BYTES = 2 * PARCEL_BODY_MAX, /* how far back a line's start is looked for */
	WINDOW = 4096,
};

struct output {
	const struct courier_config *config;
	int fd; /* -1: to be opened */
	dev_t device;
	ino_t inode;
	uint64_t size;  /* of whole lines */
	uint64_t began; /* where this send() began */
};

static bool is_wanted(const struct config *config)
{
	return config->courier.eve_file[0] != '\0';
}

/* Where the last whole line ends; -1: no line ends near the end, so the file is none of ours. */
static off_t end_of_lines(int fd, off_t size)
{
	char window[WINDOW];

	for (off_t end = size; end > 0 && size - end < LINE_MAX_BYTES;) {
		off_t start = end > WINDOW ? end - WINDOW : 0;
		ssize_t got = pread(fd, window, (size_t)(end - start), start);

		if (got != end - start)
			return -1;
		for (off_t i = got; i > 0; i--) {
			if (window[i - 1] == '\n')
				return start + i;
		}
		end = start;
	}
	return size < LINE_MAX_BYTES ? 0 : -1;
}

/* A power cut can leave half a line: the outbox still has the whole of it. */
static enum err trim(struct output *self, off_t size)
{
	off_t whole = end_of_lines(self->fd, size);
	char first = '\0';

	/* Whatever is no object was not written here, and is not ours to take away. */
	if (whole >= 0 && whole < size && (pread(self->fd, &first, 1, whole) != 1 || first != '{'))
		whole = -1;
	if (whole < 0) {
		if (write(self->fd, "\n", 1) != 1)
			return ERR_IO;
		whole = size + 1;
	} else if (whole < size && ftruncate(self->fd, whole) != 0) {
		return ERR_IO;
	}
	self->size = (uint64_t)whole;
	return ERR_OK;
}

/* A new name is on the disk when its folder is. */
static enum err sync_folder(const char *path)
{
	char copy[CONFIG_PATH_LEN];

	(void)snprintf(copy, sizeof(copy), "%s", path);

	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return ERR_IO;

	enum err err = fsync(fd) == 0 ? ERR_OK : ERR_IO;

	(void)close(fd);
	return err;
}

static void file_close(struct output *self)
{
	if (self->fd >= 0)
		(void)close(self->fd);
	self->fd = -1;
}

static enum err file_open(struct output *self)
{
	const char *path = self->config->eve_file;
	struct stat file;

	self->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, FILE_MODE);
	if (self->fd < 0)
		return ERR_IO;
	if (fstat(self->fd, &file) == 0 && S_ISREG(file.st_mode)) {
		self->device = file.st_dev;
		self->inode = file.st_ino;
		if (trim(self, file.st_size) == ERR_OK && sync_folder(path) == ERR_OK)
			return ERR_OK;
	} else {
		errno = EINVAL;
	}

	int saved = errno;

	file_close(self);
	errno = saved;
	return ERR_IO;
}

/* logrotate or a person may have moved the file away, or emptied it. */
static enum err file_ready(struct output *self)
{
	struct stat file;

	if (self->fd >= 0 &&
	    (stat(self->config->eve_file, &file) != 0 || file.st_dev != self->device ||
	     file.st_ino != self->inode || (uint64_t)file.st_size != self->size))
		file_close(self);
	return self->fd >= 0 ? ERR_OK : file_open(self);
}

static void numbered(const struct output *self, uint64_t number, char out[static NAME_LEN])
{
	if (number == 0)
		(void)snprintf(out, NAME_LEN, "%s", self->config->eve_file);
	else
		(void)snprintf(out, NAME_LEN, "%s.%" PRIu64, self->config->eve_file, number);
}

/* NAME becomes NAME.1, and so on; the last of them goes. */
static enum err rotate(struct output *self)
{
	char from[NAME_LEN];
	char to[NAME_LEN];

	if (fsync(self->fd) != 0)
		return ERR_IO;
	file_close(self);
	for (uint64_t i = self->config->eve_files - 1; i > 0; i--) {
		numbered(self, i - 1, from);
		numbered(self, i, to);
		if (rename(from, to) != 0 && errno != ENOENT)
			return ERR_IO;
	}
	if (self->config->eve_files == 1 && unlink(self->config->eve_file) != 0)
		return ERR_IO;
	self->began = 0;
	return file_open(self);
}

static enum err append(struct output *self, const char *line, size_t len)
{
	if (self->size > 0 && self->size + len > self->config->eve_bytes && rotate(self) != ERR_OK)
		return ERR_IO;

	ssize_t wrote = write(self->fd, line, len);

	if (wrote < 0 || (size_t)wrote != len) {
		if (wrote >= 0)
			errno = ENOSPC;
		return ERR_IO;
	}
	self->size += len;
	return ERR_OK;
}

static enum err append_parcel(struct output *self, const struct parcel *parcel,
			      struct output_result *result)
{
	char *line = NULL;
	size_t len = 0;
	enum err err = eve_line_parcel(parcel, true, &line, &len);

	if (err == ERR_OK)
		err = append(self, line, len);
	free(line);
	if (err == ERR_SYNTAX)
		output_reply(result, parcel, REPLY_REJECTED, "bad_body");
	else if (err == ERR_OK || err == ERR_MISSING)
		output_reply(result, parcel, REPLY_STORED, "");
	return err == ERR_IO || err == ERR_MEMORY ? err : ERR_OK;
}

static void say(struct output *self, int error, char *out)
{
	(void)snprintf(out, OUTPUT_SAID_LEN, "eve.file %.100s: %.40s: %s", self->config->eve_file,
		       strerror(error),
		       error == ENOSPC || error == EDQUOT
			       ? "make room, or lower eve.bytes or eve.files"
			       : "let the courier's user write a file there");
}

/* All of this send() comes again, so none of it may stay: half a line least of all. */
static enum output_answer fail(struct output *self, struct output_result *result)
{
	int error = errno;

	if (self->fd >= 0 && ftruncate(self->fd, (off_t)self->began) == 0)
		self->size = self->began;
	file_close(self);
	result->replies.count = 0;
	say(self, error, result->said);
	return OUTPUT_FAILED;
}

static enum output_answer eve_send(struct output *self, const struct parcel *parcels, size_t count,
				   struct output_result *result)
{
	*result = (struct output_result){ 0 };
	errno = 0;
	if (file_ready(self) != ERR_OK) {
		say(self, errno, result->said);
		return OUTPUT_FAILED;
	}
	self->began = self->size;
	for (size_t i = 0; i < count; i++) {
		if (append_parcel(self, &parcels[i], result) != ERR_OK)
			return fail(self, result);
	}
	if (fsync(self->fd) != 0)
		return fail(self, result);
	return OUTPUT_ANSWERED;
}

static enum err eve_open(struct output **out, const struct output_setup *setup,
			 char problem[static OUTPUT_SAID_LEN])
{
	struct output *self = calloc(1, sizeof(*self));

	if (!self) {
		(void)snprintf(problem, OUTPUT_SAID_LEN, "no memory for eve.file");
		return ERR_MEMORY;
	}
	self->config = &setup->config->courier;
	self->fd = -1;
	if (file_open(self) != ERR_OK) {
		say(self, errno, problem);
		free(self);
		return ERR_IO;
	}
	*out = self;
	return ERR_OK;
}

static void eve_close(struct output *self)
{
	file_close(self);
	free(self);
}

const struct output_kind output_eve = {
	.name = "eve",
	.is_wanted = is_wanted,
	.open = eve_open,
	.send = eve_send,
	.close = eve_close,
};
