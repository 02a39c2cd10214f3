/* What readers are shown of a stream, whatever the network and the capture have made of it. */
#include "tests/unit/dialogue/dialogue_bench.h"

#include <stdlib.h>

enum {
	CUTS_MAX = 48,
	OWNER = 1,
	ASKED = 39, /* length of each below */
	REQUEST = 28,
	RESPONSE = 43,
	LONG_REQUEST = REQUEST + 45,
};

#define GET(name) "GET /" name " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LONG_GET(name) \
	"GET /" name " HTTP/1.1\r\nHost: a\r\nX: 0123456789012345678901234567890123456789\r\n\r\n"
#define FOUND "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define ASK   "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"
#define AGREE "HTTP/1.1 200 OK\r\n\r\n"
/* A TLS client hello for a.example: one record of 70 bytes. */
#define HELLO                                                                                   \
	"\x16\x03\x01\x00\x41\x01\x00\x00\x3d\x03\x03" ZEROES_32 "\x00\x00\x02\x13\x01\x01\x00" \
	"\x00\x12\x00\x00\x00\x0e\x00\x0c\x00\x00\x09"                                          \
	"a.example"
#define ZEROES_32 ZEROES_8 ZEROES_8 ZEROES_8 ZEROES_8
#define ZEROES_8  "\0\0\0\0\0\0\0\0"
#define TOLD_ASK  "> http.request method=CONNECT host=a:443 uri=a:443\n"
#define TOLD_HELLO                                                                       \
	"> tls.client_hello transport=tcp version=TLS 1.2 sni=a.example "                \
	"ja3=1e7c622032b0cb79401b0f7be3793a1a ja4=t12d010100_0f2cb44170f4_000000000000 " \
	"ja4_r=t12d010100_1301_\n"                                                       \
	"< tls.alert level=fatal status=40\n"
#define TOLD_GET(name) "> http.request method=GET host=a uri=/" name "\n"
#define TOLD_FOUND     "< http.response status=200 content_length=5\n"

_Static_assert(sizeof(ASK) - 1 == ASKED && sizeof(HELLO) - 1 == 70, "cuts below count on it");
_Static_assert(sizeof(GET("a")) - 1 == REQUEST, "cuts below count on it");
_Static_assert(sizeof(LONG_GET("a")) - 1 == LONG_REQUEST, "cuts below count on it");
_Static_assert(sizeof(FOUND) - 1 == RESPONSE, "cuts below count on it");

/* One packet: `len` bytes of a side's words from `at` on. */
struct cut {
	bool from_client;
	uint32_t at;
	uint32_t len;
	const char *instead;   /* other bytes, where the words would differ */
	uint32_t not_captured; /* of its end */
	bool is_alone;
	bool knows_first;
	uint32_t acknowledged; /* of the other side's words; 0: all that were shown in order */
};

struct session_case {
	const char *name;
	const char *client;
	const char *server;
	struct cut cuts[CUTS_MAX]; /* ended by one without bytes */
	const char *lines;
};

#define UP(from, bytes)                                           \
	{                                                         \
		.from_client = true, .at = (from), .len = (bytes) \
	}
#define DOWN(from, bytes)                    \
	{                                    \
		.at = (from), .len = (bytes) \
	}

static struct session_case cases[] = {
	{ "in order",
	  GET("a") GET("b"),
	  FOUND FOUND,
	  { UP(0, REQUEST), DOWN(0, RESPONSE), UP(REQUEST, REQUEST), DOWN(RESPONSE, RESPONSE) },
	  TOLD_GET("a") TOLD_FOUND TOLD_GET("b") TOLD_FOUND },
	{ "two requests in one packet",
	  GET("a") GET("b"),
	  FOUND FOUND,
	  { UP(0, 2 * REQUEST), DOWN(0, 2 * RESPONSE) },
	  TOLD_GET("a") TOLD_GET("b") TOLD_FOUND TOLD_FOUND },
	{ "a border inside the second of two",
	  GET("a") GET("b"),
	  "",
	  { UP(0, REQUEST + 9), UP(REQUEST + 9, REQUEST - 9) },
	  TOLD_GET("a") TOLD_GET("b") },
	{ "segments backwards",
	  GET("a"),
	  "",
	  { { .from_client = true, .at = 20, .len = 8, .knows_first = true },
	    UP(10, 10),
	    UP(0, 10) },
	  TOLD_GET("a") },
	{ "a retransmission is read once",
	  GET("a"),
	  FOUND,
	  { UP(0, REQUEST), UP(0, REQUEST), DOWN(0, RESPONSE), DOWN(0, 10), DOWN(0, RESPONSE) },
	  TOLD_GET("a") TOLD_FOUND },
	{ "an equal overlap is no conflict",
	  GET("a"),
	  "",
	  { UP(0, 12), UP(6, 12), UP(10, 18) },
	  TOLD_GET("a") },
	{ "a differing overlap is one, and the first bytes win",
	  GET("a"),
	  "",
	  { UP(0, 12),
	    { .from_client = true, .at = 4, .len = 8, .instead = "/evil HT" },
	    UP(12, 16) },
	  "> http.request method=GET host=a uri=/a conflict\n" },
	{ "a conflict is none of the next message",
	  GET("a") GET("b"),
	  "",
	  { UP(0, 12),
	    { .from_client = true, .at = 4, .len = 8, .instead = "/evil HT" },
	    UP(12, 16),
	    UP(REQUEST, REQUEST) },
	  "> http.request method=GET host=a uri=/a conflict\n" TOLD_GET("b") },
	{ "a gap that is filled",
	  GET("a") GET("b") GET("c"),
	  "",
	  { UP(0, REQUEST), UP(2 * REQUEST, REQUEST), UP(REQUEST, REQUEST) },
	  TOLD_GET("a") TOLD_GET("b") TOLD_GET("c") },
	{ "a gap that is not filled, acknowledged",
	  GET("a") GET("b") GET("c"),
	  FOUND FOUND FOUND,
	  { UP(0, REQUEST),
	    DOWN(0, RESPONSE),
	    UP(2 * REQUEST, REQUEST),
	    { .at = RESPONSE, .len = RESPONSE, .acknowledged = 2 * REQUEST },
	    { .at = 2 * RESPONSE, .len = RESPONSE, .acknowledged = 3 * REQUEST } },
	  TOLD_GET("a") TOLD_FOUND TOLD_GET("c") TOLD_FOUND TOLD_FOUND },
	{ "what stands before and behind such a gap",
	  GET("a") GET("b") GET("c"),
	  FOUND,
	  { UP(0, REQUEST),
	    UP(REQUEST, 20),
	    UP(2 * REQUEST, 20),
	    { .at = 0, .len = RESPONSE, .acknowledged = 2 * REQUEST + 20 },
	    UP(2 * REQUEST + 20, 8) },
	  TOLD_GET("a") "> http.request method=GET uri=/b (cut)\n" TOLD_FOUND TOLD_GET("c") },
	{ "several such gaps",
	  GET("a") GET("b") GET("c") GET("d"),
	  FOUND,
	  { UP(0, REQUEST),
	    UP(REQUEST + 4, 4),
	    UP(2 * REQUEST, 18),
	    UP(3 * REQUEST, REQUEST),
	    { .at = 0, .len = RESPONSE, .acknowledged = 4 * REQUEST } },
	  TOLD_GET("a") "> http.request method=GET uri=/c (cut)\n" TOLD_GET("d") TOLD_FOUND },
	{ "what stands alone behind a gap",
	  GET("a") GET("b") GET("c"),
	  "",
	  { UP(0, REQUEST),
	    UP(REQUEST, 20),
	    { .from_client = true, .at = 2 * REQUEST, .len = REQUEST, .is_alone = true } },
	  TOLD_GET("a") "> http.request method=GET uri=/b (cut)\n" TOLD_GET("c") },
	{ "alone and no beginning",
	  GET("a") GET("b") GET("c"),
	  "",
	  { UP(0, REQUEST),
	    { .from_client = true, .at = REQUEST + 4, .len = 10, .is_alone = true },
	    UP(2 * REQUEST, REQUEST) },
	  TOLD_GET("a") TOLD_GET("c") },
	{ "the capture cut a head",
	  GET("a") GET("b"),
	  "",
	  { { .from_client = true, .at = 0, .len = REQUEST, .not_captured = 8 },
	    UP(REQUEST, REQUEST) },
	  "> http.request method=GET uri=/a (cut)\n" TOLD_GET("b") },
	{ "the capture cut first lines",
	  GET("abcdef") GET("g"),
	  "",
	  { { .from_client = true, .at = 0, .len = REQUEST + 5, .not_captured = REQUEST - 2 },
	    { .from_client = true, .at = REQUEST + 5, .len = REQUEST, .not_captured = 20 } },
	  "> http.request method=GET uri=/ab (cut)\n> http.request method=GET uri=/g (cut)\n" },
	{ "the capture cut a banner",
	  "SSH-2.0-OpenSSH_9.2p1\r\n",
	  "SSH-2.0-x\r\n",
	  { { .from_client = true, .at = 0, .len = 23, .not_captured = 9 },
	    { .at = 0, .len = 11, .not_captured = 8 } },
	  "> ssh.banner banner=SSH-2.0-OpenSS (cut)\n" },
	{ "the capture cut a body that is skipped",
	  GET("a"),
	  FOUND FOUND,
	  { UP(0, REQUEST),
	    { .at = 0, .len = RESPONSE, .not_captured = 1 },
	    DOWN(RESPONSE, RESPONSE) },
	  TOLD_GET("a") TOLD_FOUND TOLD_FOUND },
	{ "the capture kept headers alone",
	  GET("a") GET("b"),
	  "",
	  { { .from_client = true, .at = 0, .len = REQUEST, .not_captured = REQUEST },
	    UP(REQUEST, REQUEST) },
	  TOLD_GET("b") },
	{ "first bytes that nobody knows, then a request in two packets",
	  "\x01\x02\x03\x04" GET("a"),
	  "",
	  { UP(0, 4), UP(4, 20), UP(24, 8) },
	  TOLD_GET("a") },
	{ "the same, and what follows it",
	  "\x01\x02\x03\x04" GET("a") GET("b"),
	  FOUND FOUND,
	  { UP(0, 4), UP(4, REQUEST), DOWN(0, RESPONSE), UP(4 + REQUEST, 20),
	    UP(4 + REQUEST + 20, 8), DOWN(RESPONSE, RESPONSE) },
	  TOLD_GET("a") TOLD_FOUND TOLD_GET("b") TOLD_FOUND },
	{ "the server speaks first",
	  GET("a"),
	  FOUND,
	  { DOWN(0, RESPONSE), UP(0, REQUEST) },
	  TOLD_FOUND TOLD_GET("a") },
	{ "an answer shown before its request",
	  GET("a") GET("b"),
	  FOUND,
	  { { .at = 0, .len = RESPONSE, .acknowledged = REQUEST },
	    UP(0, REQUEST),
	    UP(REQUEST, REQUEST) },
	  TOLD_FOUND TOLD_GET("a") TOLD_GET("b") },
	{ "the server's side alone",
	  "",
	  FOUND FOUND,
	  { DOWN(0, RESPONSE + 3), DOWN(RESPONSE + 3, RESPONSE - 3) },
	  TOLD_FOUND TOLD_FOUND },
	{ "a tail, then a request",
	  "end\r\n" GET("a"),
	  "",
	  { UP(0, 5), UP(5, REQUEST) },
	  TOLD_GET("a") },
	{ "a body that was not shown",
	  GET("a"),
	  "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nplain",
	  { UP(0, REQUEST), DOWN(0, 46) },
	  TOLD_GET("a") "< http.response status=200 content_length=9000\n" },
	{ "a body of 2^63 bytes",
	  GET("a"),
	  "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nabcdefghijk" FOUND FOUND
		  FOUND,
	  { UP(0, REQUEST), DOWN(0, 67), DOWN(67, 2 * RESPONSE),
	    DOWN(67 + 2 * RESPONSE, RESPONSE) },
	  TOLD_GET("a") "< http.response status=200 "
			"content_length=9223372036854775808\n" TOLD_FOUND },
	{ "a body of 2^64-1 bytes",
	  GET("a"),
	  "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nabcdefghij" FOUND,
	  { UP(0, REQUEST), DOWN(0, 67), DOWN(67, RESPONSE) },
	  TOLD_GET("a") "< http.response status=200 content_length=18446744073709551615\n" },
	{ "chunks, whatever their packets",
	  GET("a"),
	  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "5\r\nhello\r\n0\r\n\r\n" FOUND,
	  { UP(0, REQUEST), DOWN(0, 48), DOWN(48, 5), DOWN(53, 1), DOWN(54, 9), DOWN(63, 20),
	    DOWN(83, 23) },
	  TOLD_GET("a") "< http.response status=200\n" TOLD_FOUND },
	{ "another protocol begins in a tunnel",
	  ASK HELLO,
	  AGREE "\x15\x03\x03\x00\x02\x02\x28",
	  { UP(0, ASKED), DOWN(0, 19), UP(ASKED, 30), UP(ASKED + 30, 40), DOWN(19, 7) },
	  TOLD_ASK "< http.response status=200\n" TOLD_HELLO },
	{ "a chunk of more than a GiB",
	  GET("a"),
	  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "50000000\r\nhello" FOUND FOUND FOUND,
	  { UP(0, REQUEST), DOWN(0, 62), DOWN(62, 2 * RESPONSE),
	    DOWN(62 + 2 * RESPONSE, RESPONSE) },
	  TOLD_GET("a") "< http.response status=200\n" TOLD_FOUND },
	{ "the server's words were nobody's until the client spoke",
	  GET("a"),
	  "\x01\x02\x03\x04" FOUND,
	  { DOWN(0, 4), UP(0, REQUEST), DOWN(4, RESPONSE) },
	  TOLD_GET("a") TOLD_FOUND },
	{ "a segment half the number space away",
	  GET("a") GET("b"),
	  "",
	  { UP(0, REQUEST), UP(REQUEST + UINT32_C(0x80000000), 4), UP(REQUEST, REQUEST) },
	  TOLD_GET("a") TOLD_GET("b") },
	{ "a stream that went on unseen",
	  GET("a") GET("b"),
	  "",
	  { UP(0, REQUEST),
	    { .from_client = true,
	      .at = UINT32_C(0x90000000),
	      .len = REQUEST,
	      .instead = GET("b") } },
	  TOLD_GET("a") TOLD_GET("b") },
	{ "what looks like a beginning ahead of a gap waits for what is before it",
	  "POST /a HTTP/1.1\r\nHost: a\r\nX: " GET("b") "\r\n",
	  FOUND,
	  { { .from_client = true, .at = 31, .len = REQUEST, .knows_first = true },
	    UP(0, 31),
	    UP(31 + REQUEST, 2),
	    DOWN(0, RESPONSE) },
	  "> http.request method=POST host=a uri=/a\n" TOLD_FOUND },
	{ "a first message sent again as another",
	  LONG_GET("a") GET("c"),
	  "",
	  { UP(0, LONG_REQUEST),
	    { .from_client = true, .at = 0, .len = LONG_REQUEST, .instead = LONG_GET("b") },
	    { .from_client = true, .at = 0, .len = LONG_REQUEST, .instead = LONG_GET("b") },
	    UP(LONG_REQUEST, REQUEST) },
	  TOLD_GET("a") "> http.request method=GET host=a uri=/b conflict\n" TOLD_GET("c") },
	{ "the same in other pieces",
	  LONG_GET("a") GET("c"),
	  "",
	  { UP(0, LONG_REQUEST), UP(0, 40), UP(1, LONG_REQUEST - 1), UP(40, 50),
	    UP(LONG_REQUEST - 3, 3 + REQUEST) },
	  TOLD_GET("a") TOLD_GET("c") },
	{ "bytes far ahead, then what is before them in pieces",
	  GET("a") GET("b"),
	  FOUND,
	  { { .from_client = true, .at = 40000, .len = 4, .instead = "ZZZZ", .knows_first = true },
	    { .from_client = true, .at = 0, .len = 3, .knows_first = true },
	    UP(3, REQUEST - 3),
	    UP(REQUEST, REQUEST),
	    DOWN(0, RESPONSE) },
	  TOLD_GET("a") TOLD_GET("b") TOLD_FOUND },
	{ "a beginning far ahead that is not acknowledged",
	  GET("a") GET("b"),
	  FOUND,
	  { UP(0, REQUEST),
	    DOWN(0, RESPONSE),
	    { .from_client = true, .at = 40000, .len = REQUEST, .instead = GET("c") },
	    UP(REQUEST, 3),
	    UP(REQUEST + 3, REQUEST - 3) },
	  TOLD_GET("a") TOLD_FOUND TOLD_GET("b") },
};

static void session_gone(void *arg, uint32_t owner)
{
	uint32_t *last = arg;

	*last = owner;
}

static void start(struct dialogue_bench *bench, uint32_t *gone)
{
	memset(bench, 0, sizeof(*bench));
	assert_int_equal(sessions_new(&bench->sessions, session_gone, gone), ERR_OK);
	dialogue_begin(bench, 80);
}

static void stop(struct dialogue_bench *bench)
{
	sessions_drop(bench->sessions, bench->handle);
	sessions_free(bench->sessions);
	free(bench);
}

static struct dialogue_bench *bench_new(uint32_t *gone)
{
	struct dialogue_bench *bench = malloc(sizeof(*bench));

	assert_non_null(bench);
	start(bench, gone);
	return bench;
}

static enum session_state hear_cut(struct dialogue_bench *bench, const char *words,
				   const struct cut *cut, const uint32_t first[2],
				   uint32_t shown[2])
{
	static struct hearing hearing;
	bool up = cut->from_client;
	size_t len = cut->len - cut->not_captured;
	uint8_t *block = malloc(len + 1);
	uint32_t acknowledged = cut->acknowledged != 0 ? cut->acknowledged : shown[!up];
	enum session_state state;

	assert_non_null(block);
	if (cut->instead)
		memcpy(block, cut->instead, len);
	else if (cut->at < INT32_MAX)
		memcpy(block, words + cut->at, len);
	else
		memset(block, 'x', len);
	hearing.flow = test_flow(1, "192.168.1.10", "192.0.2.1", bench->port, TEST_TCP);
	hearing.from_client = up;
	hearing.told = dialogue_told;
	hearing.told_arg = bench;

	const struct session_segment segment = {
		.payload = { block, len },
		.payload_len = cut->len,
		.sequence = first[up] + cut->at,
		.acknowledged = first[!up] + acknowledged,
		.has_acknowledged = true,
		.first = first[up],
		.has_first = cut->knows_first,
		.is_alone = cut->is_alone,
	};

	state = sessions_hear(bench->sessions, &bench->handle, OWNER, &hearing, &segment);
	if (cut->at == shown[up])
		shown[up] += cut->len;
	assert_int_equal(hearing.from_client, up);
	free(block);
	return state;
}

static void run_case(void **state)
{
	const struct session_case *c = *state;
	const uint32_t firsts[][2] = { { 7, 1000 }, { UINT32_MAX - 9, UINT32_MAX - 30 } };
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		uint32_t shown[2] = { 0 };

		dialogue_begin(bench, 80);
		for (size_t k = 0; k < CUTS_MAX && c->cuts[k].len > 0; k++)
			(void)hear_cut(bench, c->cuts[k].from_client ? c->client : c->server,
				       &c->cuts[k], firsts[i], shown);
		assert_string_equal(bench->lines, c->lines);
	}
	stop(bench);
}

/* Opens one more session with part of a request, which takes a window. */
static uint32_t open_partial(struct dialogue_bench *bench, uint32_t owner)
{
	static const char part[] = "GET /a HT";
	static struct hearing hearing;
	uint32_t handle = 0;
	const struct session_segment segment = { .payload = { (const uint8_t *)part,
							      sizeof(part) - 1 },
						 .payload_len = sizeof(part) - 1,
						 .sequence = 100 };

	hearing.from_client = true;
	hearing.flow.server_port = 80;
	hearing.told = dialogue_told;
	hearing.told_arg = bench;
	assert_int_equal(sessions_hear(bench->sessions, &handle, owner, &hearing, &segment),
			 SESSION_WAITING);
	return handle;
}

static void the_longest_unheard_session_goes(void **state)
{
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	for (uint32_t i = 1; i <= SESSIONS_MAX; i++)
		(void)open_partial(bench, i);
	assert_int_equal(gone, 0);
	(void)open_partial(bench, SESSIONS_MAX + 1);
	assert_int_equal(gone, 1);
	(void)open_partial(bench, SESSIONS_MAX + 2);
	assert_int_equal(gone, 2);
	stop(bench);
}

/* The one whose window went is taken up where its next message begins. */
static void the_oldest_window_goes(void **state)
{
	const uint32_t first[2] = { 7, 1000 };
	const struct cut begun = UP(0, 20);
	const struct cut next = UP(REQUEST, REQUEST);
	uint32_t shown[2] = { 0 };
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	assert_int_equal(hear_cut(bench, GET("a") GET("b"), &begun, first, shown), SESSION_WAITING);
	for (uint32_t i = 1; i < SESSION_WINDOWS_MAX; i++)
		(void)open_partial(bench, 1 + i);
	assert_int_equal(sessions_stats(bench->sessions).windows_evicted, 0);
	(void)open_partial(bench, SESSION_WINDOWS_MAX + 1);
	assert_int_equal(sessions_stats(bench->sessions).windows_evicted, 1);
	assert_int_equal(hear_cut(bench, GET("a") GET("b"), &next, first, shown), SESSION_OPEN);
	assert_string_equal(bench->lines, TOLD_GET("b"));
	assert_int_equal(gone, 0);
	stop(bench);
}

static void what_nobody_knows_is_over(void **state)
{
	const uint32_t first[2] = { 7, 1000 };
	const struct cut up = UP(0, 4);
	const struct cut down = DOWN(0, 4);
	uint32_t shown[2] = { 0 };
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	bench->port = 40000;
	assert_int_equal(hear_cut(bench, "\x01\x02\x03\x04", &up, first, shown), SESSION_OPEN);
	assert_int_not_equal(bench->handle, 0);
	assert_int_equal(hear_cut(bench, "\x01\x02\x03\x04", &down, first, shown), SESSION_OVER);
	assert_int_equal(bench->handle, 0);
	assert_false(sessions_is_tls(bench->sessions, 0));
	sessions_drop(bench->sessions, 0);
	assert_string_equal(bench->lines, "");
	stop(bench);
}

static void conflicts_are_counted(void **state)
{
	const uint32_t first[2] = { 7, 1000 };
	const struct cut cuts[] = { UP(0, 12),
				    { .from_client = true, .at = 4, .len = 4, .instead = "/bad" },
				    UP(12, 16) };
	uint32_t shown[2] = { 0 };
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
		(void)hear_cut(bench, GET("a"), &cuts[i], first, shown);
	assert_int_equal(sessions_stats(bench->sessions).conflicting, 1);
	stop(bench);
}

#define TOLD_CUT "> http.request method=GET host=a uri=/a (cut)\n"

/* A head longer than the window is told with what there is, in one packet or in many. */
static void a_head_may_be_too_long(void **state)
{
	enum { LONG = 40000, PACKET = 1000 };
	const uint32_t first[2] = { 7, 1000 };
	static const char told[] = "> http.request method=GET host=a uri=/a (cut)\n";
	char *words = malloc(LONG + REQUEST);
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	assert_non_null(words);
	memset(words, 'x', LONG);
	memcpy(words, "GET /a HTTP/1.1\r\nHost: a\r\nX: ", 29);
	memcpy(words + LONG, GET("b"), REQUEST);
	for (uint32_t packet = PACKET; packet <= LONG; packet += LONG - PACKET) {
		uint32_t shown[2] = { 0 };
		const struct cut next = UP(LONG, REQUEST);

		dialogue_begin(bench, 80);
		for (uint32_t at = 0; at < LONG; at += packet) {
			const struct cut cut = UP(at, packet);

			(void)hear_cut(bench, words, &cut, first, shown);
		}
		assert_string_equal(bench->lines, told);
		(void)hear_cut(bench, words, &next, first, shown);
		assert_string_equal(bench->lines + strlen(told), TOLD_GET("b"));
	}
	free(words);
	stop(bench);
}

enum { SHUFFLED_MAX = 400, SEEDS = 2000, FIRST_CUT = 20 };

#define LONG_BODY ZEROES_32 ZEROES_32 ZEROES_32 ZEROES_32 ZEROES_32 ZEROES_32 ZEROES_32 ZEROES_32
#define CLIENT_WORDS \
	GET("a")     \
	GET("b") "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n" LONG_BODY GET("d")
#define SERVER_WORDS                                                  \
	FOUND "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" \
	      "100\r\n" LONG_BODY "\r\n5\r\nhello\r\n0\r\n\r\n" FOUND \
	      "HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n" LONG_BODY

/* One side in pieces, slightly out of order, some of them twice. The first stays the first. */
static size_t shuffled(bool from_client, uint32_t len, uint64_t *seed, struct cut *cuts)
{
	size_t count = 0;

	for (uint32_t at = 0; at < len;) {
		uint32_t piece = 1 + (uint32_t)(test_random(seed) % (test_random(seed) % 60 + 1));

		piece = at == 0 ? FIRST_CUT : piece;
		piece = piece < len - at ? piece : len - at;
		cuts[count++] = (struct cut){ .from_client = from_client, .at = at, .len = piece };
		if (count < SHUFFLED_MAX && test_random(seed) % 8 == 0) {
			cuts[count] = cuts[count - 1];
			count++;
		}
		at += piece;
		assert_true(count < SHUFFLED_MAX);
	}
	for (size_t i = 2; i < count; i++) {
		size_t back = test_random(seed) % 4;
		size_t other = i > back ? i - back : 1;
		struct cut one = cuts[i];

		cuts[i] = cuts[other];
		cuts[other] = one;
	}
	return count;
}

/* The lines of one side. */
static void assert_told(const struct dialogue_bench *bench, char side, const char *want)
{
	static char lines[DIALOGUE_LINES_MAX];
	size_t used = 0;

	for (const char *line = bench->lines; *line != '\0';) {
		size_t len = strcspn(line, "\n") + 1;

		if (line[0] == side) {
			memcpy(lines + used, line, len);
			used += len;
		}
		line += len;
	}
	lines[used] = '\0';
	assert_string_equal(lines, want);
}

/* How far a side was shown without a gap: what the other may acknowledge. */
static uint32_t shown_in_order(const struct cut *cuts, size_t count)
{
	uint32_t end = 0;

	for (size_t rounds = 0; rounds < count; rounds++) {
		uint32_t before = end;

		for (size_t i = 0; i < count; i++) {
			if (cuts[i].at <= end && cuts[i].at + cuts[i].len > end)
				end = cuts[i].at + cuts[i].len;
		}
		if (end == before)
			break;
	}
	return end;
}

/* Whatever the pieces and their order, the same is told of each side. */
static void the_order_of_segments_does_not_matter(void **state)
{
	static struct cut cuts[2][SHUFFLED_MAX];
	static const char *const words[2] = { SERVER_WORDS, CLIENT_WORDS };
	uint32_t gone = 0;
	struct dialogue_bench *bench = bench_new(&gone);

	(void)state;
	for (uint64_t run = 1; run <= SEEDS; run++) {
		uint64_t seed = run;
		uint32_t first[2] = { (uint32_t)test_random(&seed), (uint32_t)(0 - run % 900) };
		uint32_t shown[2] = { 0 };
		size_t counts[2] = {
			shuffled(false, sizeof(SERVER_WORDS) - 1, &seed, cuts[0]),
			shuffled(true, sizeof(CLIENT_WORDS) - 1, &seed, cuts[1]),
		};
		size_t done[2] = { 0 };

		dialogue_begin(bench, 80);
		while (done[0] < counts[0] || done[1] < counts[1]) {
			bool up = done[0] == counts[0] ||
				  (done[1] < counts[1] && test_random(&seed) % 2 == 0);

			(void)hear_cut(bench, words[up], &cuts[up][done[up]++], first, shown);
			shown[0] = shown_in_order(cuts[0], done[0]);
			shown[1] = shown_in_order(cuts[1], done[1]);
		}
		assert_told(bench, '>',
			    TOLD_GET("a") TOLD_GET("b") "> http.request method=POST host=a uri=/c "
							"content_length=256\n" TOLD_GET("d"));
		assert_told(bench, '<',
			    TOLD_FOUND "< http.response status=200\n" TOLD_FOUND
				       "< http.response status=200 content_length=256\n");
	}
	stop(bench);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 6] = { 0 };
	size_t n = 0;

	for (; n < ARRAY_LEN(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
						.test_func = run_case,
						.initial_state = &cases[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_longest_unheard_session_goes);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_oldest_window_goes);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_nobody_knows_is_over);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(conflicts_are_counted);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_head_may_be_too_long);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_order_of_segments_does_not_matter);
	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
