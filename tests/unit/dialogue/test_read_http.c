#include "tests/unit/dialogue/dialogue_bench.h"

#define GET_A         "GET /a HTTP/1.1\r\nHost: A.example\r\n\r\n"
#define GET_A_LINE    "> http.request method=GET host=a.example uri=/a\n"
#define OK_EMPTY      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_EMPTY_LINE "< http.response status=200 content_length=0\n"

static const struct dialogue_part plain[] = {
	CLIENT("GET /a HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\n\r\n"),
	SERVER("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
	CLIENT("GET /b HTTP/1.1\r\nHost: a.example\r\n\r\n"),
	SERVER("HTTP/1.1 304 Not Modified\r\n\r\n"),
};

/* Requests that do not wait for answers; HEAD's has no body, whatever its length says. */
static const struct dialogue_part pipelined[] = {
	CLIENT(GET_A "HEAD /h HTTP/1.1\r\nHost: a.example\r\n\r\n" GET_A),
	SERVER(OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" OK_EMPTY),
};

static const struct dialogue_part chunked[] = {
	CLIENT("POST /p HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
	       "4\r\nGET \r\n0\r\n\r\n" GET_A),
	SERVER("HTTP/1.1 100 Continue\r\n\r\n"),
	SERVER("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	       "8\r\nMZ\x90\x00\x03\x00\x00\x00\r\n0\r\n\r\n" OK_EMPTY),
};

/* What is behind CONNECT is another protocol, here HTTP once more. */
static const struct dialogue_part proxied[] = {
	CLIENT("GET http://B.example:8080/x HTTP/1.1\r\nProxy-Authorization: Basic "
	       "YW5uYTpzZWNyZXQ=\r\n\r\n"),
	SERVER("HTTP/1.1 407 No\r\nContent-Length: 0\r\nProxy-Authenticate: Basic realm=x\r\n\r\n"),
	CLIENT("CONNECT c.example:443 HTTP/1.1\r\n\r\n"),
	SERVER("HTTP/1.1 200 Connection established\r\n\r\n"),
	CLIENT(GET_A),
	SERVER(OK_EMPTY),
};

/* Passwords in URIs, and what only looks like one. */
static const struct dialogue_part secrets[] = {
	CLIENT("GET http://anna:secret@a.example:80/x:y@z HTTP/1.1\r\n"
	       "Referer: https://ben:hid@den@b.example/\r\n\r\n"),
	SERVER("HTTP/1.1 302 Found\r\nLocation: ftp://c:d@c.example/\r\nContent-Length: 0\r\n\r\n"),
	CLIENT("GET http://a.example:80/me:x@y HTTP/1.1\r\n\r\n"),
};

static const struct dialogue_part to_close[] = {
	CLIENT(GET_A),
	SERVER("HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 404 this is content\r\n\r\n"),
};

/* A program is one whatever the first chunks, and the next request is none of a body. */
static const struct dialogue_part small_pieces[] = {
	CLIENT("PUT /p HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\nM"
	       "ZAP /z HTTP/1.1\r\nHost: a.example\r\n\r\n"),
	SERVER(OK_EMPTY "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			"1\r\nM\r\n1\r\nZ\r\n4\r\n\x90\x00\x03\x00\r\n0\r\n\r\n" OK_EMPTY),
};

#define OK_ABC      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
#define OK_ABC_LINE "< http.response status=200 content_length=3\n"

/* More requests than are remembered: the answer to the ninth is not one to the tenth's HEAD. */
static const struct dialogue_part many[] = {
	CLIENT(GET_A GET_A GET_A GET_A GET_A GET_A GET_A GET_A GET_A),
	SERVER(OK_ABC),
	CLIENT("HEAD /h HTTP/1.1\r\nHost: a.example\r\n\r\n"),
	SERVER(OK_ABC OK_ABC OK_ABC OK_ABC OK_ABC OK_ABC OK_ABC OK_ABC OK_EMPTY),
};

/* Servers differ in which one they believe. */
static const struct dialogue_part ambiguous[] = {
	CLIENT("GET /a HTTP/1.1\r\nHost: A.example\r\nHost: b.example\r\n\r\n"),
	CLIENT("GET /b HTTP/1.1\r\nHost: A.example\r\nHost: A.example\r\n\r\n"),
	CLIENT("POST /c HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n"
	       "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CLIENT("POST /d HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n"
	       "Content-Length: 2\r\n\r\nx"),
	CLIENT(GET_A),
};

static const struct dialogue_part other[] = {
	CLIENT("hello there\r\n"),
	SERVER("HTTP is fine\r\n"),
};

#define NOISE "\x9a\x01\xe3\x04\x7f\x80\x10\x02\xfe\x33\x05\x91\x1c\xab\x0e\x44"

static const struct dialogue_part disguised[] = {
	CLIENT("GET / HTTP/1.1\r\nHost: a.example\r\nAccept-Language: ja\r\n"
	       "Accept-Encoding: gzip\r\nCookie: a=b\r\n\r\n"),
	SERVER("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 32\r\n\r\n" NOISE
		       NOISE),
	CLIENT("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"),
	SERVER("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 32\r\n"
	       "Content-Encoding: br\r\n\r\n" NOISE NOISE),
};

static struct dialogue dialogues[] = {
	{ "two requests on one connection", 80, plain, ARRAY_LEN(plain),
	  "> http.request method=GET host=a.example uri=/a user_agent=x\n"
	  "< http.response status=200 content_length=5\n"
	  "> http.request method=GET host=a.example uri=/b\n"
	  "< http.response status=304\n" },
	{ "requests that do not wait", 80, pipelined, ARRAY_LEN(pipelined),
	  GET_A_LINE "> http.request method=HEAD host=a.example uri=/h\n" GET_A_LINE OK_EMPTY_LINE
		     "< http.response status=200 content_length=4000\n" OK_EMPTY_LINE },
	{ "bodies in chunks, one of them a program", 8080, chunked, ARRAY_LEN(chunked),
	  "> http.request method=POST host=a.example uri=/p\n" GET_A_LINE
	  "< http.response status=100\n"
	  "< http.response status=200\n"
	  "< http.body file_kind=mz executable\n" OK_EMPTY_LINE },
	{ "through a proxy, its password untold", 3128, proxied, ARRAY_LEN(proxied),
	  "> http.request method=GET target_host=b.example:8080 uri=http://B.example:8080/x "
	  "auth=basic "
	  "user=anna password\n"
	  "< http.response status=407 content_length=0 auth=basic\n"
	  "> http.request method=CONNECT target_host=c.example:443 uri=c.example:443\n"
	  "< http.response status=200\n" GET_A_LINE OK_EMPTY_LINE },
	{ "passwords in URIs", 3128, secrets, ARRAY_LEN(secrets),
	  "> http.request method=GET target_host=a.example:80 "
	  "uri=http://anna:***@a.example:80/x:y@z "
	  "password referer=https://ben:***@b.example/ password\n"
	  "< http.response status=302 content_length=0 location=ftp://c:***@c.example/ password\n"
	  "> http.request method=GET target_host=a.example:80 uri=http://a.example:80/me:x@y\n" },
	{ "a page that is no text", 80, disguised, ARRAY_LEN(disguised),
	  "> http.request method=GET host=a.example uri=/ accept_language=ja accept_encoding=gzip "
	  "cookies\n"
	  "< http.response status=200 content_type=text/html content_length=32\n"
	  "< http.body file_kind=unknown mismatch\n"
	  "> http.request method=GET host=a.example uri=/\n"
	  "< http.response status=200 content_type=text/html content_length=32\n" },
	{ "a body up to the end", 80, to_close, ARRAY_LEN(to_close),
	  GET_A_LINE "< http.response status=200\n" },
	{ "bodies in small pieces", 80, small_pieces, ARRAY_LEN(small_pieces),
	  "> http.request method=PUT host=a.example uri=/p content_length=1\n"
	  "> http.request method=ZAP host=a.example uri=/z\n" OK_EMPTY_LINE
	  "< http.response status=200\n"
	  "< http.body file_kind=mz executable\n" OK_EMPTY_LINE },
	{ "more requests than are remembered", 80, many, ARRAY_LEN(many),
	  GET_A_LINE GET_A_LINE GET_A_LINE GET_A_LINE GET_A_LINE GET_A_LINE GET_A_LINE GET_A_LINE
		  GET_A_LINE OK_ABC_LINE
	  "> http.request method=HEAD host=a.example uri=/h\n" OK_ABC_LINE OK_ABC_LINE OK_ABC_LINE
		  OK_ABC_LINE OK_ABC_LINE OK_ABC_LINE OK_ABC_LINE OK_ABC_LINE OK_EMPTY_LINE },
	{ "heads that say two things", 80, ambiguous, ARRAY_LEN(ambiguous),
	  "> http.request method=GET host=a.example uri=/a conflict\n"
	  "> http.request method=GET host=a.example uri=/b\n"
	  "> http.request method=POST host=a.example uri=/c content_length=5 conflict\n"
	  "> http.request method=POST host=a.example uri=/d content_length=1 "
	  "conflict\n" GET_A_LINE },
	{ "what is no HTTP", 80, other, ARRAY_LEN(other), "" },
};

static struct dialogue_bench *open_bench(void)
{
	struct dialogue_bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	assert_int_equal(sessions_new(&bench->sessions, NULL, NULL), ERR_OK);
	dialogue_begin(bench, 80);
	return bench;
}

static void close_bench(struct dialogue_bench *bench, const char *lines)
{
	assert_string_equal(bench->lines, lines);
	sessions_drop(bench->sessions, bench->handle);
	sessions_free(bench->sessions);
	free(bench);
}

static void hear(struct dialogue_bench *bench, bool from_client, const char *text)
{
	dialogue_hear(bench, from_client, text, strlen(text));
}

/* The client has what the capture lacks, as its next request says. */
static void an_answer_behind_lost_bytes_is_read(void **state)
{
	struct dialogue_bench *bench = open_bench();

	(void)state;
	hear(bench, true, GET_A);
	bench->next[0] += 1460;
	hear(bench, false, "the end of a page</html>");
	hear(bench, true, GET_A);
	hear(bench, false, OK_EMPTY);
	close_bench(bench, GET_A_LINE GET_A_LINE OK_EMPTY_LINE);
}

/* Nobody has acknowledged them: they may still come. */
static void a_gap_is_waited_for(void **state)
{
	const char *head = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n";
	struct dialogue_bench *bench = open_bench();
	uint32_t before = bench->next[0];

	(void)state;
	hear(bench, true, GET_A);
	bench->next[0] += (uint32_t)strlen(head);
	hear(bench, false, OK_EMPTY);
	assert_string_equal(bench->lines, GET_A_LINE);
	bench->next[0] = before;
	hear(bench, false, head);
	close_bench(bench, GET_A_LINE "< http.response status=200 content_length=50\n");
}

/* A keep-alive's byte, which is of an older message, is all that is seen before a request. */
static void a_request_behind_unknown_bytes_is_read(void **state)
{
	struct dialogue_bench *bench = open_bench();

	(void)state;
	dialogue_hear(bench, true, "\0", 1);
	hear(bench, true, GET_A);
	hear(bench, false, OK_EMPTY);
	close_bench(bench, GET_A_LINE OK_EMPTY_LINE);
}

static void a_syn_without_a_number_hides_nothing(void **state)
{
	struct dialogue_bench *bench = open_bench();

	(void)state;
	bench->first = bench->next[1] + 1;
	bench->has_first = true;
	hear(bench, true, GET_A);
	close_bench(bench, GET_A_LINE);
}

int main(void)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(an_answer_behind_lost_bytes_is_read),
		cmocka_unit_test(a_gap_is_waited_for),
		cmocka_unit_test(a_request_behind_unknown_bytes_is_read),
		cmocka_unit_test(a_syn_without_a_number_hides_nothing),
	};
	int failed = dialogue_run_all("read_http", dialogues, ARRAY_LEN(dialogues));

	return failed +
	       _cmocka_run_group_tests("read_http_streams", more, ARRAY_LEN(more), NULL, NULL);
}
