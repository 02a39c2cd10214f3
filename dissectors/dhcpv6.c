#include "dissectors/dhcpv6.h"

#include "dissectors/dns_name.h"

enum {
	MESSAGE_TYPE_LAST = 37, /* IANA; only those of RFC 8415 are ever heard on a LAN */
	TRANSACTION_ID_LEN = 3,
	RELAY_TO_OPTIONS = 1 + DHCPV6_IP_LEN + DHCPV6_IP_LEN,
	DUID_TIME_LEN = 4,
	IA_NA_TO_OPTIONS = 4 + 4 + 4,
	IA_TA_TO_OPTIONS = 4,
};

enum option {
	OPTION_CLIENT_ID = 1,
	OPTION_IA_NA = 3,
	OPTION_IA_TA = 4,
	OPTION_IA_ADDRESS = 5,
	OPTION_REQUEST = 6,
	OPTION_RELAY_MESSAGE = 9,
	OPTION_VENDOR_CLASS = 16,
	OPTION_NAME_SERVERS = 23,
	OPTION_FQDN = 39,
};

struct option_at {
	uint16_t code;
	struct cursor value;
};

/* False at the end of `in`, which has failed when that was inside an option. */
static bool next_option(struct cursor *in, struct option_at *out)
{
	if (cursor_left(in) == 0)
		return false;
	out->code = cursor_be16(in);
	out->value = cursor_sub(in, cursor_be16(in));
	return cursor_ok(in);
}

static void read_duid(struct cursor value, struct dhcpv6_duid *duid)
{
	*duid = (struct dhcpv6_duid){ .whole = value.rest };
	duid->type = cursor_be16(&value);
	switch (duid->type) {
	case DHCPV6_DUID_LINK_LAYER_TIME:
		duid->hardware = cursor_be16(&value);
		cursor_skip(&value, DUID_TIME_LEN);
		duid->link_layer = value.rest;
		break;
	case DHCPV6_DUID_LINK_LAYER:
		duid->hardware = cursor_be16(&value);
		duid->link_layer = value.rest;
		break;
	case DHCPV6_DUID_ENTERPRISE:
		duid->enterprise = cursor_be32(&value);
		break;
	default: /* a UUID, or something of its own: the whole is all there is to know */
		break;
	}
}

static void read_addresses(struct cursor ia, size_t to_options, struct dhcpv6 *msg)
{
	struct option_at option;

	cursor_skip(&ia, to_options);
	while (next_option(&ia, &option)) { /* each turn eats at least four bytes */
		if (option.code != OPTION_IA_ADDRESS || msg->address_count == DHCPV6_ADDRESSES_MAX)
			continue;
		cursor_copy(&option.value, msg->addresses[msg->address_count], DHCPV6_IP_LEN);
		if (cursor_ok(&option.value))
			msg->address_count++;
	}
}

static void read_vendor_class(struct cursor value, struct dhcpv6 *msg)
{
	msg->vendor_enterprise = cursor_be32(&value);
	msg->vendor_class = cursor_sub(&value, cursor_be16(&value)).rest;
}

static void read_fqdn(struct cursor value, struct dhcpv6 *msg)
{
	cursor_skip(&value, 1); /* who updates the DNS */
	(void)dns_name_from_labels(value, &msg->fqdn);
}

static void read_name_servers(struct cursor value, struct dhcpv6 *msg)
{
	msg->name_server_count = 0;
	while (cursor_left(&value) >= DHCPV6_IP_LEN &&
	       msg->name_server_count < DHCPV6_NAME_SERVERS_MAX)
		cursor_copy(&value, msg->name_servers[msg->name_server_count++], DHCPV6_IP_LEN);
}

static void read_option(const struct option_at *option, struct dhcpv6 *msg)
{
	switch (option->code) {
	case OPTION_CLIENT_ID:
		read_duid(option->value, &msg->client);
		break;
	case OPTION_IA_NA:
		read_addresses(option->value, IA_NA_TO_OPTIONS, msg);
		break;
	case OPTION_IA_TA:
		read_addresses(option->value, IA_TA_TO_OPTIONS, msg);
		break;
	case OPTION_REQUEST:
		msg->option_request = option->value.rest;
		break;
	case OPTION_VENDOR_CLASS:
		read_vendor_class(option->value, msg);
		break;
	case OPTION_NAME_SERVERS:
		read_name_servers(option->value, msg);
		break;
	case OPTION_FQDN:
		read_fqdn(option->value, msg);
		break;
	default: /* the other options say nothing about the device */
		break;
	}
}

static bool is_relayed(uint8_t message_type)
{
	return message_type == DHCPV6_RELAY_FORWARD || message_type == DHCPV6_RELAY_REPLY;
}

/* From behind a relay's message type to the message that it carries; empty when it carries none. */
static struct cursor unwrap(struct cursor *in)
{
	struct option_at option;

	cursor_skip(in, RELAY_TO_OPTIONS);
	while (next_option(in, &option)) { /* each turn eats at least four bytes */
		if (option.code == OPTION_RELAY_MESSAGE)
			return option.value;
	}
	return (struct cursor){ .failed = in->failed };
}

static enum dissect read_type(struct cursor *in, uint8_t *type)
{
	*type = cursor_u8(in);
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	return *type >= DHCPV6_SOLICIT && *type <= MESSAGE_TYPE_LAST ? DISSECT_OK : DISSECT_OTHER;
}

/* Leaves `in` behind the type of the innermost message, or empty in a relay that carries none. */
static enum dissect read_relays(struct cursor *in, struct dhcpv6 *msg)
{
	enum dissect got = read_type(in, &msg->message_type);

	while (got == DISSECT_OK && is_relayed(msg->message_type)) {
		if (msg->relays == DHCPV6_RELAYS_MAX)
			return DISSECT_MALFORMED;
		msg->relays++;
		*in = unwrap(in);
		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (cursor_left(in) == 0)
			return DISSECT_OK;
		got = read_type(in, &msg->message_type);
	}
	return got;
}

enum dissect dissect_dhcpv6(struct cursor in, struct dhcpv6 *out)
{
	struct dhcpv6 msg = { 0 };
	struct option_at option;
	enum dissect got = read_relays(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	if (!is_relayed(msg.message_type))
		cursor_skip(&in, TRANSACTION_ID_LEN);
	while (next_option(&in, &option)) /* each turn eats at least four bytes */
		read_option(&option, &msg);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	*out = msg;
	return DISSECT_OK;
}
