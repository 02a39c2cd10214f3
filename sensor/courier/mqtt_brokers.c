#include "sensor/courier/mqtt_brokers.h"

#include "sensor/courier/line_curl.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_TLS = 8883, PORT_PLAIN = 1883, SLICE_MS = 200, SLICES_A_SECOND = 5 };

/* NULL, or what is wrong. Takes the port off `authority`, which is HOST, HOST:PORT or [V6]:PORT. */
static const char *read_host(struct mqtt_broker *broker, char *authority, uint16_t usual)
{
	char *host = authority;
	char *port = NULL;
	char *end;

	if (*host == '[') {
		end = strchr(++host, ']');
		if (!end)
			return "has no ']'";
		*end++ = '\0';
		if (*end != '\0' && *end != ':')
			return "has something behind ']'";
		port = *end == ':' ? end + 1 : NULL;
	} else {
		end = strchr(host, ':');
		if (end) {
			*end = '\0';
			port = end + 1;
		}
	}
	if (*host == '\0' || strlen(host) >= sizeof(broker->host) || strpbrk(host, "/@?# "))
		return "is no address such as mqtts://broker.example.jp:8883";
	(void)snprintf(broker->host, sizeof(broker->host), "%s", host);
	broker->port = usual;
	if (!port)
		return NULL;

	unsigned long number = strtoul(port, &end, 10);

	if (*port < '0' || *port > '9' || (*end != '\0' && strcmp(end, "/") != 0) || number == 0 ||
	    number > UINT16_MAX)
		return "has no port from 1 to 65535";
	broker->port = (uint16_t)number;
	return NULL;
}

static const char *read_one(struct mqtt_brokers *brokers, char *url)
{
	static const char secure[] = "mqtts://";
	static const char plain[] = "mqtt://";
	bool is_tls = strncmp(url, secure, sizeof(secure) - 1) == 0;
	struct mqtt_broker *broker = &brokers->list[brokers->count];
	const char *wrong;

	if (brokers->count == MQTT_BROKERS_MAX)
		return "is one broker too many: 8 at most";
	if (!is_tls && strncmp(url, plain, sizeof(plain) - 1) != 0)
		return "must begin with mqtts://";
	if (brokers->count > 0 && is_tls != brokers->is_tls)
		return "is encrypted, or not, as the others are not";
	wrong = read_host(broker, url + (is_tls ? sizeof(secure) : sizeof(plain)) - 1,
			  is_tls ? PORT_TLS : PORT_PLAIN);
	if (!wrong && !is_tls && !line_host_is_loopback(broker->host) &&
	    strcmp(broker->host, "::1") != 0)
		wrong = "must begin with mqtts://; mqtt:// is for tests on this machine";
	brokers->is_tls = is_tls;
	brokers->count += wrong == NULL;
	return wrong;
}

enum err mqtt_brokers_read(struct mqtt_brokers *brokers, const char *url, const char *module,
			   char problem[static OUTPUT_SAID_LEN])
{
	char text[CONFIG_PATH_LEN];
	char *rest = text;
	char *one;

	*brokers = (struct mqtt_brokers){ 0 };
	(void)snprintf(text, sizeof(text), "%s", url);
	while ((one = strsep(&rest, ", "))) {
		char shown[CONFIG_PATH_LEN];
		const char *wrong;

		if (*one == '\0')
			continue;
		memcpy(shown, one, strlen(one) + 1);
		wrong = read_one(brokers, one);
		if (wrong) {
			(void)snprintf(problem, OUTPUT_SAID_LEN, "%s.url: '%.60s' %s", module,
				       shown, wrong);
			return ERR_SYNTAX;
		}
	}
	if (brokers->count > 0)
		return ERR_OK;
	(void)snprintf(problem, OUTPUT_SAID_LEN, "%s.url: names no broker", module);
	return ERR_SYNTAX;
}

size_t mqtt_brokers_count(const struct mqtt_brokers *brokers)
{
	return brokers->count;
}

bool mqtt_brokers_have_tls(const struct mqtt_brokers *brokers)
{
	return brokers->is_tls;
}

const struct mqtt_broker *mqtt_broker_at(const struct mqtt_brokers *brokers)
{
	return &brokers->list[brokers->at];
}

const char *mqtt_broker_name(const struct mqtt_brokers *brokers)
{
	return brokers->list[brokers->at].host;
}

void mqtt_brokers_next(struct mqtt_brokers *brokers)
{
	brokers->at = (brokers->at + 1) % brokers->count;
}

/* Whether a connection that is under way comes about in time. */
static bool comes_about(int fd, const atomic_bool *is_ending, unsigned slices)
{
	struct pollfd waited = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t len = sizeof(error);

	for (unsigned i = 0; i < slices && !(is_ending && atomic_load(is_ending)); i++) {
		if (poll(&waited, 1, SLICE_MS) > 0)
			return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
			       error == 0;
	}
	return false;
}

static bool answers(const struct addrinfo *a, const atomic_bool *is_ending, unsigned slices)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	bool is_there;

	if (fd < 0)
		return false;
	is_there = connect(fd, a->ai_addr, a->ai_addrlen) == 0 ||
		   (errno == EINPROGRESS && comes_about(fd, is_ending, slices));
	(void)close(fd);
	return is_there;
}

bool mqtt_broker_is_there(const struct mqtt_broker *broker, const atomic_bool *is_ending,
			  unsigned seconds)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	char port[8];
	bool is_there = false;

	(void)snprintf(port, sizeof(port), "%u", broker->port);
	if (getaddrinfo(broker->host, port, &hints, &list) != 0)
		return false;
	for (const struct addrinfo *a = list; a && !is_there; a = a->ai_next)
		is_there = answers(a, is_ending, seconds * SLICES_A_SECOND);
	freeaddrinfo(list);
	return is_there;
}

enum err mqtt_secret_read(const char *path, char user[static MQTT_SECRET_LEN], char **password)
{
	FILE *file;
	bool is_read;
	size_t len;

	user[0] = '\0';
	*password = user;
	if (path[0] == '\0')
		return ERR_OK;
	file = fopen(path, "re");
	if (!file)
		return ERR_MISSING;
	is_read = fgets(user, MQTT_SECRET_LEN, file) != NULL;
	(void)fclose(file);
	len = is_read ? strcspn(user, "\r\n") : 0;
	/* One that fills the place may have been cut: half a password is another one. */
	if (!is_read || len == MQTT_SECRET_LEN - 1)
		return ERR_SYNTAX;
	user[len] = '\0';
	*password = strchr(user, ':');
	if (!*password || *password == user)
		return ERR_SYNTAX;
	*(*password)++ = '\0';
	return ERR_OK;
}
