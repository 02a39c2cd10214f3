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

bool intel_read_public(const char *path, struct sign_public *out)
{
	char text[SIGN_TEXT_MAX];

	/* The key itself may stand on the command line, as with minisign -P. */
	if (sign_public_parse(path, out) == ERR_OK)
		return true;
	if (!read_text(path, text))
		return false;
	if (sign_public_parse(text, out) == ERR_OK)
		return true;
	(void)fprintf(stderr,
		      "hinomi: %s: not a public key; 'hinomi intel key NAME' makes a pair\n",
		      output_text(path).chars);
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
