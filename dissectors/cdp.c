#include "dissectors/cdp.h"

enum {
	VERSION_MAX = 2,
	CHECKSUM_LEN = 2,
	ELEMENT_HEAD_LEN = 4,
	IPV4_LEN = 4,
};

enum element {
	ELEMENT_DEVICE_ID = 0x0001,
	ELEMENT_ADDRESSES = 0x0002,
	ELEMENT_PORT_ID = 0x0003,
	ELEMENT_CAPABILITIES = 0x0004,
	ELEMENT_SOFTWARE_VERSION = 0x0005,
	ELEMENT_PLATFORM = 0x0006,
	ELEMENT_NATIVE_VLAN = 0x000a,
};

/* LLC's SNAP, Cisco's OUI, CDP. */
static const uint8_t snap[] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x20, 0x00 };

/* How an address says that it is IP: an NLPID, or a SNAP header in 802.2's form. */
static const uint8_t protocol_ipv4[] = { 0xcc };
static const uint8_t protocol_ipv6[] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd };

static bool is_same(struct span got, const uint8_t *want, size_t len)
{
	return got.len == len && memcmp(got.data, want, len) == 0;
}

static void keep_first(struct span *kept, struct span value)
{
	if (!kept->data)
		*kept = value;
}

static void keep_address(struct span protocol, struct span bytes, struct cdp *msg)
{
	bool is_ipv4 =
		is_same(protocol, protocol_ipv4, sizeof(protocol_ipv4)) && bytes.len == IPV4_LEN;
	bool is_ipv6 = is_same(protocol, protocol_ipv6, sizeof(protocol_ipv6)) &&
		       bytes.len == CDP_ADDRESS_LEN;

	if ((!is_ipv4 && !is_ipv6) || msg->address_count == CDP_ADDRESSES_MAX)
		return;

	struct cdp_address *address = &msg->addresses[msg->address_count++];

	address->len = (uint8_t)bytes.len;
	memcpy(address->bytes, bytes.data, bytes.len);
}

static void read_addresses(struct cursor value, struct cdp *msg)
{
	uint32_t count = cursor_be32(&value);

	for (uint32_t i = 0; i < count && cursor_left(&value) > 0; i++) {
		cursor_skip(&value, 1); /* which of two forms: the length says so, too */
		struct span protocol = cursor_take(&value, cursor_u8(&value));
		struct span bytes = cursor_take(&value, cursor_be16(&value));

		if (cursor_ok(&value))
			keep_address(protocol, bytes, msg);
	}
}

static void read_native_vlan(struct cursor value, struct cdp *msg)
{
	uint16_t vlan = cursor_be16(&value);

	if (!cursor_ok(&value) || msg->has_native_vlan)
		return;
	msg->has_native_vlan = true;
	msg->native_vlan = vlan;
}

static void read_element(uint16_t type, struct cursor value, struct cdp *msg)
{
	switch (type) {
	case ELEMENT_DEVICE_ID:
		keep_first(&msg->device_id, value.rest);
		break;
	case ELEMENT_ADDRESSES:
		read_addresses(value, msg);
		break;
	case ELEMENT_PORT_ID:
		keep_first(&msg->port_id, value.rest);
		break;
	case ELEMENT_CAPABILITIES:
		msg->capabilities = cursor_be32(&value);
		break;
	case ELEMENT_SOFTWARE_VERSION:
		keep_first(&msg->software_version, value.rest);
		break;
	case ELEMENT_PLATFORM:
		keep_first(&msg->platform, value.rest);
		break;
	case ELEMENT_NATIVE_VLAN:
		read_native_vlan(value, msg);
		break;
	default:
		break;
	}
}

static enum dissect read_elements(struct cursor *in, struct cdp *msg)
{
	while (cursor_left(in) >= ELEMENT_HEAD_LEN) {
		uint16_t type = cursor_be16(in);
		uint16_t len = cursor_be16(in);

		if (len < ELEMENT_HEAD_LEN)
			return DISSECT_OK;

		struct cursor value = cursor_sub(in, (size_t)len - ELEMENT_HEAD_LEN);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		read_element(type, value, msg);
	}
	return DISSECT_OK;
}

enum dissect dissect_cdp(struct cursor in, struct cdp *out)
{
	struct cdp msg = { 0 };
	struct span head = cursor_take_up_to(&in, sizeof(snap));

	if (head.len > 0 && memcmp(head.data, snap, head.len) != 0)
		return DISSECT_OTHER;
	msg.version = cursor_u8(&in);
	msg.ttl_seconds = cursor_u8(&in);
	cursor_skip(&in, CHECKSUM_LEN);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (msg.version == 0 || msg.version > VERSION_MAX)
		return DISSECT_OTHER;

	enum dissect got = read_elements(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	*out = msg;
	return DISSECT_OK;
}
