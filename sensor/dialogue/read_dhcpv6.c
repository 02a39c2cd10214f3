#include "dissectors/dhcpv6.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

enum {
	PORT_CLIENT = 546,
	PORT_SERVER = 547,
	HARDWARE_ETHERNET = 1,
	OPTIONS_TEXT_LEN = 512,
};

static const struct code_word type_rows[] = {
	{ DHCPV6_SOLICIT, "SOLICIT" },
	{ DHCPV6_ADVERTISE, "ADVERTISE" },
	{ DHCPV6_REQUEST, "REQUEST" },
	{ DHCPV6_CONFIRM, "CONFIRM" },
	{ DHCPV6_RENEW, "RENEW" },
	{ DHCPV6_REBIND, "REBIND" },
	{ DHCPV6_REPLY, "REPLY" },
	{ DHCPV6_RELEASE, "RELEASE" },
	{ DHCPV6_DECLINE, "DECLINE" },
	{ DHCPV6_RECONFIGURE, "RECONFIGURE" },
	{ DHCPV6_INFORMATION_REQUEST, "INFORMATION-REQUEST" },
	{ DHCPV6_RELAY_FORWARD, "RELAY-FORW" },
	{ DHCPV6_RELAY_REPLY, "RELAY-REPL" },
};
static const struct code_words types = CODE_WORDS(type_rows);

static const struct code_word duid_rows[] = {
	{ DHCPV6_DUID_LINK_LAYER_TIME, "DUID-LLT" },
	{ DHCPV6_DUID_ENTERPRISE, "DUID-EN" },
	{ DHCPV6_DUID_LINK_LAYER, "DUID-LL" },
	{ DHCPV6_DUID_UUID, "DUID-UUID" },
};
static const struct code_words duid_types = CODE_WORDS(duid_rows);

static bool is_of_server(const struct dhcpv6 *message)
{
	return message->message_type == DHCPV6_ADVERTISE || message->message_type == DHCPV6_REPLY ||
	       message->message_type == DHCPV6_RECONFIGURE ||
	       message->message_type == DHCPV6_RELAY_REPLY;
}

/* A relay has addresses of its own: then only the message names the device. */
static void tell_name(struct hearing *hearing, const struct dhcpv6 *message)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->mac = hearing->source_mac;
	told->address = hearing->source;
	told->source = DEVICE_NAME_DHCP;
	text_host_copy(message->fqdn.text, told->name, sizeof(told->name));
	if (told->name[0] != '\0')
		hearing_tell(hearing);
}

static void say_duid(struct attributes *said, const struct dhcpv6_duid *duid)
{
	struct cursor address = cursor_over(duid->link_layer.data, duid->link_layer.len);
	struct mac mac;

	if (duid->whole.len == 0)
		return;
	code_words_say(&duid_types, said, ATTRIBUTE_DUID_TYPE, duid->type);
	attributes_add_hex(said, ATTRIBUTE_DUID, duid->whole);
	if (duid->hardware != HARDWARE_ETHERNET || duid->link_layer.len != MAC_LEN)
		return;
	cursor_copy(&address, mac.bytes, MAC_LEN);
	attributes_add_mac(said, ATTRIBUTE_MAC, &mac);
}

/* "23,24,39": in the device's order, as DHCPv4's fingerprint has them. */
static void say_option_request(struct attributes *said, struct span codes)
{
	char chars[OPTIONS_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));
	struct cursor in = cursor_over(codes.data, codes.len);

	while (cursor_left(&in) >= sizeof(uint16_t)) {
		const char *before = text.len > 0 ? "," : "";

		text_format(&text, "%s%u", before, (unsigned)cursor_be16(&in));
	}
	attributes_add_built(said, ATTRIBUTE_OPTION_REQUEST, &text);
}

static void tell_message(struct hearing *hearing, const struct dhcpv6 *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_DHCPV6);

	code_words_say(&types, said, ATTRIBUTE_TYPE, message->message_type);
	if (is_of_server(message))
		attributes_add_flag(said, ATTRIBUTE_RESPONSE);
	if (message->relays > 0)
		attributes_add_number(said, ATTRIBUTE_RELAYS, message->relays);
	say_duid(said, &message->client);
	attributes_add_text(said, ATTRIBUTE_FQDN,
			    message->fqdn.octets > 0 ? message->fqdn.text : "");
	if (message->vendor_enterprise > 0)
		attributes_add_number(said, ATTRIBUTE_VENDOR_ENTERPRISE,
				      message->vendor_enterprise);
	attributes_add_wire(said, ATTRIBUTE_VENDOR_CLASS, message->vendor_class);
	say_option_request(said, message->option_request);
	for (uint8_t i = 0; i < message->address_count; i++) {
		struct address address = address_v6(message->addresses[i]);

		attributes_add_address(said, ATTRIBUTE_ADDRESS, &address);
	}
	for (uint8_t i = 0; i < message->name_server_count; i++) {
		struct address address = address_v6(message->name_servers[i]);

		attributes_add_address(said, ATTRIBUTE_NAME_SERVERS, &address);
	}
	hearing_tell(hearing);
}

static enum datagram_service read_dhcpv6(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct dhcpv6 message;

	if (!hearing_is_readable(hearing, dissect_dhcpv6(datagram->payload, &message)))
		return DATAGRAM_NONE;
	if (!is_of_server(&message) && message.relays == 0 && message.fqdn.octets > 0)
		tell_name(hearing, &message);
	tell_message(hearing, &message);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_dhcpv6 = {
	.ports = { PORT_CLIENT, PORT_SERVER },
	.read = read_dhcpv6,
};
