#include "sensor/intel/indicator_item.h"

#include "sensor/intel/registered_domain.h"

#include <stdlib.h>
#include <string.h>

enum {
	WIDEST_V4_BITS = V4_PREFIX_BITS + 8,
	WIDEST_V6_BITS = 19,
};

static bool is_host_name(const char *text)
{
	const char *last_dot = strrchr(text, '.');
	size_t len = strlen(text);

	if (len > 253 || !last_dot || text[0] == '.' || strstr(text, ".."))
		return false;
	/* Top-level domains are no numbers (RFC 3696 2): this was meant to be an address. */
	if (last_dot[1 + strspn(last_dot + 1, "0123456789")] == '\0')
		return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

/* "192.0.2.7:4444" into its parts; an IPv6 address with a port is written in brackets. */
static bool split_port(char *text, uint16_t *port)
{
	char *colon = strrchr(text, ':');
	char *end;

	if (!colon || (strchr(text, ':') != colon && colon[-1] != ']'))
		return false;

	unsigned long number = strtoul(colon + 1, &end, 10);

	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || number == 0 || number > UINT16_MAX)
		return false;
	*colon = '\0';
	if (text[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		memmove(text, text + 1, strlen(text));
	}
	*port = (uint16_t)number;
	return true;
}

static const char *refuse_network(const struct prefix *p)
{
	bool is_v4 = address_is_v4(&p->address);

	if (p->bits < (is_v4 ? WIDEST_V4_BITS : WIDEST_V6_BITS))
		return "so wide a network would blame everybody";
	if (address_is_loopback(&p->address) || address_is_unspecified(&p->address) ||
	    address_is_multicast(&p->address) || address_is_broadcast(&p->address))
		return "not an address of a host";
	return NULL;
}

const char *indicator_item_parse(char *text, struct indicator_item *item)
{
	if (strncmp(text, "*.", 2) == 0)
		memmove(text, text + 2, strlen(text + 2) + 1);
	(void)split_port(text, &item->port);
	if (prefix_parse(text, &item->network) == ERR_OK) {
		item->kind = ITEM_NETWORK;
		return refuse_network(&item->network);
	}
	if (item->port != 0 || !is_host_name(text))
		return "neither a name nor an address";
	if (is_public_suffix(text))
		return "a public suffix: many owners share what is below it";
	item->kind = ITEM_NAME;
	if (item->text && strncmp(item->text, "*.", 2) == 0)
		memmove(item->text, item->text + 2, strlen(item->text + 2) + 1);
	return NULL;
}
