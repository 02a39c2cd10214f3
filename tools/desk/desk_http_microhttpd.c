#include "tools/desk/desk_http.h"

#include "sensor/base/json.h"
#include "sensor/base/monotonic.h"
#include "tools/desk/desk_peer.h"
#include "tools/desk/desk_upload.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	LINK_BYTES = 16 << 10,
	BODY_SECONDS = 2 * DESK_HTTP_SECONDS,
	DRAINED = 8, /* times what was agreed is still read, so that the refusal is heard */
};

struct desk_listener {
	struct MHD_Daemon *daemon;
	struct desk_door door;
};

/* One request, from its first line to its end. */
struct turn {
	struct desk_upload upload;
	size_t seen;
};

const char *desk_http_query(const struct desk_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->link, MHD_GET_ARGUMENT_KIND, name);
}

const char *desk_http_header(const struct desk_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->link, MHD_HEADER_KIND, name);
}

char *desk_http_token(const struct desk_request *request)
{
	static const char bearer[] = "Bearer ";
	const char *value = desk_http_header(request, "Authorization");
	char *password = NULL;
	char *copy;

	if (!value)
		return NULL;
	if (strncasecmp(value, bearer, sizeof(bearer) - 1) == 0)
		return strdup(value + sizeof(bearer) - 1);
	MHD_free(MHD_basic_auth_get_username_password(request->link, &password));
	copy = password ? strdup(password) : NULL;
	MHD_free(password);
	return copy;
}

/* {"code","detail"}: what people and couriers are told of a refusal. */
static void write_refusal(struct desk_answer *answer)
{
	FILE *out = open_memstream(&answer->text, &answer->len);
	struct json j;

	if (!out)
		return;
	json_start(&j, out);
	json_object_begin(&j, NULL);
	json_string(&j, "code", answer->code ? answer->code : "refused");
	json_string(&j, "detail", answer->detail);
	json_object_end(&j);
	json_line_end(&j);
	json_flush(&j);
	if (fclose(out) != 0)
		answer->text = NULL;
}

static void add_headers(struct MHD_Response *response, const struct desk_answer *answer)
{
	(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				      answer->type ? answer->type : "application/json");
	(void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(response, "Content-Security-Policy",
				      "default-src 'none'; style-src 'unsafe-inline'; "
				      "form-action 'none'; frame-ancestors 'none'");
	if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE) {
		char seconds[16];

		(void)snprintf(seconds, sizeof(seconds), "%d", DESK_HTTP_RETRY_SECONDS);
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	if (answer->status == MHD_HTTP_UNAUTHORIZED)
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
					      "Basic realm=\"Hinomi desk\", charset=\"UTF-8\"");
}

static struct MHD_Response *response_of(struct desk_answer *answer)
{
	off_t end;

	if (answer->has_file) {
		end = lseek(answer->file, 0, SEEK_END);
		return end < 0 ? NULL : MHD_create_response_from_fd64((uint64_t)end, answer->file);
	}
	if (!answer->text)
		write_refusal(answer);
	if (!answer->text)
		return NULL;
	return MHD_create_response_from_buffer(answer->len, answer->text, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_answer(struct MHD_Connection *link, struct desk_answer *answer)
{
	struct MHD_Response *response = response_of(answer);
	enum MHD_Result result;

	if (!response) {
		if (answer->has_file)
			(void)close(answer->file);
		free(answer->text);
		return MHD_NO;
	}
	add_headers(response, answer);
	result = MHD_queue_response(link, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static bool is_longer_than(const struct desk_request *request, size_t most)
{
	const char *text = desk_http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return text && strtoull(text, NULL, 10) > most + DESK_UPLOAD_PACKED_SLACK;
}

/* With the head of the request alone. NULL in `*turn`: the answer stands already. */
static enum MHD_Result begin(const struct desk_listener *listener,
			     const struct desk_request *request, struct turn **turn)
{
	struct desk_answer answer = { 0 };
	size_t most = listener->door.admit(listener->door.arg, request, &answer);

	if (most > 0 && is_longer_than(request, most)) {
		answer = (struct desk_answer){ .status = MHD_HTTP_CONTENT_TOO_LARGE,
					       .code = "too_large" };
		most = 0;
	}
	if (most == 0)
		return send_answer(request->link, &answer);
	*turn = calloc(1, sizeof(**turn));
	if (!*turn)
		return MHD_NO;
	(*turn)->upload.most = most;
	(*turn)->upload.since = monotonic_now();
	return MHD_YES;
}

static enum MHD_Result more(struct turn *turn, const char *bytes, size_t *len)
{
	turn->seen += *len;
	if (turn->seen > DRAINED * turn->upload.most ||
	    monotonic_now() - turn->upload.since > BODY_SECONDS * NANOTIME_SECOND)
		return MHD_NO;
	desk_upload_add(&turn->upload, bytes, *len);
	*len = 0;
	return MHD_YES;
}

static enum MHD_Result finish(const struct desk_listener *listener, struct desk_request *request,
			      struct turn *turn)
{
	struct desk_answer answer = { .status = MHD_HTTP_OK };

	desk_upload_finish(&turn->upload,
			   desk_http_header(request, MHD_HTTP_HEADER_CONTENT_ENCODING));
	if (turn->upload.status != 0) {
		answer.status = turn->upload.status;
		answer.code = answer.status == MHD_HTTP_CONTENT_TOO_LARGE     ? "too_large"
			      : answer.status == MHD_HTTP_SERVICE_UNAVAILABLE ? "busy"
									      : "not_read";
	} else {
		request->body = turn->upload.bytes ? turn->upload.bytes : "";
		request->body_len = turn->upload.len;
		listener->door.answer(listener->door.arg, request, &answer);
	}
	desk_upload_free(&turn->upload);
	return send_answer(request->link, &answer);
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd chose what it is given */
static enum MHD_Result handle(void *arg, struct MHD_Connection *link, const char *url,
			      const char *method, const char *version, const char *bytes,
			      size_t *len, void **state)
{
	const struct desk_listener *listener = arg;
	struct desk_request request = { .method = method, .path = url, .body = "", .link = link };
	struct turn *turn = *state;

	(void)version;
	if (turn && *len > 0)
		return more(turn, bytes, len);
	desk_peer_name(link, request.peer);
	if (turn)
		return finish(listener, &request, turn);
	return begin(listener, &request, (struct turn **)state);
}

static void ended(void *arg, struct MHD_Connection *link, void **state,
		  enum MHD_RequestTerminationCode why)
{
	struct turn *turn = *state;

	(void)arg;
	(void)link;
	(void)why;
	if (turn)
		desk_upload_free(&turn->upload);
	free(turn);
	*state = NULL;
}

static struct MHD_Daemon *start_daemon(struct desk_listener *listener,
				       const struct sockaddr *address)
{
	const struct desk_door *door = &listener->door;
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL;
	struct MHD_OptionItem tls[4] = { { MHD_OPTION_END, 0, NULL } };
	size_t n = 0;

	if (door->certificate) {
		flags |= MHD_USE_TLS;
		tls[n++] =
			(struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, door->certificate };
		tls[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, door->key };
		if (door->client_authority)
			tls[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_TRUST, 0,
							    door->client_authority };
		tls[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	}
	if (address->sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(flags, 0, NULL, NULL, handle, listener, MHD_OPTION_SOCK_ADDR,
				address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)DESK_HTTP_LINKS,
				MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)DESK_HTTP_LINKS / 2,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)DESK_HTTP_SECONDS,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LINK_BYTES,
				MHD_OPTION_THREAD_POOL_SIZE, door->threads > 1 ? door->threads : 0U,
				MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_NOTIFY_COMPLETED,
				ended, NULL, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

enum err desk_http_start(struct desk_listener **out, const struct desk_door *door,
			 char problem[static DESK_HTTP_PROBLEM_LEN])
{
	struct desk_listener *listener;
	struct sockaddr_storage address;

	if (!desk_peer_address(door->listen, &address)) {
		(void)snprintf(problem, DESK_HTTP_PROBLEM_LEN,
			       "%.200s: an address and a port, as 127.0.0.1:8443 or [::1]:8443",
			       door->listen);
		return ERR_SYNTAX;
	}
	if (!door->certificate && !desk_http_is_loopback(door->listen)) {
		(void)snprintf(
			problem, DESK_HTTP_PROBLEM_LEN,
			"%.200s: beyond loopback only with TLS; give --certificate and --key",
			door->listen);
		return ERR_RANGE;
	}
	listener = calloc(1, sizeof(*listener));
	if (!listener) {
		(void)snprintf(problem, DESK_HTTP_PROBLEM_LEN, "%s", err_text(ERR_MEMORY));
		return ERR_MEMORY;
	}
	listener->door = *door;
	listener->daemon = start_daemon(listener, (const struct sockaddr *)&address);
	if (!listener->daemon) {
		(void)snprintf(problem, DESK_HTTP_PROBLEM_LEN,
			       "%.200s: cannot listen there; is the port taken, do certificate "
			       "and key belong together?",
			       door->listen);
		free(listener);
		return ERR_IO;
	}
	*out = listener;
	return ERR_OK;
}

unsigned desk_http_port(const struct desk_listener *listener)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}

bool desk_http_is_loopback(const char *listen)
{
	struct sockaddr_storage address;

	return desk_peer_address(listen, &address) && desk_peer_is_loopback(&address);
}

void desk_http_stop(struct desk_listener *listener)
{
	if (!listener)
		return;
	MHD_stop_daemon(listener->daemon);
	free(listener);
}
