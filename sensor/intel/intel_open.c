#include "sensor/intel/intel_set_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* "serial:7 made:2026-11-22T10:00:00Z expires:2026-12-22T10:00:00Z": what is signed along. */
static nanotime time_at(const char *comment, const char *word)
{
	const char *at = strstr(comment, word);
	struct tm tm = { 0 };

	if (!at || !strptime(at + strlen(word), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return 0;

	time_t seconds = timegm(&tm);

	return seconds < 0 ? 0 : (nanotime)seconds * NANOTIME_SECOND;
}

static struct intel_issue issue_of(const char *comment)
{
	const char *serial = strstr(comment, "serial:");

	return (struct intel_issue){
		.serial = serial ? strtoull(serial + strlen("serial:"), NULL, 10) : 0,
		.made = time_at(comment, "made:"),
		.expires = time_at(comment, "expires:"),
	};
}

/* How many bytes the signature is over, and where it lies; 0 when there is none. */
static size_t signed_len(const uint8_t *bytes, size_t len, struct intel_tail *tail)
{
	if (len < sizeof(struct intel_header) + sizeof(*tail))
		return 0;
	memcpy(tail, bytes + len - sizeof(*tail), sizeof(*tail));
	if (memcmp(tail->magic, INTEL_TAIL_MAGIC, sizeof(tail->magic)) != 0 ||
	    tail->signature_bytes > len - sizeof(*tail) - sizeof(struct intel_header))
		return 0;
	return len - sizeof(*tail) - tail->signature_bytes;
}

/*
 * As intel_file_write() lays it down. minisign lets everybody change the first line, and a few
 * bytes at the ends of others; nobody needs that here.
 */
static bool is_as_written(const char *signature, size_t len)
{
	static const char first[] = "untrusted comment: signature\n";

	return len > strlen(first) && memcmp(signature, first, strlen(first)) == 0 &&
	       signature[len - 1] == '\n' && !memchr(signature, '\r', len);
}

void intel_set_let_go(const struct intel_set *set, const void *part, size_t len)
{
	size_t at;

	if (!set->mapped)
		return;
	at = (size_t)((const uint8_t *)part - (const uint8_t *)set->mapped);
	len += at % (size_t)sysconf(_SC_PAGESIZE);
	at -= at % (size_t)sysconf(_SC_PAGESIZE);
	(void)madvise((uint8_t *)set->mapped + at, len, MADV_DONTNEED);
}

/* A sign_passed_fn. */
static void passed(void *arg, const void *part, size_t len)
{
	intel_set_let_go(arg, part, len);
}

static enum intel_fault check_all(struct intel_set *set, const struct sign_public *keys,
				  size_t key_count, uint8_t id[static SIGN_ID_LEN])
{
	const uint8_t *bytes = set->mapped;
	char comment[SIGN_COMMENT_LEN];
	enum sign_answer answer = SIGN_OTHER_KEY;
	struct intel_tail tail;
	size_t len = signed_len(bytes, set->mapped_len, &tail);

	if (set->mapped_len < sizeof(struct intel_header) ||
	    memcmp(bytes, INTEL_MAGIC, strlen(INTEL_MAGIC)) != 0)
		return INTEL_NOT_A_SET;
	if (len == 0)
		return INTEL_UNSIGNED;

	const struct sign_source source = { bytes, len, passed, set };

	for (size_t i = 0; i < key_count && answer == SIGN_OTHER_KEY; i++)
		answer = sign_check(&keys[i], &source, (const char *)bytes + len,
				    tail.signature_bytes, comment, id);
	switch (answer) {
	case SIGN_OTHER_KEY:
		return INTEL_OTHER_KEY;
	case SIGN_NONE:
		return INTEL_UNSIGNED;
	case SIGN_BAD:
		return INTEL_BAD_SIGNATURE;
	case SIGN_GOOD:
		break;
	}
	if (!is_as_written((const char *)bytes + len, tail.signature_bytes))
		return INTEL_BAD_SIGNATURE;
	set->issue = issue_of(comment);
	digest_sha256(bytes + len, set->mapped_len - len, set->digest);
	return intel_set_attach(set, bytes, len);
}

static enum intel_fault check(struct intel_set *set, const struct sign_public *keys,
			      size_t key_count, uint8_t id[static SIGN_ID_LEN])
{
	enum intel_fault fault = check_all(set, keys, key_count, id);

	intel_set_let_go(set, set->mapped, set->mapped_len);
	return fault;
}

static enum intel_fault map(int fd, struct intel_set *set)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return INTEL_NOT_READ;
	if (!S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > INTEL_FILE_MAX)
		return INTEL_NOT_A_SET;
	set->mapped_len = (size_t)status.st_size;
	set->mapped = mmap(NULL, set->mapped_len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (set->mapped == MAP_FAILED) {
		set->mapped = NULL;
		return INTEL_NO_MEMORY;
	}
	return INTEL_FINE;
}

enum intel_fault intel_set_open(const char *path, const struct sign_public *keys, size_t key_count,
				struct intel_set **out, uint8_t id[static SIGN_ID_LEN])
{
	struct intel_set *set = calloc(1, sizeof(*set));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum intel_fault fault = !set ? INTEL_NO_MEMORY : INTEL_NOT_READ;

	memset(id, 0, SIGN_ID_LEN);
	if (set && fd >= 0)
		fault = map(fd, set);
	if (set && set->mapped)
		fault = check(set, keys, key_count, id);

	int why = errno;

	if (fd >= 0)
		(void)close(fd);
	if (fault == INTEL_FINE)
		*out = set;
	else
		intel_set_free(set);
	errno = why;
	return fault;
}

static enum intel_fault attach(struct intel_set *set, const void *bytes, size_t len,
			       struct intel_set **out)
{
	enum intel_fault fault = intel_set_attach(set, bytes, len);

	if (fault != INTEL_FINE) {
		intel_set_free(set);
		return fault;
	}
	digest_sha256(bytes, len, set->digest);
	*out = set;
	return INTEL_FINE;
}

enum intel_fault intel_set_over(const void *bytes, size_t len, struct intel_set **out)
{
	struct intel_set *set = calloc(1, sizeof(*set));

	return set ? attach(set, bytes, len, out) : INTEL_NO_MEMORY;
}

enum intel_fault intel_set_take(uint8_t *bytes, size_t len, struct intel_set **out)
{
	struct intel_set *set = calloc(1, sizeof(*set));

	if (!set) {
		free(bytes);
		return INTEL_NO_MEMORY;
	}
	set->owned = bytes;
	return attach(set, bytes, len, out);
}

void intel_set_free(struct intel_set *set)
{
	if (!set)
		return;
	if (set->mapped)
		(void)munmap(set->mapped, set->mapped_len);
	free(set->owned);
	free(set);
}
