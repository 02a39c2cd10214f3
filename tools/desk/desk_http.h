/*
 * HTTP/1.1 for the desk (libmicrohttpd): one listener for each door. Requests are handed over
 * whole, their bodies unpacked; how large, how many and how long they may be is kept here.
 *
 * Threads: the listener's own; `answer` may be called in several at once. Bounds: DESK_HTTP_LINKS
 * connections of 16 KiB besides TLS's own, half of them of one address; DESK_HTTP_ROOM bytes for
 * all bodies that are under way; DESK_HTTP_SECONDS of silence, twice that for a body.
 */
#pragma once

#include "sensor/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	DESK_HTTP_LINKS = 1280,
	DESK_HTTP_ROOM = 64 << 20,
	DESK_HTTP_SECONDS = 30,
	DESK_HTTP_NAME_LEN = 64,
	DESK_HTTP_PROBLEM_LEN = 400,
	DESK_HTTP_RETRY_SECONDS = 5,
};

struct desk_request {
	const char *method;
	const char *path;
	const char *body; /* unpacked, with a NUL behind; "" while it has not come yet */
	size_t body_len;
	char peer[DESK_HTTP_NAME_LEN]; /* CN of a client's certificate that holds, or "" */
	void *link;
};

/* Borrowed for the request; NULL when it is missing. */
const char *desk_http_query(const struct desk_request *request, const char *name);
const char *desk_http_header(const struct desk_request *request, const char *name);
/* Of "Authorization: Bearer", or the password of "Basic"; the caller's to free, or NULL. */
char *desk_http_token(const struct desk_request *request);

struct desk_answer {
	unsigned status;
	const char *type; /* a literal; NULL: application/json */
	char *text;       /* made by malloc(), taken over; NULL: {"code","detail"} below */
	size_t len;
	int file; /* with has_file: its content, taken over */
	bool has_file;
	const char *code; /* a literal */
	char detail[DESK_HTTP_PROBLEM_LEN];
};

struct desk_door {
	const char *listen; /* "127.0.0.1:8443", "[::1]:8443"; port 0: any */
	char *certificate;  /* PEM texts; NULL: plain HTTP */
	char *key;
	char *client_authority; /* NULL: clients are not asked for a certificate */
	unsigned threads;
	/*
	 * Before the body is read: the most it may have, or 0 with `out` filled: nothing of it is
	 * read.
	 */
	size_t (*admit)(void *arg, const struct desk_request *request, struct desk_answer *out);
	void (*answer)(void *arg, const struct desk_request *request, struct desk_answer *out);
	void *arg;
};

struct desk_listener;

/* ERR_SYNTAX, ERR_RANGE (plain HTTP beyond loopback), ERR_IO: `problem` says what to do. */
MUST_USE enum err desk_http_start(struct desk_listener **out, const struct desk_door *door,
				  char problem[static DESK_HTTP_PROBLEM_LEN]);
unsigned desk_http_port(const struct desk_listener *listener);
bool desk_http_is_loopback(const char *listen);
/* Ends what is under way. */
void desk_http_stop(struct desk_listener *listener);
