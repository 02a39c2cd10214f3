/*
 * One other side that is spoken to by HTTP over TLS (RFC 9112, RFC 8446), over libcurl: the
 * rangers' service, or a web hook.
 *
 * TLS 1.2 or later, always verified (but for an enrolment, whose messages prove themselves). No
 * redirects, no cookies, no proxy but the one that is configured. Without TLS only addresses of
 * this machine are spoken to, for tests. The connection is kept for the next request.
 *
 * One thread. Bounds: 10 s to connect, `seconds` for all of a request, ended earlier where less
 * than 10 bytes a second have moved for 20 s; an answer of HTTPS_ANSWER_MAX bytes.
 */
#pragma once

#include "sensor/courier/output.h"

enum {
	HTTPS_ANSWER_MAX = 1 << 20,
	HTTPS_PATH_LEN = 256,
	HTTPS_SECONDS = 60,
	HTTPS_SECRET_LEN = 1024, /* of a bearer token, with its NUL */
	HTTPS_RETRY_MAX = 3600,  /* seconds; who asks for more gets this */
};

struct https_client;

struct https_setup {
	const struct line_config *line; /* borrowed as long as the client lives */
	const char *proxy;              /* the same; "" is none, whatever the environment says */
	const char *module;             /* "https": whose options messages name; a literal */
	const atomic_bool *is_ending;   /* looked at each 200 ms; NULL: never */
	bool trusts_any;                /* enrolment alone */
};

/*
 * Nothing is sent. `problem` is one line that says what to do: ERR_SYNTAX an address of no use,
 * ERR_MISSING a file that is not there, ERR_IO libcurl, ERR_MEMORY.
 */
MUST_USE enum err https_open(struct https_client **out, const struct https_setup *setup,
			     char problem[static OUTPUT_SAID_LEN]);
/* NULL is fine. */
void https_close(struct https_client *client);

struct https_request {
	const char *path; /* behind the line's url: "v1/parcels"; "" is the url itself */
	const void *body; /* JSON; NULL asks by GET */
	size_t body_len;
	bool is_gzip;     /* the body is sent as gzip (RFC 1952) */
	unsigned seconds; /* 0: HTTPS_SECONDS */
	FILE *to;         /* where an answer of 200 goes; NULL: into memory */
	uint64_t most;    /* bytes of such an answer */
};

struct https_answer {
	long status;      /* 0: there was none, or not all of it */
	const char *body; /* with a NUL behind; the client's, until its next call */
	size_t body_len;
	uint64_t retry_after; /* seconds, at most HTTPS_RETRY_MAX; 0: was not said */
	bool is_slow; /* the time was over after a body began to go out: less may get through */
	char said[OUTPUT_SAID_LEN]; /* what happened and what to do, where that is not 200 */
};

void https_ask(struct https_client *client, const struct https_request *request,
	       struct https_answer *answer);
