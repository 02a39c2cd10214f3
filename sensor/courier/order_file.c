/*
 * The rangers have a new set of indicators or of prevalence: it is fetched into the folder
 * `incoming`, by digest. Whether it is signed as it must be is for who installs it to say
 * (`hinomi intel install`), on the sensor's side.
 */
#include "sensor/courier/folder_file.h"
#include "sensor/courier/orders_inside.h"

#include "sensor/base/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FETCH_SECONDS = 900, FILE_MODE = 0640, NAME_LEN = 64 };

struct wanted {
	char file[NAME_LEN];
	char hex[PARCEL_HEX_LEN];
	uint8_t digest[SHA256_LEN];
	uint64_t size;
	char name[NAME_LEN]; /* in the courier's folder */
	char part[PATH_MAX]; /* while it is fetched */
};

static bool read_wanted(const struct orders *orders, const struct order *order, struct wanted *w)
{
	(void)snprintf(w->name, sizeof(w->name), "incoming/%s.intel", order->kind);
	(void)snprintf(w->part, sizeof(w->part), "%s/%s.part", orders->setup.config->courier.folder,
		       w->name);
	return order_text(order, "file", w->file, sizeof(w->file)) &&
	       parcel_name_is_good(w->file) && w->file[0] != '.' && !strchr(w->file, ':') &&
	       order_text(order, "sha256", w->hex, sizeof(w->hex)) &&
	       hex_bytes(w->hex, w->digest, sizeof(w->digest)) &&
	       order_number(order, "size", &w->size) && w->size > 0 && w->size <= ORDER_FILE_MAX;
}

/* Whether what lies there is what was ordered. */
static bool is_that(const char *path, const struct wanted *w)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	uint8_t digest[SHA256_LEN] = { 0 };
	void *bytes = MAP_FAILED;

	if (fd < 0)
		return false;
	if (fstat(fd, &stat) == 0 && (uint64_t)stat.st_size == w->size)
		bytes = mmap(NULL, w->size, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (bytes == MAP_FAILED)
		return false;
	digest_sha256(bytes, w->size, digest);
	(void)munmap(bytes, w->size);
	return memcmp(digest, w->digest, sizeof(digest)) == 0;
}

static FILE *open_part(const struct orders *orders, const struct wanted *w)
{
	/* Makes the folder; an empty part is what is written to. */
	char folder[PATH_MAX];
	int fd;

	(void)snprintf(folder, sizeof(folder), "%s/incoming", orders->setup.config->courier.folder);
	if (mkdir(folder, 0750) != 0 && errno != EEXIST)
		return NULL;
	fd = open(w->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

static void later(struct order_result *out, const char *why)
{
	out->status = ORDER_LATER;
	(void)snprintf(out->detail, sizeof(out->detail), "%s", why);
}

/* Into the part, synced. */
static bool fetch(struct orders *orders, const struct wanted *w, struct order_result *out)
{
	char path[HTTPS_PATH_LEN];
	struct https_request request = { .path = path, .seconds = FETCH_SECONDS, .most = w->size };
	struct https_answer answer;
	bool is_written;

	(void)snprintf(path, sizeof(path), "v1/files/%s", w->file);
	request.to = open_part(orders, w);
	if (!request.to) {
		later(out, strerror(errno));
		return false;
	}
	https_ask(orders->setup.client, &request, &answer);
	is_written = fflush(request.to) == 0 && fsync(fileno(request.to)) == 0;
	is_written = fclose(request.to) == 0 && is_written;
	if (answer.status == 404 || answer.status == 410)
		order_refuse(out, "no_file", "the desk has no such file");
	else if (answer.status != 200)
		later(out, answer.said);
	else if (!is_written)
		later(out, "the disk takes no file");
	return answer.status == 200 && is_written;
}

void order_file(struct orders *orders, const struct order *order, struct order_result *out)
{
	const char *folder = orders->setup.config->courier.folder;
	char path[PATH_MAX];
	struct wanted w;

	if (!read_wanted(orders, order, &w)) {
		order_refuse(out, "bad_body",
			     "needs \"file\", \"sha256\" and \"size\" of at most 64 MiB");
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/%s", folder, w.name);
	if (!is_that(path, &w)) {
		if (!orders->setup.client) {
			order_refuse(out, "no_https",
				     "files come over https.url, which is not set");
			return;
		}
		if (!fetch(orders, &w, out)) {
			(void)unlink(w.part);
			return;
		}
		if (!is_that(w.part, &w)) {
			(void)unlink(w.part);
			order_refuse(out, "other_file", "what came is not of that size and digest");
			return;
		}
		if (folder_file_rename(folder, w.name) != ERR_OK) {
			later(out, strerror(errno));
			return;
		}
	}
	(void)snprintf(out->detail, sizeof(out->detail),
		       "%s is handed over; the sensor checks its signature before it is used",
		       w.name);
}
