#include "sensor/courier/enrol_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 4096, SHOWN = 40 };

static enum err wrong(const char *path, unsigned line, const char *why, char *problem)
{
	(void)snprintf(problem, ENROL_PROBLEM_LEN, "%.100s, line %u: %s", path, line, why);
	return ERR_SYNTAX;
}

/* Without blanks at either side, in place. */
static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* NULL when it is one. */
static const char *take_value(struct enrol_file *f, const char *name, const char *value)
{
	if (strcmp(name, "code") == 0) {
		f->code_len = strlen(value);
		f->is_used = f->code_len > 0 && strspn(value, "-") == f->code_len;
		if (f->is_used || enrol_code_take(value, f->code))
			return NULL;
		return "this is no code: it has 20 letters and digits, as XXXXX-XXXXX-XXXXX-XXXXX";
	}
	if (strcmp(name, "url") == 0) {
		(void)snprintf(f->url, sizeof(f->url), "%s", value);
		return strlen(value) < sizeof(f->url) ? NULL : "this address is too long";
	}
	return "only 'code = …' and 'url = …' stand here";
}

static const char *take_line(struct enrol_file *f, char *line, const char *start)
{
	char *name = trim(line);
	char *equals = strchr(name, '=');
	const char *value;
	const char *why;

	if (*name == '\0' || *name == '#')
		return NULL;
	if (!equals)
		return "this is no line such as 'code = XXXXX-XXXXX-XXXXX-XXXXX'";
	*equals = '\0';
	value = trim(equals + 1);
	why = take_value(f, trim(name), value);
	if (f->code_len > 0 && f->code_at < 0)
		f->code_at = value - start;
	return why;
}

static enum err read_lines(struct enrol_file *f, char *text, const char *path, char *problem)
{
	char *rest = NULL;
	char *at = text;

	/* Editors of Windows begin a file with the mark of UTF-8. */
	if (strncmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	for (unsigned number = 1; at; at = rest, number++) {
		const char *why;

		rest = strchr(at, '\n');
		if (rest)
			*rest++ = '\0';
		why = take_line(f, at, text);
		if (why)
			return wrong(path, number, why, problem);
	}
	if (f->code_len == 0 || f->url[0] == '\0') {
		(void)snprintf(problem, ENROL_PROBLEM_LEN, "%.100s: a line '%s' is missing", path,
			       f->code_len == 0 ? "code = XXXXX-XXXXX-XXXXX-XXXXX"
						: "url = https://…");
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

enum err enrol_file_open(struct enrol_file *out, const char *path,
			 char problem[static ENROL_PROBLEM_LEN])
{
	char text[FILE_MAX + 1];
	ssize_t len = -1;
	int reading = open(path, O_RDONLY | O_CLOEXEC);
	enum err err;

	*out = (struct enrol_file){ .fd = -1, .code_at = -1 };
	if (reading >= 0) {
		len = read(reading, text, FILE_MAX + 1);
		(void)close(reading);
	}
	if (len < 0) {
		(void)snprintf(problem, ENROL_PROBLEM_LEN, "%.100s: %s", path, strerror(errno));
		return ERR_IO;
	}
	if (len > FILE_MAX || memchr(text, '\0', (size_t)len)) {
		(void)snprintf(problem, ENROL_PROBLEM_LEN,
			       "%.100s: this is no short text in UTF-8; save it as plain text",
			       path);
		return ERR_SYNTAX;
	}
	text[len] = '\0';
	err = read_lines(out, text, path, problem);
	explicit_bzero(text, sizeof(text));
	if (err == ERR_OK)
		out->fd = open(path, O_WRONLY | O_CLOEXEC);
	return err;
}

bool enrol_file_used(struct enrol_file *file)
{
	bool good = file->fd >= 0;

	for (size_t i = 0; i < file->code_len && good; i++)
		good = pwrite(file->fd, "-", 1, file->code_at + (off_t)i) == 1;
	return good && fsync(file->fd) == 0;
}

void enrol_file_close(struct enrol_file *file)
{
	if (file->fd >= 0)
		(void)close(file->fd);
	file->fd = -1;
	explicit_bzero(file->code, sizeof(file->code));
}
