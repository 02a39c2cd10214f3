/* Field lines of HTTP/1 heads (RFC 9112 5): the ones that a head is read for. */
/*
 * A folded line (obsolete, RFC 9112 5.2) belongs to the value before it, whose span then holds the
 * line end between. Of a repeated field the first counts, but the lists: challenges, codings.
 */
#pragma once

#include "dissectors/cursor.h"

enum { HTTP_FIELDS_MAX = 256 };

/* Schemes of authentication, as bits: a server offers several. */
enum http_auth_scheme {
	HTTP_AUTH_BASIC = 1,
	HTTP_AUTH_DIGEST = 2,
	HTTP_AUTH_NTLM = 4,
	HTTP_AUTH_NEGOTIATE = 8,
	HTTP_AUTH_BEARER = 16,
	HTTP_AUTH_OTHER = 32, /* Kerberos, AWS4-HMAC-SHA256 … */
};

struct http_auth {
	uint8_t schemes; /* enum http_auth_scheme; 0 when the field is absent */
	/*
	 * Behind the scheme: base64 for Basic, NTLM and Negotiate. Of several challenges the one
	 * that goes on with NTLM or Negotiate, else the first.
	 */
	struct span credentials;
};

/* By the length of the name. */
enum http_field {
	HTTP_FIELD_HOST,
	HTTP_FIELD_SERVER,
	HTTP_FIELD_COOKIE,
	HTTP_FIELD_EXPECT,
	HTTP_FIELD_REFERER,
	HTTP_FIELD_UPGRADE,
	HTTP_FIELD_LOCATION,
	HTTP_FIELD_USER_AGENT,
	HTTP_FIELD_CONNECTION,
	HTTP_FIELD_SET_COOKIE,
	HTTP_FIELD_CONTENT_TYPE,
	HTTP_FIELD_AUTHORIZATION,
	HTTP_FIELD_CONTENT_LENGTH,
	HTTP_FIELD_ACCEPT_LANGUAGE,
	HTTP_FIELD_ACCEPT_ENCODING,
	HTTP_FIELD_FORWARDED_FOR,
	HTTP_FIELD_CONTENT_ENCODING,
	HTTP_FIELD_WWW_AUTHENTICATE,
	HTTP_FIELD_TRANSFER_ENCODING,
	HTTP_FIELD_PROXY_AUTHENTICATE,
	HTTP_FIELD_PROXY_AUTHORIZATION,
	HTTP_FIELD_CONTENT_DISPOSITION,
	HTTP_FIELD_COUNT,
};

/* Values are unchecked text without blanks around it; empty when absent. */
struct http_fields {
	struct span values[HTTP_FIELD_COUNT];
	struct http_auth auth;       /* Authorization, or WWW-Authenticate in a response */
	struct http_auth proxy_auth; /* the same of Proxy-… */
	bool is_chunked;             /* Transfer-Encoding names it */
	bool has_transfer_encoding;  /* of whatever kind: then Content-Length counts for nothing */
	bool has_close;              /* Connection: close */
	bool has_keep_alive;
	bool has_upgrade; /* Connection: upgrade */
	/* Host or Content-Length came again and differed: servers differ in which one counts. */
	bool are_at_odds;
	bool are_whole; /* up to the blank line, which is eaten */
	bool are_kept;  /* not more than HTTP_FIELDS_MAX lines */
};

/* From behind the first line; never fails. `fields` borrows from what is under `in`. */
void http_fields_read(struct cursor *in, struct http_fields *fields);
