/* HTTP/1.x heads (RFC 9112); with methods of WebDAV (RFC 4918), UPnP and Windows' transports. */
/*
 * Skipped: every field but the ones below, folded lines (obsolete, RFC 9112 5.2), the reason
 * phrase, bodies. Of a repeated field the first counts.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum { HTTP_FIELDS_MAX = 64 };

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_CONNECT,
	HTTP_OPTIONS,
	HTTP_TRACE,
	HTTP_PATCH,
	HTTP_PROPFIND,
	HTTP_PROPPATCH,
	HTTP_MKCOL,
	HTTP_COPY,
	HTTP_MOVE,
	HTTP_LOCK,
	HTTP_UNLOCK,
	HTTP_REPORT,
	HTTP_SEARCH,
	HTTP_SUBSCRIBE,
	HTTP_UNSUBSCRIBE,
	HTTP_NOTIFY,
	HTTP_M_SEARCH,
	HTTP_BITS_POST,
	HTTP_RPC_IN_DATA,
	HTTP_RPC_OUT_DATA,
};

/* Spans are unchecked text from the wire without blanks around it; empty when absent. */
struct http_request {
	enum http_method method;
	uint8_t minor_version; /* of HTTP/1 */
	struct span target;    /* never empty */
	struct span host;
	struct span user_agent;
	bool has_content_length; /* a decimal number that fits, RFC 9110 8.6 */
	uint64_t content_length;
	bool headers_truncated; /* cut, or more than HTTP_FIELDS_MAX lines */
};

struct http_response {
	uint16_t status; /* 100 to 999 */
	uint8_t minor_version;
	struct span content_type;
	struct span server;
	bool has_content_length;
	uint64_t content_length;
	bool headers_truncated;
};

/*
 * Both read the start of one direction of a stream (or a datagram: SSDP has this form). The first
 * bytes decide: DISSECT_OTHER as soon as this cannot be HTTP/1, DISSECT_TRUNCATED while the first
 * line has no end. `out` is set only on DISSECT_OK; its spans borrow from the bytes under `in`.
 */
MUST_USE enum dissect dissect_http_request(struct cursor in, struct http_request *out);
MUST_USE enum dissect dissect_http_response(struct cursor in, struct http_response *out);
