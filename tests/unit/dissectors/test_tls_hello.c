#include "dissectors/tls_hello.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	FRAGMENT_MAX = 16384,
	STREAM_MAX = 40000,
};

#define BYTES(s) (s), sizeof(s) - 1

#define RANDOM      "0123456789abcdef0123456789abcdef"
#define SESSION     "\x20" RANDOM
#define CIPHERS     "\0\x06\x13\x01\x13\x02\xc0\x2f"
#define CLIENT_HEAD "\x03\x03" RANDOM SESSION CIPHERS "\x01\0"
#define SERVER_HEAD "\x03\x03" RANDOM SESSION "\x13\x02\0"

#define SNI                        \
	"\0\0\0\x10\0\x0e\0\0\x0b" \
	"example.com"
#define ALPN     "\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1"
#define VERSIONS "\0\x2b\0\x07\x06\x7a\x7a\x03\x04\x03\x03"
#define ECH      "\xfe\x0d\0\x06\0\0\x01\0\x01\x2a"
#define GREASE   "\x1a\x1a\0\0"

struct stream {
	uint8_t bytes[STREAM_MAX];
	size_t len;
};

static void add(struct stream *s, const void *bytes, size_t len)
{
	assert_true(len <= sizeof(s->bytes) - s->len);
	memcpy(&s->bytes[s->len], bytes, len);
	s->len += len;
}

static void add_number(struct stream *s, size_t value, int bytes)
{
	while (bytes-- > 0) {
		uint8_t byte = (uint8_t)(value >> 8 * bytes);

		add(s, &byte, 1);
	}
}

static void add_record(struct stream *s, const uint8_t *fragment, size_t len)
{
	add(s, "\x16\x03\x01", 3);
	add_number(s, len, 2);
	add(s, fragment, len);
}

/* `message` cut into records of `size` bytes. */
static void add_records(struct stream *s, const struct stream *message, size_t size)
{
	for (size_t at = 0; at < message->len; at += size) {
		size_t left = message->len - at;

		add_record(s, &message->bytes[at], left < size ? left : size);
	}
}

static void build_message(struct stream *s, uint8_t type, const char *body, size_t len)
{
	s->len = 0;
	add(s, &type, 1);
	add_number(s, len, 3);
	add(s, body, len);
}

struct client_case {
	const char *name;
	const char *head;
	size_t head_len;
	const char *extensions; /* without their length */
	size_t extensions_len;
	enum dissect want;
	uint16_t want_version;
	uint16_t want_extensions;
	const char *want_sni;
	const char *want_alpn;
	bool want_ech;
	bool want_damaged;
	uint16_t want_ciphers; /* 0: the three of CIPHERS */
};

static struct client_case clients[] = {
	{ "all that is read", BYTES(CLIENT_HEAD), BYTES(GREASE SNI ALPN VERSIONS ECH), DISSECT_OK,
	  0x0304, 4, "example.com", "h2", true, false, 0 },
	{ "extensions that are skipped", BYTES(CLIENT_HEAD),
	  BYTES("\0\x17\0\0\xff\x01\0\x01\0" SNI), DISSECT_OK, 0, 3, "example.com", "", false,
	  false, 0 },
	{ "no extensions in their field", BYTES(CLIENT_HEAD), BYTES(""), DISSECT_OK, 0, 0, "", "",
	  false, false, 0 },
	{ "no session", BYTES("\x03\x01" RANDOM "\0" CIPHERS "\x01\0"), BYTES(SNI), DISSECT_OK, 0,
	  1, "example.com", "", false, false, 0 },
	{ "GREASE among the ciphers",
	  BYTES("\x03\x03" RANDOM "\0\0\x08\x2a\x2a\x13\x01\x13\x02\xc0\x2f\x01\0"), BYTES(SNI),
	  DISSECT_OK, 0, 1, "example.com", "", false, false, 0 },
	{ "versions of nothing but GREASE", BYTES(CLIENT_HEAD), BYTES("\0\x2b\0\x03\x02\x0a\x0a"),
	  DISSECT_OK, 0, 1, "", "", false, false, 0 },
	{ "a name of another type before the host", BYTES(CLIENT_HEAD),
	  BYTES("\0\0\0\x0b\0\x09\x07\0\x01x\0\0\x02"
		"ab"),
	  DISSECT_OK, 0, 1, "ab", "", false, true, 0 },
	{ "a name of another type alone", BYTES(CLIENT_HEAD), BYTES("\0\0\0\x06\0\x04\x07\0\x01x"),
	  DISSECT_OK, 0, 1, "x", "", false, true, 0 },
	{ "a session of 33 bytes", BYTES("\x03\x03" RANDOM "\x21x" RANDOM CIPHERS "\x01\0"),
	  BYTES(SNI), DISSECT_OK, 0, 1, "example.com", "", false, true, 0 },
	{ "half a cipher", BYTES("\x03\x03" RANDOM "\0\0\x03\x13\x01\x13\x01\0"), BYTES(SNI),
	  DISSECT_OK, 0, 1, "example.com", "", false, true, 1 },
	{ "no cipher but GREASE", BYTES("\x03\x03" RANDOM "\0\0\x04\x0a\x0a\x13\x01\x01\0"),
	  BYTES(SNI), DISSECT_OK, 0, 1, "example.com", "", false, false, 1 },
	{ "no compression", BYTES("\x03\x03" RANDOM "\0" CIPHERS "\0"), BYTES(SNI), DISSECT_OK, 0,
	  1, "example.com", "", false, true, 0 },
	{ "ciphers that reach beyond the message", BYTES("\x03\x03" RANDOM "\0\xff\xfe\x13\x01"),
	  BYTES(SNI), .want = DISSECT_MALFORMED },
	{ "an extension that reaches beyond the others", BYTES(CLIENT_HEAD),
	  BYTES(SNI "\0\x10\0\x0f\0\x0c\x02h2\x08http/1.1"), DISSECT_OK, 0, 2, "example.com", "",
	  false, true, 0 },
	{ "half an extension", BYTES(CLIENT_HEAD), BYTES(SNI "\0\x17\0"), DISSECT_OK, 0, 1,
	  "example.com", "", false, true, 0 },
	{ "an empty server name", BYTES(CLIENT_HEAD), BYTES("\0\0\0\0" ALPN), DISSECT_OK, 0, 2, "",
	  "h2", false, true, 0 },
	{ "an empty list of names", BYTES(CLIENT_HEAD), BYTES("\0\0\0\x02\0\0" ALPN), DISSECT_OK, 0,
	  2, "", "h2", false, true, 0 },
	{ "an empty name", BYTES(CLIENT_HEAD), BYTES("\0\0\0\x05\0\x03\0\0\0" ALPN), DISSECT_OK, 0,
	  2, "", "h2", false, true, 0 },
	{ "a host name that reaches beyond its list", BYTES(CLIENT_HEAD),
	  BYTES("\0\0\0\x07\0\x05\0\0\x03"
		"ab" ALPN),
	  DISSECT_OK, 0, 2, "", "h2", false, true, 0 },
	{ "bytes behind the list of names", BYTES(CLIENT_HEAD),
	  BYTES("\0\0\0\x08\0\x05\0\0\x02"
		"abc"),
	  DISSECT_OK, 0, 1, "ab", "", false, true, 0 },
	{ "a second host name, cut", BYTES(CLIENT_HEAD),
	  BYTES("\0\0\0\x0b\0\x09\0\0\x02"
		"ab\0\0\x02"
		"c"),
	  DISSECT_OK, 0, 1, "ab", "", false, true, 0 },
	{ "two server names", BYTES(CLIENT_HEAD), BYTES(SNI "\0\0\0\x06\0\x04\0\0\x01x"),
	  DISSECT_OK, 0, 2, "example.com", "", false, true, 0 },
	{ "two protocol lists", BYTES(CLIENT_HEAD), BYTES("\0\x10\0\x04\0\x02\x01x" ALPN),
	  DISSECT_OK, 0, 2, "", "x", false, true, 0 },
	{ "a protocol that reaches beyond its list", BYTES(CLIENT_HEAD),
	  BYTES("\0\x10\0\x06\0\x04\x02h2\x08" SNI), DISSECT_OK, 0, 2, "example.com", "h2", false,
	  true, 0 },
	{ "half a version", BYTES(CLIENT_HEAD), BYTES("\0\x2b\0\x04\x03\x03\x04\x03"), DISSECT_OK,
	  0x0304, 1, "", "", false, true, 0 },
	{ "ECH that ends too early", BYTES(CLIENT_HEAD), BYTES("\xfe\x0d\0\x03\0\0\x01"),
	  DISSECT_OK, 0, 1, "", "", true, true, 0 },
};

struct server_case {
	const char *name;
	const char *body; /* with the length of its extensions */
	size_t len;
	enum dissect want;
	uint16_t want_version;
	uint16_t want_cipher;
	const char *want_alpn;
	bool want_damaged;
};

static struct server_case servers[] = {
	{ "TLS 1.3", BYTES(SERVER_HEAD "\0\x0a\0\x2b\0\x02\x03\x04\0\x17\0\0"), DISSECT_OK, 0x0304,
	  0x1302, "", false },
	{ "TLS 1.2", BYTES(SERVER_HEAD "\0\x0e\xff\x01\0\x01\0\0\x10\0\x05\0\x03\x02h2"),
	  DISSECT_OK, 0x0303, 0x1302, "h2", false },
	{ "no extensions", BYTES("\x03\x01" RANDOM "\0\0\x2f\0"), DISSECT_OK, 0x0301, 0x002f, "",
	  false },
	{ "a session of 33 bytes", BYTES("\x03\x03" RANDOM "\x21x" RANDOM "\x13\x02\0"), DISSECT_OK,
	  0x0303, 0x1302, "", true },
	{ "half a version", BYTES(SERVER_HEAD "\0\x05\0\x2b\0\x01\x03"), DISSECT_OK, 0x0303, 0x1302,
	  "", true },
	{ "two protocols", BYTES(SERVER_HEAD "\0\x0b\0\x10\0\x07\0\x05\x02h2\x01x"), DISSECT_OK,
	  0x0303, 0x1302, "h2", true },
	{ "a key share of one byte", BYTES(SERVER_HEAD "\0\x05\0\x33\0\x01\x03"), DISSECT_OK,
	  0x0303, 0x1302, "", true },
	{ "an extension that reaches beyond the others",
	  BYTES(SERVER_HEAD "\0\x0b\0\x2b\0\x02\x03\x04\0\x17\0\x02x"), DISSECT_OK, 0x0304, 0x1302,
	  "", true },
	{ "half an extension", BYTES(SERVER_HEAD "\0\x03\0\x2b\0"), DISSECT_OK, 0x0303, 0x1302, "",
	  true },
	{ "bytes behind the extensions", BYTES(SERVER_HEAD "\0\0x"), DISSECT_OK, 0x0303, 0x1302, "",
	  true },
	{ "half a length of extensions", BYTES(SERVER_HEAD "\0"), DISSECT_OK, 0x0303, 0x1302, "",
	  true },
	{ "a cipher that is not there", BYTES("\x03\x03" RANDOM "\0\x13"), DISSECT_MALFORMED, 0, 0,
	  "", false },
};

/* Heap blocks of exactly their size, so that ASan sees what is read or written outside. */
struct blocks {
	uint8_t *stream;
	size_t len;
	struct tls_scratch *scratch;
};

static struct blocks blocks_new(const struct stream *s, size_t len)
{
	struct blocks b = {
		.stream = malloc(len > 0 ? len : 1),
		.len = len,
		.scratch = malloc(sizeof(*b.scratch)),
	};

	assert_non_null(b.stream);
	assert_non_null(b.scratch);
	memcpy(b.stream, s->bytes, len);
	return b;
}

static void blocks_free(struct blocks *b)
{
	free(b->stream);
	free(b->scratch);
}

static enum dissect dissect_client(const struct blocks *b, struct tls_client_hello *out)
{
	return dissect_tls_client_hello(cursor_over(b->stream, b->len), b->scratch, out);
}

static enum dissect dissect_server(const struct blocks *b, struct tls_server_hello *out)
{
	return dissect_tls_server_hello(cursor_over(b->stream, b->len), b->scratch, out);
}

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

static void check_client(const struct client_case *c, const struct stream *s)
{
	struct blocks b = blocks_new(s, s->len);
	struct tls_client_hello hello = { 0 };

	assert_int_equal(dissect_client(&b, &hello), c->want);
	if (c->want == DISSECT_OK) {
		assert_int_equal(hello.legacy_version, c->head[0] << 8 | c->head[1]);
		assert_int_equal(hello.highest_version, c->want_version);
		assert_int_equal(hello.cipher_count, c->want_ciphers > 0 ? c->want_ciphers : 3);
		assert_int_equal(hello.extension_count, c->want_extensions);
		assert_text(hello.sni, c->want_sni);
		assert_text(hello.alpn, c->want_alpn);
		assert_int_equal(hello.has_ech, c->want_ech);
		assert_int_equal(hello.is_damaged, c->want_damaged);
	}
	blocks_free(&b);

	for (size_t cut = 0; cut < s->len; cut++) {
		uint8_t untouched[sizeof(hello)];

		memset(untouched, 0xa5, sizeof(untouched));
		memcpy(&hello, untouched, sizeof(hello));
		b = blocks_new(s, cut);
		assert_int_equal(dissect_client(&b, &hello), DISSECT_TRUNCATED);
		assert_memory_equal(&hello, untouched, sizeof(hello));
		blocks_free(&b);
	}
}

static void run_client(void **state)
{
	static const size_t sizes[] = { FRAGMENT_MAX, 60, 7, 1 };
	const struct client_case *c = *state;
	static struct stream body;
	static struct stream message;
	static struct stream records;

	body.len = 0;
	add(&body, c->head, c->head_len);
	add_number(&body, c->extensions_len, 2);
	add(&body, c->extensions, c->extensions_len);
	build_message(&message, CLIENT_HELLO, (const char *)body.bytes, body.len);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		records.len = 0;
		add_records(&records, &message, sizes[i]);
		check_client(c, &records);
	}
}

static void check_server(const struct server_case *c, const struct stream *s)
{
	struct tls_server_hello hello = { 0 };

	for (size_t cut = 0; cut <= s->len; cut++) {
		struct blocks b = blocks_new(s, cut);
		enum dissect got = dissect_server(&b, &hello);

		assert_int_equal(got, cut < s->len ? DISSECT_TRUNCATED : c->want);
		assert_int_equal(hello.version, cut < s->len ? 0 : c->want_version);
		assert_int_equal(hello.cipher, cut < s->len ? 0 : c->want_cipher);
		assert_int_equal(hello.is_damaged, cut < s->len ? false : c->want_damaged);
		assert_text(hello.alpn, cut < s->len ? "" : c->want_alpn);
		blocks_free(&b);
	}
}

static void run_server(void **state)
{
	const struct server_case *c = *state;
	static struct stream message;
	static struct stream records;

	build_message(&message, SERVER_HELLO, c->body, c->len);
	records.len = 0;
	add_records(&records, &message, FRAGMENT_MAX);
	check_server(c, &records);
	records.len = 0;
	add_records(&records, &message, 5);
	check_server(c, &records);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(clients) + ARRAY_LEN(servers)];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		tests[count++] = (struct CMUnitTest){ .name = clients[i].name,
						      .test_func = run_client,
						      .initial_state = &clients[i] };
	for (size_t i = 0; i < ARRAY_LEN(servers); i++)
		tests[count++] = (struct CMUnitTest){ .name = servers[i].name,
						      .test_func = run_server,
						      .initial_state = &servers[i] };
	return cmocka_run_group_tests_name("tls hello", tests, NULL, NULL);
}
