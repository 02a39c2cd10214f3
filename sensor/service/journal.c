#include "sensor/service/journal.h"

#include "sensor/base/text.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char native_socket[] = "/run/systemd/journal/socket";

/* Whether standard error is the stream that $JOURNAL_STREAM names by device and inode. */
static bool is_journal_stream(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat here;
	char *end;

	if (!stream || fstat(STDERR_FILENO, &here) != 0)
		return false;
	if (strtoull(stream, &end, 10) != here.st_dev || *end != ':')
		return false;
	return strtoull(end + 1, &end, 10) == here.st_ino && *end == '\0';
}

/*
 * Not to wait is said of an open file, which standard error shares with the shell: so this is
 * another one of the same pipe or terminal. (A socket has none, and a file never waits.)
 */
static int open_anew(void)
{
	static const char path[] = "/proc/self/fd/2";
	struct stat here;
	int fd = -1;

	if (fstat(STDERR_FILENO, &here) == 0 && (S_ISFIFO(here.st_mode) || S_ISCHR(here.st_mode)))
		fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd > 0 ? fd : 0;
}

void journal_open(struct journal *out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*out = (struct journal){ .fd = -1 };
	if (!is_journal_stream()) {
		out->plain = open_anew();
		return;
	}
	out->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	memcpy(address.sun_path, native_socket, sizeof(native_socket));
	if (out->fd >= 0 &&
	    connect(out->fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		journal_close(out);
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		(void)close(journal->fd);
	if (journal->plain > 0)
		(void)close(journal->plain);
	journal->fd = -1;
	journal->plain = 0;
}

/* Of a value that stands on a line of its own: what would end it is replaced. */
static void add_clean(struct text *line, const char *value)
{
	struct cursor bytes = cursor_over((const uint8_t *)value, strlen(value));
	char clean[JOURNAL_LINE_MAX];

	(void)text_from_wire(bytes.rest, clean, sizeof(clean));
	text_add(line, clean);
}

static void add_native_field(struct text *line, const struct journal_field *field)
{
	text_add(line, "HINOMI_");
	for (const char *c = field->name; *c; c++)
		text_add_char(line, (char)toupper((unsigned char)*c));
	text_add_char(line, '=');
	add_clean(line, field->text);
	text_add_char(line, '\n');
}

static void write_native(struct text *line, const struct journal_entry *entry)
{
	text_format(line, "PRIORITY=%d\nSYSLOG_IDENTIFIER=hinomi\nHINOMI_EVENT=%s\nMESSAGE=",
		    entry->level, entry->event);
	add_clean(line, entry->sentence);
	text_add_char(line, '\n');
	for (size_t i = 0; i < JOURNAL_FIELDS_MAX && entry->fields[i].name; i++)
		add_native_field(line, &entry->fields[i]);
}

static void write_plain(struct text *line, const struct journal_entry *entry)
{
	text_add(line, "hinomi: ");
	add_clean(line, entry->sentence);
	text_format(line, " [event=%s", entry->event);
	for (size_t i = 0; i < JOURNAL_FIELDS_MAX && entry->fields[i].name; i++) {
		text_format(line, " %s=", entry->fields[i].name);
		add_clean(line, entry->fields[i].text);
	}
	text_add(line, "]\n");
}

/* Where it cannot be opened anew: a socket that polls as writable has room for a line. */
static bool write_to_standard_error(const char *line, size_t len)
{
	struct pollfd asked = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&asked, 1, 0) == 1 && asked.revents == POLLOUT &&
	       write(STDERR_FILENO, line, len) == (ssize_t)len;
}

static bool say(const struct journal *journal, const struct journal_entry *entry)
{
	char chars[JOURNAL_LINE_MAX];
	struct text line = text_over(chars, sizeof(chars));

	if (journal->fd >= 0)
		write_native(&line, entry);
	else
		write_plain(&line, entry);
	if (line.is_cut)
		chars[line.len - 1] = '\n';
	if (journal->fd >= 0)
		return write(journal->fd, chars, line.len) == (ssize_t)line.len;
	if (journal->plain > 0)
		return write(journal->plain, chars, line.len) == (ssize_t)line.len;
	return write_to_standard_error(chars, line.len);
}

static void tell_lost(struct journal *journal)
{
	uint64_t lost = atomic_exchange(&journal->untold, 0);
	char sentence[80];
	const struct journal_entry entry = { .level = JOURNAL_WARNING,
					     .event = "log_lost",
					     .sentence = sentence };

	if (lost == 0)
		return;
	(void)snprintf(sentence, sizeof(sentence),
		       "%" PRIu64 " lines of this log could not be written", lost);
	if (!say(journal, &entry))
		atomic_fetch_add(&journal->untold, lost);
}

void journal_say(struct journal *journal, const struct journal_entry *entry)
{
	tell_lost(journal);
	if (say(journal, entry))
		return;
	atomic_fetch_add(&journal->lost, 1);
	atomic_fetch_add(&journal->untold, 1);
}
