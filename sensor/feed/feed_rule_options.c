#include "sensor/feed/feed_rule_options.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LEN = 32 };

enum buffer {
	BUFFER_NONE, /* the bytes of the packet */
	BUFFER_VALUE,
	BUFFER_PATH,
	BUFFER_METHOD, /* says nothing about whom */
	BUFFER_OTHER,
};

static const struct {
	const char *keyword;
	enum buffer buffer;
	enum feed_kind kind;
	bool is_behind; /* the older form: it stands behind its content */
} buffers[] = {
	{ "tls_cert_fingerprint", BUFFER_VALUE, FEED_SHA1, false },
	{ "tls.cert_fingerprint", BUFFER_VALUE, FEED_SHA1, false },
	{ "tls_sni", BUFFER_VALUE, FEED_NAME, false },
	{ "tls.sni", BUFFER_VALUE, FEED_NAME, false },
	{ "quic.sni", BUFFER_VALUE, FEED_NAME, false },
	{ "ja3_hash", BUFFER_VALUE, FEED_JA3, false },
	{ "ja3.hash", BUFFER_VALUE, FEED_JA3, false },
	{ "ja4.hash", BUFFER_VALUE, FEED_JA4, false },
	{ "ssh.hassh", BUFFER_VALUE, FEED_HASSH, false },
	{ "ssh.hassh.server", BUFFER_VALUE, FEED_HASSH, false },
	{ "dns_query", BUFFER_VALUE, FEED_NAME, false },
	{ "dns.query", BUFFER_VALUE, FEED_NAME, false },
	{ "http.host", BUFFER_VALUE, FEED_NAME, false },
	{ "http_host", BUFFER_VALUE, FEED_NAME, true },
	{ "http.uri", BUFFER_PATH, FEED_URL, false },
	{ "http_uri", BUFFER_PATH, FEED_URL, true },
	{ "http.method", BUFFER_METHOD, FEED_ANY, false },
	{ "http_method", BUFFER_METHOD, FEED_ANY, true },
};

/* Says which text is looked at, but is none that we read: "ja3s.hash", "file.data", "http.cookie".
 */
static bool is_other_buffer(const char *name)
{
	static const char *const families[] = { "http.", "http_", "tls.", "tls_", "ja3s", "ja3.",
						"ja4.",  "file.", "ssh.", "dns.", "smb.", "smtp." };
	static const char *const others[] = { "file_data", "pkt_data", "pcre", "base64_data" };

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (strncmp(name, families[i], strlen(families[i])) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(name, others[i]) == 0)
			return true;
	}
	return false;
}

struct reading {
	struct rule_options *out;
	enum buffer buffer;
	enum feed_kind kind;
	char content[RULE_VALUE_LEN]; /* not yet given to a buffer */
	bool has_content;
	bool is_end;   /* only the end of the name has to be this one … */
	bool is_whole; /* … or nothing may stand before it */
};

static void give_content(struct reading *r, enum buffer buffer, enum feed_kind kind)
{
	struct rule_options *out = r->out;
	char *to = buffer == BUFFER_PATH ? out->path : out->value;

	if (!r->has_content)
		return;
	r->has_content = false;
	if (buffer == BUFFER_METHOD)
		return;
	if ((buffer != BUFFER_VALUE && buffer != BUFFER_PATH) || to[0] != '\0') {
		out->is_more = true;
		return;
	}
	memcpy(to, r->content, strlen(r->content) + 1);
	if (buffer == BUFFER_VALUE)
		out->kind = kind;
}

static int hex_byte(const char *at)
{
	static const char digits[] = "0123456789abcdef";
	int byte = 0;

	for (size_t i = 0; i < 2; i++) {
		int c = at[i] >= 'A' && at[i] <= 'F' ? at[i] - 'A' + 'a' : at[i];
		const char *digit = c != '\0' ? strchr(digits, c) : NULL;

		if (!digit)
			return -1;
		byte = byte << 4 | (int)(digit - digits);
	}
	return byte;
}

/* A content without its quotes: "\;" and "|3a 2f|" as the bytes that they stand for. */
static bool read_content(const char *text, size_t len, char out[static RULE_VALUE_LEN])
{
	bool is_hex = false;
	size_t count = 0;

	if (len < 2 || text[0] != '"' || text[len - 1] != '"' || len > RULE_VALUE_LEN)
		return false;
	for (const char *at = text + 1; at < text + len - 1; at++) {
		int byte = (unsigned char)*at;

		if (byte == '|') {
			is_hex = !is_hex;
			continue;
		}
		if (is_hex) {
			if (byte == ' ')
				continue;
			byte = hex_byte(at++);
			if (byte <= 0)
				return false;
		} else if (byte == '\\' && at + 1 < text + len - 1) {
			byte = (unsigned char)*++at;
		}
		out[count++] = (char)byte;
	}
	out[count] = '\0';
	return count > 0 && !is_hex;
}

static void take_keyword(struct reading *r, const char *name)
{
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++) {
		if (strcmp(buffers[i].keyword, name) != 0)
			continue;
		if (buffers[i].is_behind) {
			give_content(r, buffers[i].buffer, buffers[i].kind);
			return;
		}
		give_content(r, r->buffer, r->kind);
		r->buffer = buffers[i].buffer;
		r->kind = buffers[i].kind;
		return;
	}
	if (is_other_buffer(name)) {
		give_content(r, r->buffer, r->kind);
		r->buffer = BUFFER_OTHER;
		r->out->is_more = r->out->is_more || strcmp(name, "pcre") == 0;
	}
}

static void take_option(struct reading *r, const char *name, const char *value, size_t len)
{
	struct rule_options *out = r->out;

	if (strcmp(name, "msg") == 0) {
		if (!read_content(value, len, out->message))
			out->message[0] = '\0';
	} else if (strcmp(name, "content") == 0) {
		give_content(r, r->buffer, r->kind);
		r->has_content = read_content(value, len, r->content);
		out->is_more = out->is_more || !r->has_content; /* negated, or bytes */
	} else if (strcmp(name, "dotprefix") == 0) {
		out->has_subdomains = true;
	} else if (strcmp(name, "endswith") == 0) {
		r->is_end = true;
	} else if (strcmp(name, "startswith") == 0 || strcmp(name, "bsize") == 0 ||
		   strcmp(name, "depth") == 0) {
		r->is_whole = true;
	} else if (strcmp(name, "tls.fingerprint") == 0) {
		r->has_content = read_content(value, len, r->content);
		out->is_more = out->is_more || !r->has_content;
		give_content(r, BUFFER_VALUE, FEED_SHA1);
	} else {
		take_keyword(r, name);
	}
}

/* Up to the ";" that ends an option, beyond those within quotes. */
static const char *option_end(const char *at)
{
	bool is_quoted = false;

	for (; *at != '\0' && (is_quoted || *at != ';'); at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '"')
			is_quoted = !is_quoted;
	}
	return at;
}

void rule_options_read(const char *at, struct rule_options *out)
{
	struct reading r = { .out = out };

	memset(out, 0, sizeof(*out));
	for (at = at ? at + 1 : ""; *at != '\0';) {
		const char *end = option_end(at);
		char name[NAME_LEN];
		size_t len;

		at += strspn(at, " \t");
		len = strcspn(at, ":; \t)");
		if (len > 0 && len < sizeof(name) && at + len <= end) {
			const char *value = at + len;

			memcpy(name, at, len);
			name[len] = '\0';
			value += *value == ':';
			value += strspn(value, " \t");
			take_option(&r, name, value, value < end ? (size_t)(end - value) : 0);
		}
		at = *end == ';' ? end + 1 : end;
	}
	give_content(&r, r.buffer, r.kind);
	out->has_subdomains = out->has_subdomains || (r.is_end && !r.is_whole);
}
