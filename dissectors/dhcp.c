#include "dissectors/dhcp.h"

/* RFC 2131 figure 1: op htype hlen hops xid secs flags 4 addresses chaddr[16] sname file. */
enum {
	HTYPE_ETHERNET = 1,
	HLEN_TO_CIADDR = 1 + 4 + 2 + 2,
	YIADDR_TO_CHADDR = 4 + 4,
	MAC_TO_COOKIE = 10 + 64 + 128,
};

static const uint32_t magic_cookie = 0x63825363;

enum option {
	OPTION_PAD = 0,
	OPTION_ROUTER = 3,
	OPTION_HOSTNAME = 12,
	OPTION_REQUESTED_ADDRESS = 50,
	OPTION_MESSAGE_TYPE = 53,
	OPTION_SERVER_ID = 54,
	OPTION_PARAMETER_REQUEST = 55,
	OPTION_VENDOR_CLASS = 60,
	OPTION_FQDN = 81,
	OPTION_END = 255,
};

enum {
	FQDN_FLAG_LABELS = 0x04, /* RFC 4702 2.1, the E bit */
	FQDN_RESULT_CODES_LEN = 2,
};

static void read_fqdn(struct cursor value, struct dhcp *msg)
{
	uint8_t flags = cursor_u8(&value);

	cursor_skip(&value, FQDN_RESULT_CODES_LEN);
	msg->fqdn = value.rest;
	msg->fqdn_is_labels = cursor_ok(&value) && (flags & FQDN_FLAG_LABELS) != 0;
}

static void read_option(uint8_t code, struct cursor value, struct dhcp *msg)
{
	switch (code) {
	case OPTION_ROUTER:
		cursor_copy(&value, msg->router, sizeof(msg->router));
		break;
	case OPTION_HOSTNAME:
		msg->hostname = value.rest;
		break;
	case OPTION_REQUESTED_ADDRESS:
		cursor_copy(&value, msg->requested_address, sizeof(msg->requested_address));
		break;
	case OPTION_MESSAGE_TYPE:
		msg->message_type = cursor_u8(&value);
		break;
	case OPTION_SERVER_ID:
		cursor_copy(&value, msg->server_id, sizeof(msg->server_id));
		break;
	case OPTION_PARAMETER_REQUEST:
		msg->parameter_request = value.rest;
		break;
	case OPTION_VENDOR_CLASS:
		msg->vendor_class = value.rest;
		break;
	case OPTION_FQDN:
		read_fqdn(value, msg);
		break;
	default: /* the other options say nothing about the device */
		break;
	}
}

static void read_options(struct cursor *in, struct dhcp *msg)
{
	while (cursor_left(in) > 0) {
		uint8_t code = cursor_u8(in);

		if (code == OPTION_END)
			return;
		if (code != OPTION_PAD)
			read_option(code, cursor_sub(in, cursor_u8(in)), msg);
	}
}

enum dissect dissect_dhcp(struct cursor in, struct dhcp *out)
{
	struct dhcp msg = { 0 };
	uint8_t operation = cursor_u8(&in);
	uint8_t htype = cursor_u8(&in);
	uint8_t hlen = cursor_u8(&in);

	cursor_skip(&in, HLEN_TO_CIADDR);
	cursor_copy(&in, msg.client_address, sizeof(msg.client_address));
	cursor_copy(&in, msg.your_address, sizeof(msg.your_address));
	cursor_skip(&in, YIADDR_TO_CHADDR);
	cursor_copy(&in, msg.mac, sizeof(msg.mac));
	cursor_skip(&in, MAC_TO_COOKIE);
	uint32_t cookie = cursor_be32(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (cookie != magic_cookie || htype != HTYPE_ETHERNET || hlen != sizeof(msg.mac))
		return DISSECT_OTHER;
	if (operation != DHCP_BOOT_REQUEST && operation != DHCP_BOOT_REPLY)
		return DISSECT_MALFORMED;

	msg.operation = operation;
	read_options(&in, &msg);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	*out = msg;
	return DISSECT_OK;
}
