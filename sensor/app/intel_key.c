/* `hinomi intel key`, and the keys that other commands are given. */
#include "sensor/app/intel_command.h"
#include "sensor/app/intel_keys.h"
#include "sensor/app/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The content of a small file as text; false after a line on standard error. */
static bool read_text(const char *path, char out[static SIGN_TEXT_MAX])
{
	FILE *from = fopen(path, "re");
	size_t len = 0;

	if (from) {
		len = fread(out, 1, SIGN_TEXT_MAX - 1, from);
		(void)fclose(from);
	}
	out[len] = '\0';
	if (len > 0)
		return true;
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars,
		      from ? "the file is empty" : strerror(errno));
	return false;
}

static bool complain(const char *what, const char *why)
{
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(what).chars, why);
	return false;
}

static bool add(struct intel_keys *keys, const struct sign_public *key, const char *from)
{
	_Static_assert(INTEL_KEYS_MAX == 8, "as the line says");
	if (keys->count == INTEL_KEYS_MAX)
		return complain(from,
				"more than 8 keys: take out those that sign nothing any more");
	keys->list[keys->count++] = *key;
	return true;
}

/* minisign's form begins with a line of comment, which says nothing that counts. */
static bool is_comment(const char *line)
{
	static const char untrusted[] = "untrusted comment:";

	return line[0] == '#' || strncmp(line, untrusted, sizeof(untrusted) - 1) == 0;
}

static bool add_file(struct intel_keys *keys, const char *path)
{
	char text[SIGN_TEXT_MAX];
	struct sign_public key;
	size_t before = keys->count;
	char *next;

	if (!read_text(path, text))
		return false;
	for (char *line = strtok_r(text, "\r\n", &next); line;
	     line = strtok_r(NULL, "\r\n", &next)) {
		if (is_comment(line))
			continue;
		if (sign_public_parse(line, &key) != ERR_OK)
			return complain(path, "not a public key; 'hinomi intel key NAME' makes a "
					      "pair");
		if (!add(keys, &key, path))
			return false;
	}
	return keys->count > before || complain(path, "no public key is in it");
}

/* A file whose name has blanks in it is one word. */
static bool next_word(const char *text, size_t *at, char out[static OUTPUT_TEXT_LEN])
{
	size_t len;

	*at += strspn(text + *at, " \t");
	len = *at == 0 && access(text, F_OK) == 0 ? strlen(text) : strcspn(text + *at, " \t");
	if (len == 0)
		return false;
	(void)snprintf(out, OUTPUT_TEXT_LEN, "%.*s", (int)len, text + *at);
	*at += len;
	return true;
}

bool intel_keys_add(struct intel_keys *keys, const char *text)
{
	char word[OUTPUT_TEXT_LEN];
	struct sign_public key;
	size_t at = 0;
	size_t before = keys->count;

	while (next_word(text, &at, word)) {
		/* The key itself may stand there, as with minisign -P. */
		bool good = sign_public_parse(word, &key) == ERR_OK ? add(keys, &key, word)
								    : add_file(keys, word);

		if (!good)
			return false;
	}
	return keys->count > before || complain(text, "no public key is named");
}

bool intel_keys_next_file(const char *text, size_t *at, char out[static OUTPUT_TEXT_LEN])
{
	struct sign_public key;

	while (next_word(text, at, out)) {
		if (sign_public_parse(out, &key) != ERR_OK)
			return true;
	}
	return false;
}

bool intel_read_secret(const char *path, struct sign_secret *out)
{
	char text[SIGN_TEXT_MAX];
	enum err err;

	if (!read_text(path, text))
		return false;
	err = sign_secret_parse(text, out);
	explicit_bzero(text, sizeof(text));
	if (err == ERR_OK)
		return true;
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars,
		      err == ERR_MISSING
			      ? "locked by a password; 'hinomi intel key' and 'minisign "
				"-G -W' make keys without one"
			      : "not a secret key; 'hinomi intel key NAME' makes a pair");
	return false;
}

static bool write_new(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	size_t len = strlen(text);
	bool is_written;

	errno = fd < 0 ? errno : 0;
	is_written = fd >= 0 && write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		is_written = false;
	if (is_written)
		return true;
	(void)fprintf(stderr, "hinomi: %s: %s\n", output_text(path).chars,
		      errno != 0 ? strerror(errno) : "not written in full");
	if (fd >= 0)
		(void)unlink(path); /* half a key is none */
	return false;
}

/* Both or neither: a secret key without its public half is of no use. */
static bool write_pair(const char *name, const struct sign_public *public,
		       const struct sign_secret *secret)
{
	char path[OUTPUT_TEXT_LEN];
	char text[SIGN_TEXT_MAX];
	bool done;

	(void)snprintf(path, sizeof(path), "%s.pub", name);
	sign_public_text(public, text);
	if (!write_new(path, text, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH))
		return false;
	(void)snprintf(path, sizeof(path), "%s.key", name);
	sign_secret_text(secret, text);
	done = write_new(path, text, S_IRUSR | S_IWUSR);
	explicit_bzero(text, sizeof(text));
	if (!done) {
		(void)snprintf(path, sizeof(path), "%s.pub", name);
		(void)unlink(path);
	}
	return done;
}

enum exit_code intel_key(int argc, char **argv)
{
	struct sign_public public;
	struct sign_secret secret;
	bool done;

	if (argc != 2 || argv[1][0] == '-' || strlen(argv[1]) + 5 > OUTPUT_TEXT_LEN) {
		(void)fputs(
			"Usage: hinomi intel key NAME\n"
			"Makes NAME.key, which signs sets and stays secret, and NAME.pub, which\n"
			"sensors are given. Neither is overwritten.\n",
			stderr);
		return EXIT_USAGE;
	}
	if (sign_start() != ERR_OK) {
		(void)fputs("hinomi: the system gives no random numbers\n", stderr);
		return EXIT_FAILED;
	}
	sign_make_pair(&public, &secret);
	done = write_pair(argv[1], &public, &secret);
	sign_forget(&secret);
	return done ? EXIT_DONE : EXIT_FAILED;
}
