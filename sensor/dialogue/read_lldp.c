#include "dissectors/lldp.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/packet_readers.h"

/* IEEE 802.1AB 8.5.8. */
static const struct code_word capability_rows[] = {
	{ LLDP_OTHER, "other" },     { LLDP_REPEATER, "repeater" },
	{ LLDP_BRIDGE, "bridge" },   { LLDP_ACCESS_POINT, "access point" },
	{ LLDP_ROUTER, "router" },   { LLDP_TELEPHONE, "telephone" },
	{ LLDP_STATION, "station" }, { LLDP_CABLE_MODEM, "docsis cable device" },
};
static const struct code_words capabilities = CODE_WORDS(capability_rows);

static void say_mac(struct attributes *said, enum attribute attribute, struct span value)
{
	struct cursor in = cursor_over(value.data, value.len);
	char text[MAC_TEXT_LEN];
	struct mac mac;

	if (value.len != MAC_LEN) {
		attributes_add_hex(said, attribute, value);
		return;
	}
	cursor_copy(&in, mac.bytes, MAC_LEN);
	mac_text(&mac, text);
	attributes_add_text(said, attribute, text);
}

static bool read_address(uint8_t family, struct span value, struct address *out)
{
	if (family == LLDP_IPV4 && value.len == 4)
		*out = address_v4(value.data);
	else if (family == LLDP_IPV6 && value.len == ADDRESS_LEN)
		*out = address_v6(value.data);
	else
		return false;
	return true;
}

static void say_address_id(struct attributes *said, enum attribute attribute, struct span value)
{
	struct cursor in = cursor_over(value.data, value.len);
	uint8_t family = cursor_u8(&in);
	char text[ADDRESS_TEXT_LEN + 1];
	struct address address;

	if (!read_address(family, in.rest, &address)) {
		attributes_add_hex(said, attribute, value);
		return;
	}
	text[address_text(&address, text)] = '\0';
	attributes_add_text(said, attribute, text);
}

static void say_ids(struct attributes *said, const struct lldp *message)
{
	if (message->chassis.subtype == LLDP_CHASSIS_MAC)
		say_mac(said, ATTRIBUTE_CHASSIS_ID, message->chassis.value);
	else if (message->chassis.subtype == LLDP_CHASSIS_ADDRESS)
		say_address_id(said, ATTRIBUTE_CHASSIS_ID, message->chassis.value);
	else
		attributes_add_wire(said, ATTRIBUTE_CHASSIS_ID, message->chassis.value);
	if (message->port.subtype == LLDP_PORT_MAC)
		say_mac(said, ATTRIBUTE_PORT_ID, message->port.value);
	else if (message->port.subtype == LLDP_PORT_ADDRESS)
		say_address_id(said, ATTRIBUTE_PORT_ID, message->port.value);
	else
		attributes_add_wire(said, ATTRIBUTE_PORT_ID, message->port.value);
}

/* LLDP-MED's inventory. */
static void say_inventory(struct attributes *said, const struct lldp *message)
{
	attributes_add_wire(said, ATTRIBUTE_MANUFACTURER, message->manufacturer);
	attributes_add_wire(said, ATTRIBUTE_MODEL, message->model);
	attributes_add_wire(said, ATTRIBUTE_SERIAL, message->serial);
	attributes_add_wire(said, ATTRIBUTE_FIRMWARE, message->firmware_revision);
	attributes_add_wire(said, ATTRIBUTE_SOFTWARE_VERSION, message->software_revision);
}

void read_lldp(struct hearing *hearing, struct cursor in)
{
	struct attributes *said;
	struct address management;
	struct lldp message;

	if (!hearing_is_readable(hearing, dissect_lldp(in, &message)))
		return;
	said = hearing_message(hearing, MESSAGE_LLDP);
	attributes_add_mac(said, ATTRIBUTE_MAC, &hearing->source_mac);
	say_ids(said, &message);
	attributes_add_number(said, ATTRIBUTE_TTL, message.ttl_seconds);
	attributes_add_wire(said, ATTRIBUTE_SYSTEM_NAME, message.system_name);
	attributes_add_wire(said, ATTRIBUTE_SYSTEM_DESCRIPTION, message.system_description);
	attributes_add_wire(said, ATTRIBUTE_PORT_DESCRIPTION, message.port_description);
	code_words_say_flags(&capabilities, said, ATTRIBUTE_CAPABILITIES, message.enabled);
	if (read_address(message.management_family, message.management_address, &management))
		attributes_add_address(said, ATTRIBUTE_ADDRESS, &management);
	if (message.has_vlan)
		attributes_add_number(said, ATTRIBUTE_VLAN, message.vlan);
	say_inventory(said, &message);
	hearing_tell(hearing);
}
