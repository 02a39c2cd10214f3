#include "dissectors/ssdp.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { MESSAGE_MAX = 1024 };

/* What a whole message gave; NULL where a field is absent. */
struct want {
	enum ssdp_kind kind;
	const char *target;
	const char *nts;
	const char *usn;
	const char *uuid;
	const char *usn_type;
	const char *location;
	const char *server;
	const char *user_agent;
	const char *man;
	bool headers_truncated;
};

struct ssdp_case {
	const char *name;
	const char *message;
	enum dissect want;
	struct want fields;
};

#define DEVICE "f40c2981-7329-40b7-8b04-27f187aecfb5"

static struct ssdp_case cases[] = {
	{ "a search",
	  "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
	  "ST: ssdp:all\r\nUSER-AGENT: Linux/6.1 UPnP/2.0 Browser/1.0\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_SEARCH,
	    .target = "ssdp:all",
	    .man = "\"ssdp:discover\"",
	    .user_agent = "Linux/6.1 UPnP/2.0 Browser/1.0" } },
	{ "a device that comes",
	  "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
	  "LOCATION: http://192.0.2.1:80/desc.xml\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
	  "SERVER: Linux/5.4 UPnP/1.1 Router/1.0\r\nST: not its own\r\n"
	  "USN: uuid:" DEVICE "::upnp:rootdevice\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_NOTIFY,
	    .target = "upnp:rootdevice",
	    .nts = "ssdp:alive",
	    .usn = "uuid:" DEVICE "::upnp:rootdevice",
	    .uuid = DEVICE,
	    .usn_type = "upnp:rootdevice",
	    .location = "http://192.0.2.1:80/desc.xml",
	    .server = "Linux/5.4 UPnP/1.1 Router/1.0" } },
	{ "a device that goes",
	  "NOTIFY * HTTP/1.1\r\nNT:uuid:" DEVICE "\r\nNTS:ssdp:byebye\r\nUSN:uuid:" DEVICE
	  "\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_NOTIFY,
	    .target = "uuid:" DEVICE,
	    .nts = "ssdp:byebye",
	    .usn = "uuid:" DEVICE,
	    .uuid = DEVICE } },
	{ "an answer, with fields in lower case and bare line feeds",
	  "HTTP/1.1 200 OK\nnt: not its own\nst : upnp:rootdevice\nusn: UUID:x:y::z\nno colon\n\n"
	  "server: behind the head\n",
	  DISSECT_OK,
	  { .kind = SSDP_RESPONSE,
	    .target = "upnp:rootdevice",
	    .usn = "UUID:x:y::z",
	    .uuid = "x:y",
	    .usn_type = "z" } },
	{ "the first of a repeated field counts, even when empty",
	  "HTTP/1.0 200 OK\r\nST: a\r\nST: b\r\nSERVER:\r\nSERVER: c\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_RESPONSE, .target = "a" } },
	{ "a head without its end",
	  "HTTP/1.1 200\r\nST: roku:ecp\r\nUSN: roku:ecp:1\r\nSERVER: Roku",
	  DISSECT_OK,
	  { .kind = SSDP_RESPONSE,
	    .target = "roku:ecp",
	    .usn = "roku:ecp:1",
	    .headers_truncated = true } },
	{ "an answer that says only which device it is",
	  "HTTP/1.1 200 OK\r\nUSN: uuid:a:\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_RESPONSE, .usn = "uuid:a:", .uuid = "a:" } },
	{ "a head that ends before any name",
	  "NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n",
	  DISSECT_TRUNCATED,
	  { 0 } },
	{ "an answer of a web server",
	  "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
	  DISSECT_OTHER,
	  { 0 } },
	{ "an answer that is none",
	  "HTTP/1.1 404 Not Found\r\nST: a\r\n\r\n",
	  DISSECT_OTHER,
	  { 0 } },
	{ "an event of a device is HTTP",
	  "NOTIFY /event HTTP/1.1\r\nNT: upnp:event\r\n\r\n",
	  DISSECT_OTHER,
	  { 0 } },
	{ "an answer without a status", "HTTP/1.1\r\nST: a\r\n\r\n", DISSECT_OTHER, { 0 } },
	{ "a version of two digits", "HTTP/1.12 200 OK\r\nST: a\r\n\r\n", DISSECT_OTHER, { 0 } },
	{ "a start in lower case",
	  "m-search * http/1.1\r\nst: a\r\n\r\n",
	  DISSECT_OK,
	  { .kind = SSDP_SEARCH, .target = "a" } },
	{ "another method", "GET * HTTP/1.1\r\nST: a\r\n\r\n", DISSECT_OTHER, { 0 } },
	{ "a version that is none", "M-SEARCH * HTTP/1.x\r\nST: a\r\n\r\n", DISSECT_OTHER, { 0 } },
	{ "a version below the digits",
	  "M-SEARCH * HTTP/1.\r\nST: a\r\n\r\n",
	  DISSECT_OTHER,
	  { 0 } },
};

static void assert_text(struct span got, const char *want)
{
	size_t len = want ? strlen(want) : 0;

	assert_int_equal(got.len, len);
	if (len > 0)
		assert_memory_equal(got.data, want, len);
}

static void check(const struct ssdp *msg, const struct want *want)
{
	assert_int_equal(msg->kind, want->kind);
	assert_text(msg->target, want->target);
	assert_text(msg->nts, want->nts);
	assert_text(msg->usn, want->usn);
	assert_text(msg->uuid, want->uuid);
	assert_text(msg->usn_type, want->usn_type);
	assert_text(msg->location, want->location);
	assert_text(msg->server, want->server);
	assert_text(msg->user_agent, want->user_agent);
	assert_text(msg->man, want->man);
	assert_int_equal(msg->headers_truncated, want->headers_truncated);
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const char *message, size_t len, const struct want *want)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct ssdp)];
	struct ssdp msg;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&msg, untouched, sizeof(msg));
	memcpy(exact, message, len);
	enum dissect got = dissect_ssdp(cursor_over(exact, len), &msg);

	if (got == DISSECT_OK && want)
		check(&msg, want);
	if (got != DISSECT_OK)
		assert_memory_equal(&msg, untouched, sizeof(msg));
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct ssdp_case *c = *state;
	size_t len = strlen(c->message);

	assert_int_equal(dissect_copy(c->message, len, &c->fields), c->want);
	for (size_t cut = 0; cut < len; cut++) {
		enum dissect got = dissect_copy(c->message, cut, NULL);

		if (c->want == DISSECT_OTHER)
			assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OTHER ||
				    got == DISSECT_OK);
		else /* OK once a name has been read */
			assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OK);
	}
}

static void any_byte_may_be_wrong(void **state)
{
	static const char values[] = { '\0', '\n', '\r', ':', ' ', 'A', '\xff' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i].message);
		char message[MESSAGE_MAX];

		for (size_t at = 0; at < len; at++) {
			memcpy(message, cases[i].message, len);
			for (size_t v = 0; v < sizeof(values); v++) {
				message[at] = values[v];
				(void)dissect_copy(message, len, NULL);
			}
		}
	}
}

/* So many lines of nothing, then a target and the end. */
static enum dissect dissect_lines(int lines, bool *headers_truncated)
{
	static const char start[] = "HTTP/1.1 200 OK\r\nUSN: u\r\n";
	static const char end[] = "ST: a\r\n\r\n";
	char message[MESSAGE_MAX];
	size_t len = sizeof(start) - 1;
	struct ssdp msg;

	memcpy(message, start, len);
	for (int i = 0; i < lines; i++) {
		memcpy(&message[len], "x:\r\n", 4);
		len += 4;
	}
	memcpy(&message[len], end, sizeof(end) - 1);
	len += sizeof(end) - 1;
	enum dissect got = dissect_ssdp(cursor_over(message, len), &msg);

	if (got == DISSECT_OK) {
		assert_int_equal(msg.target.len, msg.headers_truncated ? 0 : 1);
		*headers_truncated = msg.headers_truncated;
	}
	return got;
}

static void lines_are_bounded(void **state)
{
	bool headers_truncated;

	(void)state;
	assert_int_equal(dissect_lines(SSDP_FIELDS_MAX - 2, &headers_truncated), DISSECT_OK);
	assert_false(headers_truncated);
	assert_int_equal(dissect_lines(SSDP_FIELDS_MAX - 1, &headers_truncated), DISSECT_OK);
	assert_true(headers_truncated);
}

static void a_first_line_is_bounded(void **state)
{
	static const char start[] = "M-SEARCH * HTTP/1.1";
	static char message[2 * 4096];
	struct ssdp msg;

	(void)state;
	memset(message, ' ', sizeof(message));
	memcpy(message, start, sizeof(start) - 1);
	assert_int_equal(dissect_ssdp(cursor_over(message, sizeof(message)), &msg),
			 DISSECT_MALFORMED);
}

enum { PLAIN_TESTS = 3 };

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + PLAIN_TESTS] = {
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(lines_are_bounded),
		cmocka_unit_test(a_first_line_is_bounded),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + PLAIN_TESTS] = (struct CMUnitTest){ .name = cases[i].name,
							      .test_func = run_case,
							      .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("ssdp", tests, NULL, NULL);
}
