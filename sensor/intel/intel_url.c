/* URLs in their plain form (RFC 3986, sections 3 and 6.2.2). */
#include "sensor/intel/intel_item.h"

#include <string.h>

/* What stands before the host: "http://"; a URL within another one's query has none of it. */
static const char *behind_scheme(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-.";
	size_t len = strspn(text, letters);

	return len > 0 && strncmp(text + len, "://", 3) == 0 ? text + len + 3 : text;
}

static bool is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that `at` escapes; -1: it is no escape. */
static int escaped_byte(const char *at)
{
	int high = at[0] == '%' ? hex_value(at[1]) : -1;
	int low = high < 0 ? -1 : hex_value(at[2]);

	return low < 0 ? -1 : high << 4 | low;
}

static bool add_byte(struct intel_item *out, int byte, bool is_escaped)
{
	static const char digits[] = "0123456789ABCDEF";

	if (out->len + 3 > INTEL_ITEM_MAX)
		return false;
	if (!is_escaped) {
		out->bytes[out->len++] = (uint8_t)byte;
		return true;
	}
	out->bytes[out->len++] = '%';
	out->bytes[out->len++] = (uint8_t)digits[byte >> 4];
	out->bytes[out->len++] = (uint8_t)digits[byte & 15];
	return true;
}

/* `path` begins with "/", "?" or "#", or is empty: the root. */
static bool add_path(const char *path, struct intel_item *out)
{
	if (path[0] != '/' && !add_byte(out, '/', false))
		return false;
	for (; *path != '\0' && *path != '#'; path++) {
		int escaped = escaped_byte(path);
		int byte = escaped >= 0 ? escaped : (unsigned char)*path;
		bool stays = escaped >= 0 ? !is_unreserved(byte) : byte <= ' ' || byte >= 0x7f;

		if (!add_byte(out, byte, stays))
			return false;
		if (escaped >= 0)
			path += 2;
	}
	return true;
}

static bool add_host(const char *host, size_t len, struct intel_item *out)
{
	struct address address;
	char text[ADDRESS_TEXT_LEN];

	if (intel_item_name_of(host, len, out) == ERR_OK)
		return true;
	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	if (address_parse(text, &address) != ERR_OK)
		return false;
	out->len = address_text(&address, text);
	memcpy(out->bytes, text, out->len);
	return true;
}

/* "//evil.example" is no path, but an address that leaves its scheme to the page. */
static enum err path_alone(const char *text, struct intel_item *out)
{
	out->kind = INTEL_URL;
	out->port = 0;
	out->len = 0;
	if (text[1] == '/' || !add_path(text, out))
		return ERR_SYNTAX;
	while (out->len > 1 && out->bytes[out->len - 1] == '/')
		out->len--;
	return ERR_OK;
}

enum err intel_item_url(const char *text, struct intel_item *out)
{
	if (text[0] == '/')
		return path_alone(text, out);

	const char *host = behind_scheme(text);
	const char *path = host + strcspn(host, "/?#");
	const char *end;

	/* The last "@": what stands before may hold others, and is there to deceive. */
	for (const char *at = host; at < path; at++)
		host = *at == '@' ? at + 1 : host;
	if (host[0] == '[') {
		end = memchr(host, ']', (size_t)(path - host));
		host++;
	} else {
		const char *colon = memchr(host, ':', (size_t)(path - host));

		end = colon ? colon : path;
	}
	if (!end || !add_host(host, (size_t)(end - host), out) || !add_path(path, out))
		return ERR_SYNTAX;
	out->kind = INTEL_URL;
	out->port = 0;
	return ERR_OK;
}
