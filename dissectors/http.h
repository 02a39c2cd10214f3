/* HTTP/1.x heads (RFC 9112); with methods of WebDAV (RFC 4918), UPnP and Windows' transports. */
/*
 * Skipped: every field but the ones below, and bodies (chunked.h finds the end of a chunked one).
 * HTTP/0.9 has no head. Of a repeated field the first counts, of a list every element.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"
#include "dissectors/http_fields.h"

enum {
	HTTP_LINE_MAX = 65536, /* a first line that is longer is DISSECT_MALFORMED */
	HTTP_METHOD_MAX = 24,
};

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
	HTTP_OTHER, /* a name of capital letters, '-' and '_', up to HTTP_METHOD_MAX of them */
};

/* Spans are unchecked text from the wire without blanks around it; empty when absent. */
struct http_request {
	enum http_method method;
	struct span method_name;
	uint8_t minor_version; /* of HTTP/1 */
	struct span target;    /* never empty; may hold blanks that it should not */
	/* Of the field, else of a target that is a whole URI or, for CONNECT, an authority. */
	struct span host;
	bool host_is_target; /* the host was taken from the target */
	struct span user_agent;
	struct span content_type;
	struct span referer;
	struct span accept_language;
	struct span accept_encoding;
	struct span expect;
	struct span upgrade; /* of the field Upgrade, where Connection says so too */
	struct http_auth auth;
	struct http_auth proxy_auth;
	bool has_cookie;
	bool has_forwarded_for; /* X-Forwarded-For */
	bool is_chunked;
	bool has_content_length; /* a decimal number that fits, RFC 9110 8.6 */
	uint64_t content_length;
	/* Two hosts or two lengths, or a length and chunks: servers differ in which one counts. */
	bool is_ambiguous;
	bool headers_truncated; /* cut, or more than HTTP_FIELDS_MAX lines */
	size_t head_len;        /* bytes of the head with its blank line; 0 when it is cut */
};

struct http_response {
	uint16_t status; /* 100 to 999 */
	struct span reason;
	uint8_t minor_version;
	struct span content_type;
	struct span content_encoding;
	struct span server;
	struct span location;
	struct span file_name; /* of Content-Disposition; as sent: quoted pairs, percent codes */
	struct span upgrade;
	struct http_auth auth; /* what WWW-Authenticate offers */
	struct http_auth proxy_auth;
	bool has_set_cookie;
	bool is_chunked;
	bool has_transfer_encoding; /* chunked or another */
	bool has_content_length;
	uint64_t content_length;
	bool headers_truncated;
	size_t head_len;
};

/* How the end of a body is known (RFC 9112 6.3). */
enum http_body {
	HTTP_BODY_NONE,
	HTTP_BODY_LENGTH, /* content_length bytes */
	HTTP_BODY_CHUNKED,
	HTTP_BODY_TO_CLOSE, /* until the connection ends */
	HTTP_BODY_TUNNEL, /* no HTTP from here on, both ways: CONNECT, or a protocol upgraded to */
};

/*
 * Both read the start of a message: of one direction of a stream, or a datagram (SSDP has this
 * form). The first bytes decide: DISSECT_OTHER as soon as this cannot be HTTP/1, DISSECT_TRUNCATED
 * while the first line has no end. A head that is cut behind it is DISSECT_OK with what there is,
 * and with a head_len of 0. Up to four blank lines before a request are skipped (RFC 9112 2.2), and
 * are part of head_len. `out` is set only on DISSECT_OK; its spans borrow from the bytes under
 * `in`.
 */
MUST_USE enum dissect dissect_http_request(struct cursor in, struct http_request *out);
MUST_USE enum dissect dissect_http_response(struct cursor in, struct http_response *out);

/*
 * A request whose first line has no end, because the capture cut it: method and target, as far as
 * they go. Only of the methods that have a name here, as nothing else tells that it is HTTP.
 * DISSECT_TRUNCATED when there is no byte of a target.
 */
MUST_USE enum dissect dissect_http_request_cut(struct cursor in, struct http_request *out);

/* Neither can be told from a head that is cut. */
enum http_body http_request_body(const struct http_request *request);
/* `method` is that of the request answered; HTTP_OTHER when it was not seen. */
enum http_body http_response_body(const struct http_response *response, enum http_method method);

/* Windows' remote management: requests for /wsman ([MS-WSMV] 2.2.1). */
bool http_is_winrm(const struct http_request *request);
