#include "dissectors/http.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

struct request_case {
	const char *name;
	const char *head;
	enum dissect want;
	enum http_method want_method;
	const char *want_target;
	const char *want_host;
	const char *want_user_agent;
	int64_t want_content_length; /* -1 is none */
	bool want_truncated;
};

static struct request_case requests[] = {
	{ "GET with fields",
	  "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nUser-Agent: curl/8.1 (x)\r\n\r\n",
	  DISSECT_OK, HTTP_GET, "/a?b=c", "example.com", "curl/8.1 (x)", -1, false },
	{ "POST with a body", "POST / HTTP/1.1\r\ncontent-LENGTH: 42\r\n\r\nbody", DISSECT_OK,
	  HTTP_POST, "/", "", "", 42, false },
	{ "CONNECT", "CONNECT example.com:443 HTTP/1.0\r\n\r\n", DISSECT_OK, HTTP_CONNECT,
	  "example.com:443", "example.com:443", "", -1, false },
	{ "PROPFIND is not PROPPATCH", "PROPFIND /dav HTTP/1.1\r\n\r\n", DISSECT_OK, HTTP_PROPFIND,
	  "/dav", "", "", -1, false },
	{ "M-SEARCH of SSDP", "M-SEARCH * HTTP/1.1\r\nHOST:239.255.255.250:1900\r\n\r\n",
	  DISSECT_OK, HTTP_M_SEARCH, "*", "239.255.255.250:1900", "", -1, false },
	{ "blanks around values", "GET / HTTP/1.1\r\nHost: \t example.com \t\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "example.com", "", -1, false },
	{ "bare line feeds", "GET / HTTP/1.1\nHost: example.com\n\n", DISSECT_OK, HTTP_GET, "/",
	  "example.com", "", -1, false },
	{ "spaces in the target", "GET /a b HTTP/1.1\r\n\r\n", DISSECT_OK, HTTP_GET, "/a b", "", "",
	  -1, false },
	{ "the first of two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "a", "", -1, false },
	{ "an empty host is still the first", "GET / HTTP/1.1\r\nHost:\r\nHost: b\r\n\r\n",
	  DISSECT_OK, HTTP_GET, "/", "", "", -1, false },
	{ "a host in the body is none", "GET / HTTP/1.1\r\n\r\nHost: b\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "", "", -1, false },
	{ "a folded line and one without a colon are skipped",
	  "GET / HTTP/1.1\r\nX: y\r\n Host: b\r\nHost\r\nUser-Agent: u\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "", "u", -1, false },
	{ "a length that is no number", "GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "", "", -1, false },
	{ "a length without digits", "GET / HTTP/1.1\r\nContent-Length: \r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "", "", -1, false },
	{ "a length that is too large",
	  "GET / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n", DISSECT_OK, HTTP_GET,
	  "/", "", "", -1, false },
	{ "a length of 63 bits", "GET / HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\n",
	  DISSECT_OK, HTTP_GET, "/", "", "", INT64_MAX, false },
	{ "a head without its end", "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: u", DISSECT_OK,
	  HTTP_GET, "/", "a", "", -1, true },
	{ "a request line without its end", "GET / HTTP/1.1", .want = DISSECT_TRUNCATED },
	{ "a method of its own", "FETCH / HTTP/1.1\r\n\r\n", DISSECT_OK, HTTP_OTHER, "/", "", "",
	  -1, false },
	{ "a method of 24 letters", "ABCDEFGHIJKLMNOP_RSTU-WX / HTTP/1.1\r\n\r\n", DISSECT_OK,
	  HTTP_OTHER, "/", "", "", -1, false },
	{ "a method of 25 letters", "ABCDEFGHIJKLMNOP_RSTU-WXY / HTTP/1.1\r\n\r\n",
	  .want = DISSECT_OTHER },
	{ "a method that goes on", "GETS / HTTP/1.1\r\n\r\n", DISSECT_OK, HTTP_OTHER, "/", "", "",
	  -1, false },
	{ "no method", " / HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
	{ "a word of another protocol", "EHLO client.example.com\r\n", .want = DISSECT_OTHER },
	{ "blank lines first", "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", DISSECT_OK, HTTP_GET, "/",
	  "a", "", -1, false },
	{ "five blank lines first", "\n\n\n\n\nGET / HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
	{ "a carriage return first", "\rGET / HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
	{ "a whole URI without a host",
	  "GET http://u:p@a.example:8080/x?http://b/ HTTP/1.0\r\n\r\n", DISSECT_OK, HTTP_GET,
	  "http://u:p@a.example:8080/x?http://b/", "a.example:8080", "", -1, false },
	{ "a whole URI without a path", "GET https://a.example?x@y HTTP/1.0\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "https://a.example?x@y", "a.example", "", -1, false },
	{ "a whole URI and a host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "http://a/", "b", "", -1, false },
	{ "a version in lower case and a blank behind it", "GET / http/1.1 \r\nHost: a\r\n\r\n",
	  DISSECT_OK, HTTP_GET, "/", "a", "", -1, false },
	{ "a folded host", "GET / HTTP/1.1\r\nHost:\r\n \r\n\ta\r\nX: y\r\n\r\n", DISSECT_OK,
	  HTTP_GET, "/", "a", "", -1, false },
	{ "a body that begins with a blank",
	  "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n Host: a\r\n", DISSECT_OK, HTTP_POST, "/",
	  "", "", 9, false },
	{ "a method in lower case", "get / HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
	{ "SIP", "OPTIONS sip:a@example.com SIP/2.0\r\n\r\n", .want = DISSECT_OTHER },
	{ "HTTP/0.9", "GET /\r\n", .want = DISSECT_OTHER },
	{ "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", .want = DISSECT_OTHER },
	{ "a version without its digit", "GET / HTTP/1.\r\n\r\n", .want = DISSECT_OTHER },
	{ "a version with a letter", "GET / HTTP/1.x\r\n\r\n", .want = DISSECT_OTHER },
	{ "no target", "GET  HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
	{ "a blank target", "GET   HTTP/1.1\r\n\r\n", .want = DISSECT_OTHER },
};

struct response_case {
	const char *name;
	const char *head;
	enum dissect want;
	int want_status;
	const char *want_content_type;
	const char *want_server;
	int64_t want_content_length;
	bool want_truncated;
};

static struct response_case responses[] = {
	{ "200 with fields",
	  "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=x\r\n"
	  "Content-Length: 0\r\n\r\n",
	  DISSECT_OK, 200, "text/html; charset=x", "nginx", 0, false },
	{ "no reason", "HTTP/1.0 404\r\n\r\n", DISSECT_OK, 404, "", "", -1, false },
	{ "an empty reason", "HTTP/1.1 204 \r\n\r\n", DISSECT_OK, 204, "", "", -1, false },
	{ "a status beyond the registry", "HTTP/1.1 999 No\r\n\r\n", DISSECT_OK, 999, "", "", -1,
	  false },
	{ "a head without its end", "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: te", DISSECT_OK,
	  200, "", "x", -1, true },
	{ "a status line without its end", "HTTP/1.1 200 OK", .want = DISSECT_TRUNCATED },
	{ "a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", .want = DISSECT_OTHER },
	{ "a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", .want = DISSECT_OTHER },
	{ "a status below 100", "HTTP/1.1 099 OK\r\n\r\n", .want = DISSECT_OTHER },
	{ "no space before the status", "HTTP/1.1200 OK\r\n\r\n", .want = DISSECT_OTHER },
	{ "HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", .want = DISSECT_OTHER },
	{ "RTSP", "RTSP/1.0 200 OK\r\n\r\n", .want = DISSECT_OTHER },
};

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

static void check_length(bool has_one, uint64_t got, int64_t want)
{
	assert_int_equal(has_one, want >= 0);
	assert_true(got == (want >= 0 ? (uint64_t)want : 0));
}

/* A heap block of exactly that size, so that ASan sees an over-read. */
static uint8_t *copy_exact(const char *head, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert_non_null(exact);
	memcpy(exact, head, len);
	return exact;
}

/* What a head's prefix gives follows from where its first line ends. */
static void check_prefix(enum dissect got, enum dissect want, const char *head, size_t cut)
{
	size_t blank = strspn(head, "\r\n");
	bool first_line_is_whole = cut > blank && memchr(&head[blank], '\n', cut - blank) != NULL;

	if (want == DISSECT_OK)
		assert_int_equal(got, first_line_is_whole ? DISSECT_OK : DISSECT_TRUNCATED);
	else
		assert_true(got == want || got == DISSECT_TRUNCATED);
}

static void run_request(void **state)
{
	const struct request_case *c = *state;

	for (size_t cut = 0; cut <= strlen(c->head); cut++) {
		uint8_t *exact = copy_exact(c->head, cut);
		uint8_t untouched[sizeof(struct http_request)];
		struct http_request msg;

		memset(untouched, 0xa5, sizeof(untouched));
		memcpy(&msg, untouched, sizeof(msg));
		enum dissect got = dissect_http_request(cursor_over(exact, cut), &msg);

		check_prefix(got, c->want, c->head, cut);
		if (got != DISSECT_OK) {
			assert_memory_equal(&msg, untouched, sizeof(msg));
		} else {
			assert_int_equal(msg.method, c->want_method);
			assert_text(msg.target, c->want_target);
		}
		if (got == DISSECT_OK && cut == strlen(c->head)) {
			assert_text(msg.host, c->want_host);
			assert_text(msg.user_agent, c->want_user_agent);
			check_length(msg.has_content_length, msg.content_length,
				     c->want_content_length);
			assert_int_equal(msg.headers_truncated, c->want_truncated);
		}
		free(exact);
	}
}

static void run_response(void **state)
{
	const struct response_case *c = *state;

	for (size_t cut = 0; cut <= strlen(c->head); cut++) {
		uint8_t *exact = copy_exact(c->head, cut);
		uint8_t untouched[sizeof(struct http_response)];
		struct http_response msg;

		memset(untouched, 0xa5, sizeof(untouched));
		memcpy(&msg, untouched, sizeof(msg));
		enum dissect got = dissect_http_response(cursor_over(exact, cut), &msg);

		check_prefix(got, c->want, c->head, cut);
		if (got != DISSECT_OK)
			assert_memory_equal(&msg, untouched, sizeof(msg));
		else
			assert_int_equal(msg.status, c->want_status);
		if (got == DISSECT_OK && cut == strlen(c->head)) {
			assert_text(msg.content_type, c->want_content_type);
			assert_text(msg.server, c->want_server);
			check_length(msg.has_content_length, msg.content_length,
				     c->want_content_length);
			assert_int_equal(msg.headers_truncated, c->want_truncated);
		}
		free(exact);
	}
}

/* A request with so many fields, of which the last is a host. */
static struct http_request dissect_fields(size_t count)
{
	static const char line[] = "GET / HTTP/1.1\r\n";
	static const char field[] = "X: y\r\n";
	static const char host[] = "Host: a\r\n\r\n";
	char head[HTTP_FIELDS_MAX * 8];
	size_t len = sizeof(line) - 1;
	struct http_request msg;

	memcpy(head, line, len);
	for (size_t i = 1; i < count; i++) {
		memcpy(&head[len], field, sizeof(field) - 1);
		len += sizeof(field) - 1;
	}
	memcpy(&head[len], host, sizeof(host) - 1);
	len += sizeof(host) - 1;
	assert_int_equal(dissect_http_request(cursor_over(head, len), &msg), DISSECT_OK);
	return msg;
}

static void fields_have_a_limit(void **state)
{
	struct http_request msg = dissect_fields(HTTP_FIELDS_MAX);

	(void)state;
	assert_int_equal(msg.host.len, 1);
	assert_false(msg.headers_truncated);
	msg = dissect_fields(HTTP_FIELDS_MAX + 1);
	assert_int_equal(msg.host.len, 0);
	assert_true(msg.headers_truncated);
}

static void every_method_is_known_by_name(void **state)
{
	static const char *const names[] = {
		"GET",       "HEAD",     "POST",      "PUT",         "DELETE",
		"CONNECT",   "OPTIONS",  "TRACE",     "PATCH",       "PROPFIND",
		"PROPPATCH", "MKCOL",    "COPY",      "MOVE",        "LOCK",
		"UNLOCK",    "REPORT",   "SEARCH",    "SUBSCRIBE",   "UNSUBSCRIBE",
		"NOTIFY",    "M-SEARCH", "BITS_POST", "RPC_IN_DATA", "RPC_OUT_DATA",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char head[64];
		struct http_request msg;
		int len = snprintf(head, sizeof(head), "%s / HTTP/1.1\r\n\r\n", names[i]);

		assert_true(len > 0);
		assert_int_equal(dissect_http_request(cursor_over(head, (size_t)len), &msg),
				 DISSECT_OK);
		assert_int_equal(msg.method, i);
		assert_text(msg.method_name, names[i]);
	}
}

int main(void)
{
	struct CMUnitTest tests[2 + ARRAY_LEN(requests) + ARRAY_LEN(responses)] = {
		cmocka_unit_test(fields_have_a_limit),
		cmocka_unit_test(every_method_is_known_by_name),
	};
	size_t count = 2;

	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		tests[count++] = (struct CMUnitTest){ .name = requests[i].name,
						      .test_func = run_request,
						      .initial_state = &requests[i] };
	for (size_t i = 0; i < ARRAY_LEN(responses); i++)
		tests[count++] = (struct CMUnitTest){ .name = responses[i].name,
						      .test_func = run_response,
						      .initial_state = &responses[i] };
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
