#include "dissectors/http.h"

#include "tests/unit/dissectors/exact.h"

static struct http_request request_of(const char *head)
{
	struct http_request msg;

	assert_int_equal(dissect_http_request(cursor_over(head, strlen(head)), &msg), DISSECT_OK);
	return msg;
}

static struct http_response response_of(const char *head)
{
	struct http_response msg;

	assert_int_equal(dissect_http_response(cursor_over(head, strlen(head)), &msg), DISSECT_OK);
	return msg;
}

static void request_fields_are_read(void **state)
{
	static const char head[] =
		"\r\nPOST /up HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
		"Referer: http://b/\r\nAccept-Language: ja\r\nAccept-Encoding: gzip\r\nCookie: "
		"c=1\r\n"
		"Expect: 100-continue\r\nX-Forwarded-For: 192.0.2.1\r\n"
		"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
		"Transfer-Encoding: gzip, Chunked\r\n"
		"Authorization: basic dTpw\r\n"
		"Proxy-Authorization: NTLM TlRMTVNTUAAB\r\n\r\n";
	static const char body[] = "0\r\n\r\n";
	char both[sizeof(head) + sizeof(body)];

	(void)state;
	(void)snprintf(both, sizeof(both), "%s%s", head, body);
	struct http_request msg = request_of(both);

	assert_int_equal(msg.head_len, strlen(head));
	assert_text(msg.content_type, "text/plain");
	assert_text(msg.referer, "http://b/");
	assert_text(msg.accept_language, "ja");
	assert_text(msg.accept_encoding, "gzip");
	assert_text(msg.expect, "100-continue");
	assert_text(msg.upgrade, "websocket");
	assert_true(msg.has_cookie && msg.has_forwarded_for && msg.is_chunked);
	assert_false(msg.host_is_target);
	assert_int_equal(msg.auth.schemes, HTTP_AUTH_BASIC);
	assert_text(msg.auth.credentials, "dTpw");
	assert_int_equal(msg.proxy_auth.schemes, HTTP_AUTH_NTLM);
	assert_text(msg.proxy_auth.credentials, "TlRMTVNTUAAB");
	assert_int_equal(http_request_body(&msg), HTTP_BODY_CHUNKED);
}

static void upgrade_needs_connection(void **state)
{
	struct http_request msg = request_of("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n");

	(void)state;
	assert_text(msg.upgrade, "");
	assert_int_equal(http_request_body(&msg), HTTP_BODY_NONE);
	msg = request_of("GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n");
	assert_int_equal(http_request_body(&msg), HTTP_BODY_LENGTH);
}

static void host_of_a_target_is_told_apart(void **state)
{
	(void)state;
	assert_true(request_of("CONNECT a:443 HTTP/1.1\r\n\r\n").host_is_target);
	assert_true(request_of("GET http://a/ HTTP/1.1\r\n\r\n").host_is_target);
	assert_false(request_of("GET /http://a/ HTTP/1.1\r\n\r\n").host_is_target);
}

static void head_len_is_none_while_cut(void **state)
{
	(void)state;
	assert_int_equal(request_of("GET / HTTP/1.1\r\nHost: a\r\n").head_len, 0);
	assert_int_equal(request_of("GET / HTTP/1.1\n\nGET").head_len,
			 strlen("GET / HTTP/1.1\n\n"));
	assert_int_equal(response_of("HTTP/1.1 200 OK\r\n\r").head_len, 0);
	assert_int_equal(response_of("HTTP/1.1 200 OK\r\n\r\n").head_len,
			 strlen("HTTP/1.1 200 OK\r\n\r\n"));
}

/* Of each beginning of the line: what it is, and the target as far as it goes. */
static void first_lines_that_are_cut(void **state)
{
	static const char line[] = "\r\nGET /ab c HTTP/1.1";
	enum { NAMED = 6, TARGET = 3 };

	(void)state;
	for (size_t len = 0; len < sizeof(line); len++) {
		uint8_t *exact = exact_copy(line, len);
		struct http_request msg = { .host_is_target = true };
		size_t target = len <= NAMED + TARGET ? len - NAMED : TARGET;
		enum dissect got = dissect_http_request_cut(cursor_over(exact, len), &msg);

		assert_int_equal(got, len <= NAMED ? DISSECT_TRUNCATED : DISSECT_OK);
		assert_int_equal(msg.host_is_target, len <= NAMED);
		if (got == DISSECT_OK) {
			assert_text(msg.method_name, "GET");
			assert_int_equal(msg.target.len, target);
			assert_memory_equal(msg.target.data, "/ab", target);
			assert_int_equal(msg.head_len, 0);
		}
		free(exact);
	}
}

static void what_is_no_cut_line(void **state)
{
	static const char *const lines[] = { "DATA /a HTTP", "GET /a\n", "get /a", "GET  a" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct http_request msg;

		assert_int_equal(
			dissect_http_request_cut(cursor_over(lines[i], strlen(lines[i])), &msg),
			DISSECT_OTHER);
	}
}

static void response_fields_are_read(void **state)
{
	struct http_response msg = response_of(
		"HTTP/1.1 401 Not now \r\nLocation: /login\r\nSet-Cookie: a=b\r\nUpgrade: h2c\r\n"
		"WWW-Authenticate: Digest realm=\"a, Bearer b\", nonce=\"x\"\r\n"
		"WWW-Authenticate: Negotiate TlRMTVNT==, Basic realm=\"y\"\r\n"
		"WWW-Authenticate: Kerberos,,\r\nWWW-Authenticate:\r\n"
		"Proxy-Authenticate: Bearer\r\n"
		"Transfer-Encoding: gzip\r\n\r\n");

	(void)state;
	assert_text(msg.reason, "Not now");
	assert_text(msg.location, "/login");
	assert_text(msg.upgrade, "h2c");
	assert_true(msg.has_set_cookie && msg.has_transfer_encoding);
	assert_false(msg.is_chunked);
	assert_int_equal(msg.auth.schemes, HTTP_AUTH_DIGEST | HTTP_AUTH_NEGOTIATE |
						   HTTP_AUTH_BASIC | HTTP_AUTH_OTHER);
	assert_text(msg.auth.credentials, "TlRMTVNT==");
	assert_int_equal(msg.proxy_auth.schemes, HTTP_AUTH_BEARER);
}

static void file_names(void **state)
{
	static const char *const want[][2] = {
		{ "attachment; filename=\"a b.exe\"; size=1", "a b.exe" },
		{ "attachment;FileName=a.exe", "a.exe" },
		{ "attachment; filename*=UTF-8''b%20.exe; filename=a.exe", "a.exe" },
		{ "attachment; filename*=UTF-8'en'b%20.exe", "b%20.exe" },
		{ "inline", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		char head[256];

		(void)snprintf(head, sizeof(head),
			       "HTTP/1.1 200 OK\r\nContent-Disposition: %s\r\n\r\n", want[i][0]);
		assert_text(response_of(head).file_name, want[i][1]);
	}
}

static void bodies_of_responses(void **state)
{
	static const struct {
		const char *head;
		enum http_method method;
		enum http_body want;
	} rows[] = {
		{ "HTTP/1.1 200 OK\r\n\r\n", HTTP_GET, HTTP_BODY_TO_CLOSE },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTP_GET, HTTP_BODY_LENGTH },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", HTTP_GET, HTTP_BODY_NONE },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTP_HEAD, HTTP_BODY_NONE },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		  HTTP_GET, HTTP_BODY_CHUNKED },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n",
		  HTTP_GET, HTTP_BODY_TO_CLOSE },
		{ "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", HTTP_GET, HTTP_BODY_NONE },
		{ "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n", HTTP_GET, HTTP_BODY_NONE },
		{ "HTTP/1.1 100 Go\r\n\r\n", HTTP_POST, HTTP_BODY_NONE },
		{ "HTTP/1.1 101 Go\r\n\r\n", HTTP_GET, HTTP_BODY_TUNNEL },
		{ "HTTP/1.1 200 Go\r\n\r\n", HTTP_CONNECT, HTTP_BODY_TUNNEL },
		{ "HTTP/1.1 407 No\r\nContent-Length: 5\r\n\r\n", HTTP_CONNECT, HTTP_BODY_LENGTH },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_response msg = response_of(rows[i].head);

		assert_int_equal(http_response_body(&msg, rows[i].method), rows[i].want);
	}
}

static void winrm_is_told_by_its_path(void **state)
{
	static const struct {
		const char *head;
		bool want;
	} rows[] = {
		{ "POST /wsman HTTP/1.1\r\n\r\n", true },
		{ "POST /wsman?PSVersion=5.1 HTTP/1.1\r\n\r\n", true },
		{ "POST http://a:5985/wsman/ HTTP/1.1\r\n\r\n", true },
		{ "POST /wsmanage HTTP/1.1\r\n\r\n", false },
		{ "POST a/wsman HTTP/1.1\r\n\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_request msg = request_of(rows[i].head);

		assert_int_equal(http_is_winrm(&msg), rows[i].want);
	}
}

/* Whatever a byte becomes, nothing is read outside; ASan watches. */
static void every_byte_may_change(void **state)
{
	static const char head[] =
		"GET http://a/ HTTP/1.1\r\nHost: b\r\n c\r\nConnection: close\r\n"
		"WWW-Authenticate: Basic realm=\"x\"\r\n\r\n";
	uint8_t *exact = exact_copy(head, strlen(head));

	(void)state;
	for (size_t at = 0; at < strlen(head); at++) {
		for (unsigned value = 0; value <= UINT8_MAX; value++) {
			struct http_request msg;

			exact[at] = (uint8_t)value;
			if (dissect_http_request(cursor_over(exact, strlen(head)), &msg) ==
			    DISSECT_OK)
				assert_true(msg.target.len > 0 && msg.head_len <= strlen(head));
		}
		exact[at] = (uint8_t)head[at];
	}
	free(exact);
}

static void first_lines_have_a_limit(void **state)
{
	enum { LEN = HTTP_LINE_MAX + 16 };
	uint8_t *long_line = malloc(LEN);
	struct http_request request;
	struct http_response response;

	(void)state;
	assert_non_null(long_line);
	memset(long_line, 'a', LEN);
	memcpy(long_line, "GET ", 4);
	assert_int_equal(dissect_http_request(cursor_over(long_line, LEN), &request),
			 DISSECT_MALFORMED);
	memcpy(long_line, "HTTP/1.1 ", 9);
	assert_int_equal(dissect_http_response(cursor_over(long_line, LEN), &response),
			 DISSECT_MALFORMED);
	free(long_line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_fields_are_read),
		cmocka_unit_test(upgrade_needs_connection),
		cmocka_unit_test(host_of_a_target_is_told_apart),
		cmocka_unit_test(head_len_is_none_while_cut),
		cmocka_unit_test(first_lines_that_are_cut),
		cmocka_unit_test(what_is_no_cut_line),
		cmocka_unit_test(response_fields_are_read),
		cmocka_unit_test(file_names),
		cmocka_unit_test(bodies_of_responses),
		cmocka_unit_test(winrm_is_told_by_its_path),
		cmocka_unit_test(every_byte_may_change),
		cmocka_unit_test(first_lines_have_a_limit),
	};

	return cmocka_run_group_tests_name("http_fields", tests, NULL, NULL);
}
