#include "dissectors/dhcp.h"

#include "dissectors/dns_name.h"

/* RFC 2131 figure 1: op htype hlen hops xid secs flags 4 addresses chaddr[16] sname file. */
enum {
	HTYPE_ETHERNET = 1,
	HLEN_TO_CIADDR = 1 + 4 + 2 + 2,
	YIADDR_TO_CHADDR = 4 + 4,
	MAC_TO_SNAME = 10,
	SNAME_LEN = 64,
	FILE_LEN = 128,
};

static const uint32_t magic_cookie = 0x63825363;

enum option {
	OPTION_PAD = 0,
	OPTION_SUBNET_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_HOSTNAME = 12,
	OPTION_DOMAIN = 15,
	OPTION_REQUESTED_ADDRESS = 50,
	OPTION_LEASE = 51,
	OPTION_OVERLOAD = 52,
	OPTION_MESSAGE_TYPE = 53,
	OPTION_SERVER_ID = 54,
	OPTION_PARAMETER_REQUEST = 55,
	OPTION_MAX_MESSAGE_SIZE = 57,
	OPTION_VENDOR_CLASS = 60,
	OPTION_CLIENT_ID = 61,
	OPTION_FQDN = 81,
	OPTION_VENDOR_IDENTIFYING_CLASS = 124,
	OPTION_VENDOR_IDENTIFYING = 125,
	OPTION_END = 255,
};

enum {
	FQDN_FLAG_LABELS = 0x04, /* RFC 4702 2.1, the E bit */
	FQDN_RESULT_CODES_LEN = 2,
};

/* RFC 2132 9.3 */
enum {
	OVERLOAD_FILE = 1,
	OVERLOAD_SNAME = 2,
};

/* What is read once the options end. */
struct moved {
	uint8_t overload; /* option 52 */
	struct cursor sname;
	struct cursor file;
};

static void read_fqdn(struct cursor value, struct dhcp *msg)
{
	uint8_t flags = cursor_u8(&value);

	cursor_skip(&value, FQDN_RESULT_CODES_LEN);
	msg->fqdn = value.rest;
	msg->fqdn_is_labels = cursor_ok(&value) && (flags & FQDN_FLAG_LABELS) != 0;
}

static void read_number_option(uint8_t code, struct cursor value, struct dhcp *msg)
{
	switch (code) {
	case OPTION_MESSAGE_TYPE:
		msg->message_type = cursor_u8(&value);
		break;
	case OPTION_LEASE:
		msg->lease_seconds = cursor_be32(&value);
		break;
	case OPTION_MAX_MESSAGE_SIZE:
		msg->max_message_size = cursor_be16(&value);
		break;
	case OPTION_VENDOR_IDENTIFYING_CLASS:
		msg->vendor_enterprise = cursor_be32(&value);
		break;
	case OPTION_VENDOR_IDENTIFYING:
		if (msg->vendor_enterprise == 0)
			msg->vendor_enterprise = cursor_be32(&value);
		break;
	default: /* the other options say nothing about the device */
		break;
	}
}

static void read_option(uint8_t code, struct cursor value, struct dhcp *msg)
{
	switch (code) {
	case OPTION_SUBNET_MASK:
		cursor_copy(&value, msg->subnet_mask, sizeof(msg->subnet_mask));
		break;
	case OPTION_ROUTER:
		cursor_copy(&value, msg->router, sizeof(msg->router));
		break;
	case OPTION_HOSTNAME:
		msg->hostname = value.rest;
		break;
	case OPTION_DOMAIN:
		msg->domain = value.rest;
		break;
	case OPTION_REQUESTED_ADDRESS:
		cursor_copy(&value, msg->requested_address, sizeof(msg->requested_address));
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
	case OPTION_CLIENT_ID:
		msg->client_id = value.rest;
		break;
	case OPTION_FQDN:
		read_fqdn(value, msg);
		break;
	default:
		read_number_option(code, value, msg);
		break;
	}
}

static void read_options(struct cursor *in, struct dhcp *msg, uint8_t *overload)
{
	while (cursor_left(in) > 0) {
		uint8_t code = cursor_u8(in);

		if (code == OPTION_END)
			return;
		if (code == OPTION_PAD)
			continue;

		struct cursor value = cursor_sub(in, cursor_u8(in));

		if (!cursor_ok(in))
			return;
		if (msg->option_count < DHCP_OPTIONS_MAX)
			msg->options[msg->option_count++] = code;
		if (code == OPTION_OVERLOAD)
			*overload = cursor_u8(&value);
		else
			read_option(code, value, msg);
	}
}

/* File first, then sname (RFC 2131 4.1); that they are overloaded once more is not heard. */
static void read_moved_options(struct moved *moved, struct dhcp *msg)
{
	uint8_t again = 0;

	if ((moved->overload & OVERLOAD_FILE) != 0)
		read_options(&moved->file, msg, &again);
	if ((moved->overload & OVERLOAD_SNAME) != 0)
		read_options(&moved->sname, msg, &again);
}

enum dissect dissect_dhcp(struct cursor in, struct dhcp *out)
{
	struct dhcp msg = { 0 };
	struct moved moved = { .overload = 0 };
	uint8_t operation = cursor_u8(&in);
	uint8_t htype = cursor_u8(&in);
	uint8_t hlen = cursor_u8(&in);

	cursor_skip(&in, HLEN_TO_CIADDR);
	cursor_copy(&in, msg.client_address, sizeof(msg.client_address));
	cursor_copy(&in, msg.your_address, sizeof(msg.your_address));
	cursor_skip(&in, YIADDR_TO_CHADDR);
	cursor_copy(&in, msg.mac, sizeof(msg.mac));
	cursor_skip(&in, MAC_TO_SNAME);
	moved.sname = cursor_sub(&in, SNAME_LEN);
	moved.file = cursor_sub(&in, FILE_LEN);
	uint32_t cookie = cursor_be32(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (cookie != magic_cookie)
		return DISSECT_OTHER;
	if (htype != HTYPE_ETHERNET || hlen != sizeof(msg.mac))
		memset(msg.mac, 0, sizeof(msg.mac));
	if (operation != DHCP_BOOT_REQUEST && operation != DHCP_BOOT_REPLY)
		return DISSECT_MALFORMED;

	msg.operation = operation;
	read_options(&in, &msg, &moved.overload);
	msg.is_cut = !cursor_ok(&in);
	read_moved_options(&moved, &msg);

	*out = msg;
	return DISSECT_OK;
}

bool dhcp_fqdn_from_labels(const struct dhcp *msg, struct dns_name *out)
{
	return msg->fqdn_is_labels &&
	       dns_name_from_labels((struct cursor){ .rest = msg->fqdn }, out);
}
