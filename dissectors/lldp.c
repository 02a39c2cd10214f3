#include "dissectors/lldp.h"

enum {
	TYPE_SHIFT = 9,
	LENGTH_MASK = 0x01ff,
};

enum element {
	ELEMENT_END = 0,
	ELEMENT_CHASSIS = 1,
	ELEMENT_PORT = 2,
	ELEMENT_TTL = 3,
	ELEMENT_PORT_DESCRIPTION = 4,
	ELEMENT_SYSTEM_NAME = 5,
	ELEMENT_SYSTEM_DESCRIPTION = 6,
	ELEMENT_CAPABILITIES = 7,
	ELEMENT_MANAGEMENT = 8,
	ELEMENT_ORGANIZATION = 127,
};

/* An organization's OUI and its own subtype, as one number. */
enum organization {
	DOT1_PORT_VLAN = 0x0080c201,
	MED_HARDWARE = 0x0012bb05,
	MED_FIRMWARE = 0x0012bb06,
	MED_SOFTWARE = 0x0012bb07,
	MED_SERIAL = 0x0012bb08,
	MED_MANUFACTURER = 0x0012bb09,
	MED_MODEL = 0x0012bb0a,
};

static void keep_first(struct span *kept, struct span value)
{
	if (!kept->data)
		*kept = value;
}

static bool read_id(struct cursor value, struct lldp_id *id)
{
	id->subtype = cursor_u8(&value);
	id->value = value.rest;
	return cursor_ok(&value) && id->value.len > 0;
}

static void read_capabilities(struct cursor value, struct lldp *msg)
{
	uint16_t capabilities = cursor_be16(&value);
	uint16_t enabled = cursor_be16(&value);

	if (!cursor_ok(&value))
		return;
	msg->capabilities = capabilities;
	msg->enabled = enabled;
}

static void read_management(struct cursor value, struct lldp *msg)
{
	struct cursor address = cursor_sub(&value, cursor_u8(&value));
	uint8_t family = cursor_u8(&address);

	if (!cursor_ok(&address) || msg->management_family != 0)
		return;
	msg->management_family = family;
	msg->management_address = address.rest;
}

static void read_vlan(struct cursor value, struct lldp *msg)
{
	uint16_t vlan = cursor_be16(&value);

	if (!cursor_ok(&value) || msg->has_vlan)
		return;
	msg->has_vlan = true;
	msg->vlan = vlan;
}

static void read_organization(struct cursor value, struct lldp *msg)
{
	switch (cursor_be32(&value)) {
	case DOT1_PORT_VLAN:
		read_vlan(value, msg);
		break;
	case MED_HARDWARE:
		keep_first(&msg->hardware_revision, value.rest);
		break;
	case MED_FIRMWARE:
		keep_first(&msg->firmware_revision, value.rest);
		break;
	case MED_SOFTWARE:
		keep_first(&msg->software_revision, value.rest);
		break;
	case MED_SERIAL:
		keep_first(&msg->serial, value.rest);
		break;
	case MED_MANUFACTURER:
		keep_first(&msg->manufacturer, value.rest);
		break;
	case MED_MODEL:
		keep_first(&msg->model, value.rest);
		break;
	default: /* the others describe the port, not the device */
		break;
	}
}

static void read_optional(uint8_t type, struct cursor value, struct lldp *msg)
{
	switch (type) {
	case ELEMENT_PORT_DESCRIPTION:
		keep_first(&msg->port_description, value.rest);
		break;
	case ELEMENT_SYSTEM_NAME:
		keep_first(&msg->system_name, value.rest);
		break;
	case ELEMENT_SYSTEM_DESCRIPTION:
		keep_first(&msg->system_description, value.rest);
		break;
	case ELEMENT_CAPABILITIES:
		read_capabilities(value, msg);
		break;
	case ELEMENT_MANAGEMENT:
		read_management(value, msg);
		break;
	case ELEMENT_ORGANIZATION:
		read_organization(value, msg);
		break;
	default:
		break;
	}
}

static uint8_t take_element(struct cursor *in, struct cursor *value)
{
	uint16_t head = cursor_be16(in);

	*value = cursor_sub(in, head & LENGTH_MASK);
	return (uint8_t)(head >> TYPE_SHIFT);
}

/* 802.1AB 8.2: the three that must be there, first and in order. */
static enum dissect read_mandatory(struct cursor *in, struct lldp *msg)
{
	struct cursor value;
	uint8_t type = take_element(in, &value);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (type != ELEMENT_CHASSIS || !read_id(value, &msg->chassis))
		return DISSECT_MALFORMED;
	type = take_element(in, &value);
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (type != ELEMENT_PORT || !read_id(value, &msg->port))
		return DISSECT_MALFORMED;
	type = take_element(in, &value);
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	msg->ttl_seconds = cursor_be16(&value);
	return type == ELEMENT_TTL && cursor_ok(&value) ? DISSECT_OK : DISSECT_MALFORMED;
}

enum dissect dissect_lldp(struct cursor in, struct lldp *out)
{
	struct lldp msg = { 0 };
	enum dissect got = read_mandatory(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	while (cursor_left(&in) > 0) { /* each turn eats at least two bytes */
		struct cursor value;
		uint8_t type = take_element(&in, &value);

		if (!cursor_ok(&in))
			return DISSECT_TRUNCATED;
		if (type == ELEMENT_END)
			break;
		read_optional(type, value, &msg);
	}
	*out = msg;
	return DISSECT_OK;
}
