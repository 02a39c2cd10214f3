#include "sensor/intel/intel_item.h"

#include "sensor/base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LEN = 253, LABEL_MAX_LEN = 63, NETWORK_TEXT_LEN = 80, JA4_LEN = 36 };

static const char *const kind_texts[INTEL_KINDS] = {
	[INTEL_NAME] = "name",       [INTEL_ADDRESS] = "address", [INTEL_ENDPOINT] = "endpoint",
	[INTEL_NETWORK] = "network", [INTEL_URL] = "url",         [INTEL_JA4] = "ja4",
	[INTEL_JA3] = "ja3",         [INTEL_HASSH] = "hassh",     [INTEL_SHA1] = "sha1",
	[INTEL_SHA256] = "sha256",
};

const char *intel_kind_text(enum intel_kind kind)
{
	return kind_texts[kind];
}

static bool is_label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Of lower-case letters, digits, "-" and "_", at least one dot, and no number at its end. */
static bool is_host_name(const char *name, size_t len)
{
	size_t label = 0;
	size_t dots = 0;
	bool is_number = true;

	if (len == 0 || len > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
			is_number = true;
			dots++;
			continue;
		}
		if (!is_label_char(name[i]) || ++label > LABEL_MAX_LEN)
			return false;
		is_number = is_number && name[i] >= '0' && name[i] <= '9';
	}
	return label > 0 && dots > 0 && !is_number;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

enum err intel_item_name_of(const char *text, size_t len, struct intel_item *out)
{
	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len > NAME_MAX_LEN)
		return ERR_SYNTAX;
	for (size_t i = 0; i < len; i++)
		out->bytes[i] = (uint8_t)lower((unsigned char)text[i]);
	out->kind = INTEL_NAME;
	out->len = len;
	return is_host_name((const char *)out->bytes, len) ? ERR_OK : ERR_SYNTAX;
}

enum err intel_item_name(const char *text, struct intel_item *out)
{
	return intel_item_name_of(text, strlen(text), out);
}

void intel_item_of_address(const struct address *address, struct intel_item *out)
{
	out->kind = INTEL_ADDRESS;
	out->network = (struct prefix){ *address, ADDRESS_LEN * 8 };
	out->port = 0;
	out->len = ADDRESS_LEN;
	memcpy(out->bytes, address->bytes, ADDRESS_LEN);
}

void intel_item_of_endpoint(const struct address *address, uint16_t port, struct intel_item *out)
{
	intel_item_of_address(address, out);
	out->kind = INTEL_ENDPOINT;
	out->port = port;
	out->bytes[out->len++] = (uint8_t)(port >> 8);
	out->bytes[out->len++] = (uint8_t)port;
}

/* A decimal port behind the last colon; 0 when there is none such. */
static uint16_t port_at(const char *digits)
{
	char *end;
	unsigned long number = strtoul(digits, &end, 10);

	if (digits[0] < '0' || digits[0] > '9' || *end != '\0' || number > UINT16_MAX)
		return 0;
	return (uint16_t)number;
}

enum err intel_item_network(const char *text, struct intel_item *out)
{
	char copy[NETWORK_TEXT_LEN];
	size_t len = strlen(text);
	char *start = copy;
	uint16_t port = 0;

	if (len >= sizeof(copy))
		return ERR_SYNTAX;
	memcpy(copy, text, len + 1);

	char *colon = strrchr(copy, ':');

	if (colon && (colon == strchr(copy, ':') || colon[-1] == ']')) {
		port = port_at(colon + 1);
		if (port == 0)
			return ERR_SYNTAX;
		*colon = '\0';
	}
	len = strlen(copy);
	if (copy[0] == '[' && copy[len - 1] == ']') {
		copy[len - 1] = '\0';
		start++;
	}
	if (prefix_parse(start, &out->network) != ERR_OK)
		return ERR_SYNTAX;
	if (out->network.bits == ADDRESS_LEN * 8) {
		if (port != 0)
			intel_item_of_endpoint(&out->network.address, port, out);
		else
			intel_item_of_address(&out->network.address, out);
		return ERR_OK;
	}
	out->kind = INTEL_NETWORK;
	out->port = 0;
	out->len = 0;
	return port == 0 ? ERR_OK : ERR_SYNTAX;
}

static size_t digest_len(enum intel_kind kind)
{
	static const size_t lens[INTEL_KINDS] = {
		[INTEL_JA3] = 16,
		[INTEL_HASSH] = 16,
		[INTEL_SHA1] = 20,
		[INTEL_SHA256] = 32,
	};

	return lens[kind];
}

static int hex(int c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "t13d1516h2_8daaf6152771_e5627efa2ab1" */
static bool is_ja4(const char *text)
{
	return strlen(text) == JA4_LEN && text[10] == '_' && text[23] == '_' &&
	       strchr("tqd", text[0]) &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == JA4_LEN;
}

enum err intel_item_print(enum intel_kind kind, const char *text, struct intel_item *out)
{
	size_t len = digest_len(kind);
	size_t at = 0;

	out->kind = kind;
	if (kind == INTEL_JA4) {
		out->len = JA4_LEN;
		memcpy(out->bytes, text, strlen(text) < JA4_LEN ? strlen(text) : JA4_LEN);
		return is_ja4(text) ? ERR_OK : ERR_SYNTAX;
	}
	while (at < len) {
		int high = hex(text[0]);
		int low = high < 0 ? -1 : hex(text[1]);

		if (low < 0)
			return ERR_SYNTAX;
		out->bytes[at++] = (uint8_t)(high << 4 | low);
		text += 2;
		if (at < len && text[0] == ':') /* certificates are often written so */
			text++;
	}
	out->len = len;
	return len > 0 && text[0] == '\0' ? ERR_OK : ERR_SYNTAX;
}

enum err intel_item_parse(enum intel_kind kind, const char *text, struct intel_item *out)
{
	switch (kind) {
	case INTEL_NAME:
		return intel_item_name(text, out);
	case INTEL_ADDRESS:
	case INTEL_ENDPOINT:
	case INTEL_NETWORK:
		return intel_item_network(text, out);
	case INTEL_URL:
		return intel_item_url(text, out);
	case INTEL_JA4:
	case INTEL_JA3:
	case INTEL_HASSH:
	case INTEL_SHA1:
	case INTEL_SHA256:
		return intel_item_print(kind, text, out);
	case INTEL_KINDS:
		break;
	}
	return ERR_SYNTAX;
}

enum err intel_item_guess(const char *text, struct intel_item *out)
{
	static const enum intel_kind by_digits[] = { INTEL_SHA1, INTEL_SHA256, INTEL_JA3,
						     INTEL_JA4 };

	if (intel_item_network(text, out) == ERR_OK || intel_item_name(text, out) == ERR_OK)
		return ERR_OK;
	for (size_t i = 0; i < sizeof(by_digits) / sizeof(by_digits[0]); i++) {
		if (intel_item_print(by_digits[i], text, out) == ERR_OK)
			return ERR_OK;
	}
	/* "evil.example:8080" is neither a name nor a URL: which port matters, nobody could see. */
	return strpbrk(text, "/?") ? intel_item_url(text, out) : ERR_SYNTAX;
}

uint64_t intel_key_of(const uint8_t *message, size_t len)
{
	static const struct hash_key everywhere = { 0 };

	return hash_bytes(&everywhere, message, len);
}

uint64_t intel_item_key(const struct intel_item *item)
{
	uint8_t message[1 + INTEL_ITEM_MAX];

	message[0] = (uint8_t)item->kind;
	memcpy(message + 1, item->bytes, item->len);
	return intel_key_of(message, item->len + 1);
}
