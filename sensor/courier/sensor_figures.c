#include "sensor/courier/sensor_figures.h"

#include "sensor/base/monotonic.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 256 << 10, WAIT_MS = 1000, SECONDS_A_DAY = 86400 };

/*
 * The value of a line "hinomi_NAME 12" or "hinomi_NAME{…} 12"; false when it is of another. It is
 * behind the last blank: a label may hold any other.
 */
static bool value_of(const char *line, const char *name, double *out)
{
	size_t len = strlen(name);
	size_t at = strcspn(line, "\n");
	char *end;

	if (strncmp(line, name, len) != 0 || (line[len] != ' ' && line[len] != '{'))
		return false;
	while (line[at - 1] != ' ' && at > len + 1)
		at--;
	*out = strtod(line + at, &end);
	return end != line + at && *out >= 0 && *out < 9e18;
}

static void add(const char *line, const char *name, bool *has, uint64_t *sum)
{
	double value;

	if (!value_of(line, name, &value))
		return;
	*has = true;
	*sum += (uint64_t)value;
}

static void take(const char *line, const char *name, bool *has, double *out)
{
	if (value_of(line, name, out))
		*has = true;
}

/* The oldest of all lists in use counts. */
static void take_age(const char *line, const char *name, struct sensor_figures *out)
{
	double days;

	if (!value_of(line, name, &days))
		return;
	days /= SECONDS_A_DAY;
	if (!out->has_feed_days || days > out->feed_days)
		out->feed_days = days;
	out->has_feed_days = true;
}

static void take_version(const char *line, struct sensor_figures *out)
{
	static const char name[] = "hinomi_build_info{version=\"";

	if (strncmp(line, name, sizeof(name) - 1) == 0)
		(void)snprintf(out->version, sizeof(out->version), "%.*s",
			       (int)strcspn(line + sizeof(name) - 1, "\"\n"),
			       line + sizeof(name) - 1);
}

void sensor_figures_read(const char *text, struct sensor_figures *out)
{
	double capacity = 0;
	bool has_capacity = false;

	*out = (struct sensor_figures){ 0 };
	for (const char *line = text; line && *line != '\0'; line = strchr(line, '\n')) {
		line += *line == '\n';
		add(line, "hinomi_packets_total", &out->has_packets, &out->packets);
		add(line, "hinomi_interface_dropped_kernel_total", &out->has_dropped,
		    &out->dropped);
		add(line, "hinomi_interface_dropped_card_total", &out->has_dropped, &out->dropped);
		add(line, "hinomi_shed_total", &out->has_shed, &out->shed);
		add(line, "hinomi_flows", &out->has_flows, &out->flows);
		add(line, "hinomi_store_written_bytes_total", &out->has_written, &out->written);
		take(line, "hinomi_flows_capacity", &has_capacity, &capacity);
		take(line, "hinomi_one_sided_share", &out->has_one_sided, &out->one_sided_share);
		take_age(line, "hinomi_indicators_age_seconds", out);
		take_age(line, "hinomi_place_databases_age_seconds", out);
		take_version(line, out);
	}
	if (out->has_flows && has_capacity && capacity > 0) {
		out->has_table_fill = true;
		out->table_fill = (double)out->flows / capacity;
	}
}

/* At most until `end`; false when nothing more came. */
static bool wait_for(int fd, short what, nanotime end)
{
	nanotime now = monotonic_now();
	struct pollfd wanted = { .fd = fd, .events = what };

	return now < end && poll(&wanted, 1, (int)((end - now) / NANOTIME_MILLISECOND) + 1) == 1;
}

/* HTTP/1.0's answer ends with the connection. */
static size_t read_answer(int fd, char *answer)
{
	static const char question[] = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
	nanotime end = monotonic_now() + WAIT_MS * NANOTIME_MILLISECOND;
	size_t len = 0;
	ssize_t got = 1;

	if (!wait_for(fd, POLLOUT, end) ||
	    send(fd, question, sizeof(question) - 1, MSG_NOSIGNAL) != (ssize_t)sizeof(question) - 1)
		return 0;
	while (got > 0 && len + 1 < ANSWER_MAX && wait_for(fd, POLLIN, end)) {
		got = recv(fd, answer + len, ANSWER_MAX - 1 - len, 0);
		len += got > 0 ? (size_t)got : 0;
	}
	answer[len] = '\0';
	return got == 0 ? len : 0; /* else it is not all */
}

static enum err ask(int fd, char *answer, struct sensor_figures *out)
{
	const char *text;

	if (read_answer(fd, answer) == 0)
		return ERR_MISSING;
	text = strstr(answer, "\r\n\r\n");
	if (strncmp(answer, "HTTP/1.", 7) != 0 || !text || !strstr(text, "hinomi_"))
		return ERR_MALFORMED;
	sensor_figures_read(text + 4, out);
	return ERR_OK;
}

enum err sensor_figures_ask(const char *socket_path, struct sensor_figures *out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char *answer;
	enum err err = ERR_MISSING;
	int fd;

	*out = (struct sensor_figures){ 0 };
	if (socket_path[0] == '\0' || strlen(socket_path) >= sizeof(address.sun_path))
		return ERR_MISSING;
	memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	answer = malloc(ANSWER_MAX);
	if (fd >= 0 && answer &&
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		err = ask(fd, answer, out);
	else if (fd >= 0 && answer && errno == ECONNREFUSED)
		err = ERR_IO;
	free(answer);
	if (fd >= 0)
		(void)close(fd);
	return err;
}
