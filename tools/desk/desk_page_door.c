#include "tools/desk/desk_page_door.h"

#include "tools/desk/desk_json.h"
#include "tools/desk/desk_page.h"
#include "tools/desk/desk_page_posts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	POST_BODY = 128 << 10,
	NO_BODY = 1, /* of those that have none */
	STREAM_ROWS = 256,
};

static bool is_same(const char *a, const char *b)
{
	unsigned char differs = strlen(a) != strlen(b);

	for (size_t i = 0; a[i] != '\0' && b[i] != '\0'; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

/* A name that somebody else's DNS makes an address of ours is not loopback. */
static bool names_loopback(const char *host)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

	for (size_t i = 0; host && i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (strncasecmp(host, names[i], len) == 0 &&
		    (host[len] == '\0' || host[len] == ':'))
			return true;
	}
	return false;
}

static bool is_let_in(const struct desk *desk, const struct desk_request *request,
		      struct desk_answer *out)
{
	char *token = desk_http_token(request);
	bool is_good = desk->page_token ? token && is_same(token, desk->page_token)
					: names_loopback(desk_http_header(request, "Host"));

	free(token);
	if (!is_good && desk->page_token)
		desk_refuse(out, 401, "no_token", "send the page's token");
	else if (!is_good)
		desk_refuse(out, 403, "other_host", "ask for localhost, 127.0.0.1 or [::1]");
	return is_good;
}

size_t desk_page_admit(void *arg, const struct desk_request *request, struct desk_answer *out)
{
	const char *type = desk_http_header(request, "Content-Type");

	if (!is_let_in(arg, request, out))
		return 0;
	if (strcmp(request->method, "GET") == 0)
		return NO_BODY;
	if (strcmp(request->method, "POST") != 0) {
		desk_refuse(out, 405, "other_method", "");
		return 0;
	}
	if (!type || strncasecmp(type, "application/json", strlen("application/json")) != 0) {
		desk_refuse(out, 415, "other_type", "send Content-Type: application/json");
		return 0;
	}
	return POST_BODY;
}

typedef bool write_fn(struct desk_store *store, const struct desk_request *request, FILE *out);

static enum language language_of(const struct desk_request *request)
{
	const char *asked = desk_http_query(request, "lang");
	const char *liked = desk_http_header(request, "Accept-Language");

	if (!asked)
		asked = liked && strncasecmp(liked, "ja", 2) == 0 ? "ja" : "en";
	return strcmp(asked, "ja") == 0 ? LANGUAGE_JA : LANGUAGE_EN;
}

static bool write_page(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	desk_page_write(store, language_of(request), desk_now(), out);
	return true;
}

static bool write_case_page(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	const char *sensor = desk_http_query(request, "sensor");
	const char *id = desk_http_query(request, "id");

	return sensor && id && desk_page_case(store, sensor, id, language_of(request), out);
}

static bool write_sensors(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	(void)request;
	desk_json_sensors(store, desk_now(), out);
	return true;
}

static bool write_cases(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	desk_json_cases(store, desk_http_query(request, "sensor"), out);
	return true;
}

static bool write_case(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	return desk_json_case(store, strrchr(request->path, '/') + 1,
			      desk_http_query(request, "sensor"), out);
}

static bool write_keys(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	const char *sensor = desk_http_query(request, "sensor");

	if (sensor)
		desk_json_keys(store, sensor, out);
	return sensor != NULL;
}

static bool write_notes(struct desk_store *store, const struct desk_request *request, FILE *out)
{
	(void)request;
	desk_json_notes(store, out);
	return true;
}

static const struct route {
	const char *path; /* that ends in '/', and is longer than that: whatever follows */
	write_fn *write;
	bool is_html;
} routes[] = {
	{ "/", write_page, true },
	{ "/case", write_case_page, true },
	{ "/v1/desk/sensors", write_sensors, false },
	{ "/v1/desk/cases", write_cases, false },
	{ "/v1/desk/cases/", write_case, false },
	{ "/v1/desk/keys", write_keys, false },
	{ "/v1/desk/notes", write_notes, false },
};

static bool is_at(const struct route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (len > 1 && route->path[len - 1] == '/')
		return strncmp(path, route->path, len) == 0;
	return strcmp(path, route->path) == 0;
}

static void give(const struct desk *desk, const struct route *route,
		 const struct desk_request *request, struct desk_answer *out)
{
	FILE *stream = open_memstream(&out->text, &out->len);
	bool is_there;

	if (!stream) {
		desk_refuse(out, 503, "busy", "");
		return;
	}
	desk_begin(desk->store);
	is_there = route->write(desk->store, request, stream);
	if (desk_has_failed(desk->store))
		out->status = 503;
	desk_rollback(desk->store);
	if (fclose(stream) != 0 || !is_there) {
		free(out->text);
		out->text = NULL;
		desk_refuse(out, is_there ? 503 : 404, is_there ? "busy" : "not_there", "");
		return;
	}
	out->type = route->is_html ? "text/html; charset=utf-8" : NULL;
}

/*
 * All that a sensor ever sent may be more than memory: it goes into a file without a name, some
 * rows at a time, so that what comes in meanwhile is taken.
 */
static void give_stream(const struct desk *desk, const struct desk_request *request,
			struct desk_answer *out)
{
	const char *sensor = desk_http_query(request, "sensor");
	int fd = open(desk->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
	FILE *stream = fd >= 0 ? fdopen(dup(fd), "w") : NULL;
	int64_t last = 0;
	int64_t next = 0;

	if (!sensor || !stream) {
		desk_refuse(out, sensor ? 503 : 404, sensor ? "busy" : "not_there", "");
		if (stream)
			(void)fclose(stream);
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	do {
		last = next;
		desk_begin(desk->store);
		next = desk_json_stream(desk->store, sensor, last, STREAM_ROWS, stream);
		desk_rollback(desk->store);
	} while (next > last);
	if (fclose(stream) != 0) {
		(void)close(fd);
		desk_refuse(out, 503, "busy", "");
		return;
	}
	out->type = "application/x-ndjson";
	out->file = fd;
	out->has_file = true;
}

void desk_page_answer(void *arg, const struct desk_request *request, struct desk_answer *out)
{
	const struct desk *desk = arg;

	if (strcmp(request->method, "POST") == 0) {
		desk_page_post(desk, request, out);
		return;
	}
	if (strcmp(request->path, "/v1/desk/stream") == 0) {
		give_stream(desk, request, out);
		return;
	}
	desk_refuse(out, 404, "no_such_path", "");
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (is_at(&routes[i], request->path)) {
			out->status = 200;
			give(desk, &routes[i], request, out);
			return;
		}
	}
}
