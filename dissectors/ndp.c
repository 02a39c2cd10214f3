#include "dissectors/ndp.h"

#include <string.h>

enum {
	ROUTER_TIMERS = 8,
	NEIGHBOUR_FLAGS = 4,
	OPTION_SOURCE_MAC = 1,
	OPTION_TARGET_MAC = 2,
	OPTION_PREFIX = 3,
	OPTION_NAME_SERVERS = 25,
	OPTION_UNIT = 8,
	OPTION_HEAD = 2,
	FLAG_ON_LINK = 0x80,
	FLAGS_MANAGED = 0xc0, /* addresses, other settings */
	PREFERENCE_SHIFT = 3,
	PREFERENCE_MASK = 3,
	NAME_SERVERS_HEAD = 6, /* reserved, lifetime */
	PREFIX_TIMES = 12,     /* two lifetimes, reserved */
	PREFIX_BITS_MAX = 128,
};

static void read_mac(struct cursor *value, struct ndp *message)
{
	struct span mac = cursor_take(value, NDP_MAC_LEN);

	if (mac.len != NDP_MAC_LEN)
		return;
	memcpy(message->mac, mac.data, NDP_MAC_LEN);
	message->has_mac = true;
}

static enum dissect read_prefix(struct cursor *value, struct ndp *message)
{
	struct ndp_prefix prefix = { .bits = cursor_u8(value) };
	uint8_t flags = cursor_u8(value);

	cursor_skip(value, PREFIX_TIMES);
	struct span address = cursor_take(value, NDP_IP_LEN);

	if (!cursor_ok(value) || prefix.bits > PREFIX_BITS_MAX)
		return DISSECT_MALFORMED;
	if (!(flags & FLAG_ON_LINK) || message->prefix_count == NDP_PREFIXES_MAX)
		return DISSECT_OK;
	memcpy(prefix.address, address.data, NDP_IP_LEN);
	message->prefixes[message->prefix_count++] = prefix;
	return DISSECT_OK;
}

static void read_name_servers(struct cursor *value, struct ndp *message)
{
	cursor_skip(value, NAME_SERVERS_HEAD);
	while (cursor_left(value) >= NDP_IP_LEN &&
	       message->name_server_count < NDP_NAME_SERVERS_MAX)
		cursor_copy(value, message->name_servers[message->name_server_count++], NDP_IP_LEN);
}

static void read_router(struct cursor *in, struct ndp *message)
{
	uint8_t flags;

	cursor_skip(in, 1); /* hop limit */
	flags = cursor_u8(in);
	message->is_managed = (flags & FLAGS_MANAGED) != 0;
	message->preference = flags >> PREFERENCE_SHIFT & PREFERENCE_MASK;
	message->lifetime = cursor_be16(in);
	cursor_skip(in, ROUTER_TIMERS);
}

static enum dissect read_option(uint8_t type, struct cursor *value, struct ndp *message)
{
	uint8_t wanted = message->type == NDP_NEIGHBOUR_ADVERTISEMENT ? OPTION_TARGET_MAC
								      : OPTION_SOURCE_MAC;

	if (type == wanted)
		read_mac(value, message);
	else if (message->type != NDP_ROUTER_ADVERTISEMENT)
		return DISSECT_OK;
	else if (type == OPTION_PREFIX)
		return read_prefix(value, message);
	else if (type == OPTION_NAME_SERVERS)
		read_name_servers(value, message);
	return DISSECT_OK;
}

static enum dissect read_options(struct cursor *in, struct ndp *message)
{
	while (cursor_left(in) > 0) {
		uint8_t type = cursor_u8(in);
		size_t len = (size_t)cursor_u8(in) * OPTION_UNIT;

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (len == 0)
			return DISSECT_MALFORMED; /* RFC 4861 4.6: discard the whole packet */

		struct cursor value = cursor_sub(in, len - OPTION_HEAD);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (read_option(type, &value, message) != DISSECT_OK)
			return DISSECT_MALFORMED;
	}
	return DISSECT_OK;
}

enum dissect dissect_ndp(uint8_t type, struct cursor in, struct ndp *out)
{
	struct ndp message = { 0 };

	if (type < NDP_ROUTER_ADVERTISEMENT || type > NDP_NEIGHBOUR_ADVERTISEMENT)
		return DISSECT_OTHER;

	message.type = (enum ndp_message)type;
	if (message.type == NDP_ROUTER_ADVERTISEMENT) {
		read_router(&in, &message);
	} else {
		cursor_skip(&in, NEIGHBOUR_FLAGS);
		struct span target = cursor_take(&in, NDP_IP_LEN);

		if (target.len == NDP_IP_LEN)
			memcpy(message.target, target.data, NDP_IP_LEN);
	}
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	enum dissect result = read_options(&in, &message);

	if (result == DISSECT_OK)
		*out = message;
	return result;
}
