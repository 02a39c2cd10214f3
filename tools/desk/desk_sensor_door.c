#include "tools/desk/desk_sensor_door.h"

#include "sensor/base/json.h"
#include "sensor/delivery/batch.h"
#include "tools/desk/desk_keys.h"
#include "tools/desk/desk_orders.h"
#include "tools/desk/desk_take.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SMALL_BODY = 16 << 10,
	NO_BODY = 1, /* of those that have none */
	PATH_LEN = 1024,
};

static const char files[] = "/v1/files/";

/* Who calls; false with `out` filled: nobody that is let in. */
static bool knows(const struct desk *desk, const struct desk_request *request,
		  char sensor[static DESK_SENSOR_LEN], struct desk_answer *out)
{
	bool is_revoked = false;
	bool is_known = false;
	char *token = desk_http_token(request);

	if (desk->needs_certificate && request->peer[0] == '\0') {
		desk_refuse(out, 401, "no_certificate",
			    "a client certificate of the desk's authority is needed");
	} else if (token) {
		is_known = desk_enrol_token(desk->store, token, sensor, &is_revoked);
		if (!is_known)
			desk_refuse(out, 401, "unknown_token", "enrol the sensor anew");
	} else if (request->peer[0] != '\0') {
		(void)snprintf(sensor, DESK_SENSOR_LEN, "%s", request->peer);
		is_known = desk_enrol_named(desk->store, sensor, &is_revoked);
		if (!is_known)
			desk_refuse(out, 401, "unknown_certificate",
				    "its CN is not a sensor's name");
	} else {
		desk_refuse(out, 401, "no_token", "send Authorization: Bearer TOKEN");
	}
	free(token);
	if (is_known && is_revoked) {
		desk_refuse(out, 403, "revoked_sensor", "the rangers have revoked the sensor");
		is_known = false;
	}
	return is_known;
}

struct route {
	const char *method;
	const char *path;
	size_t most;
	bool is_open;
};

static const struct route routes[] = {
	{ "POST", "/v1/parcels", BATCH_BYTES_MAX, false },
	{ "POST", "/v1/enrol", SMALL_BODY, true },
	{ "POST", "/v1/keys", SMALL_BODY, false },
	{ "GET", "/v1/orders", NO_BODY, false },
	{ "GET", files, NO_BODY, false },
};

static bool is_at(const struct route *route, const char *path)
{
	return route->path == files ? strncmp(path, files, sizeof(files) - 1) == 0
				    : strcmp(path, route->path) == 0;
}

size_t desk_sensor_admit(void *arg, const struct desk_request *request, struct desk_answer *out)
{
	char sensor[DESK_SENSOR_LEN];

	desk_refuse(out, 404, "no_such_path", "");
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];

		if (!is_at(route, request->path))
			continue;
		if (strcmp(route->method, request->method) != 0) {
			desk_refuse(out, 405, "other_method", route->method);
			return 0;
		}
		return route->is_open || knows(arg, request, sensor, out) ? route->most : 0;
	}
	return 0;
}

/* `code` is what a refusal is called. */
static void pass_on(enum err err, const struct desk_reply *reply, const char *code,
		    struct desk_answer *out)
{
	if (err != ERR_OK) {
		desk_refuse(out, desk_status(err), code, reply->problem);
		return;
	}
	out->status = 200;
	out->text = reply->text;
	out->len = reply->len;
}

static void take_parcels(const struct desk *desk, const char *sensor,
			 const struct desk_request *request, struct desk_answer *out)
{
	struct desk_reply reply = { 0 };
	enum err err = desk_take(desk->store, sensor, request->body, request->body_len, desk_now(),
				 &reply);

	pass_on(err, &reply, err == ERR_MISSING ? "other_sensor" : "no_batch", out);
}

static void take_enrolment(const struct desk *desk, const struct desk_request *request,
			   struct desk_answer *out)
{
	static const char *const codes[] = { "unknown_code", "used_code", "expired_code" };
	struct desk_reply reply = { 0 };
	enum err err = desk_enrol(desk->store, request->body, request->body_len, &desk->gift,
				  desk_now(), &reply);

	pass_on(err, &reply, "no_enrolment", out);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (err == ERR_MISSING && strcmp(codes[i], reply.problem) == 0)
			out->code = codes[i];
	}
}

static void take_key(const struct desk *desk, const char *sensor,
		     const struct desk_request *request, struct desk_answer *out)
{
	struct desk_reply reply = { 0 };
	enum err err = desk_key_take(desk->store, sensor, request->body, request->body_len,
				     desk_now(), &reply);

	pass_on(err, &reply, "key_refused", out);
}

static void give_orders(const struct desk *desk, const char *sensor,
			const struct desk_request *request, struct desk_answer *out)
{
	const char *asked = desk_http_query(request, "sensor");
	const char *after = desk_http_query(request, "after");
	FILE *stream;

	if (!asked || strcmp(asked, sensor) != 0) {
		desk_refuse(out, 403, "other_sensor", "orders are only for whom they are");
		return;
	}
	stream = open_memstream(&out->text, &out->len);
	if (!stream) {
		desk_refuse(out, 503, "busy", "");
		return;
	}
	desk_begin(desk->store);
	desk_orders_write(desk->store, sensor, after ? strtoll(after, NULL, 10) : 0, stream);
	if (desk_has_failed(desk->store))
		desk_refuse(out, 503, "busy", "");
	desk_rollback(desk->store);
	(void)fclose(stream);
}

/* A plain name: no way out of the folder. */
static bool is_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return false;
	}
	return len > 0 && len < 128 && name[0] != '.';
}

static void give_file(const struct desk *desk, const struct desk_request *request,
		      struct desk_answer *out)
{
	const char *name = request->path + sizeof(files) - 1;
	char path[PATH_LEN];
	struct stat found;
	int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/files/%s", desk->folder, name);
	if (is_name(name))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
		if (fd >= 0)
			(void)close(fd);
		desk_refuse(out, 404, "no_such_file", "");
		return;
	}
	out->type = "application/octet-stream";
	out->file = fd;
	out->has_file = true;
}

void desk_sensor_answer(void *arg, const struct desk_request *request, struct desk_answer *out)
{
	const struct desk *desk = arg;
	char sensor[DESK_SENSOR_LEN];

	if (strcmp(request->path, "/v1/enrol") == 0) {
		take_enrolment(desk, request, out);
		return;
	}
	/* Once more: it may have been revoked while it sent. */
	if (!knows(desk, request, sensor, out))
		return;
	if (strcmp(request->path, "/v1/parcels") == 0)
		take_parcels(desk, sensor, request, out);
	else if (strcmp(request->path, "/v1/keys") == 0)
		take_key(desk, sensor, request, out);
	else if (strcmp(request->path, "/v1/orders") == 0)
		give_orders(desk, sensor, request, out);
	else
		give_file(desk, request, out);
}
