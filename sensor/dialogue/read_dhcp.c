#include "dissectors/dhcp.h"
#include "dissectors/dns_name.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/dhcp_fingerprint.h"

enum { PORT_SERVER = 67, PORT_CLIENT = 68, PORT_BOOT_SERVER = 4011 };

static const struct code_word type_rows[] = {
	{ DHCP_DISCOVER, "DISCOVER" }, { DHCP_OFFER, "OFFER" },   { DHCP_REQUEST, "REQUEST" },
	{ DHCP_DECLINE, "DECLINE" },   { DHCP_ACK, "ACK" },       { DHCP_NAK, "NAK" },
	{ DHCP_RELEASE, "RELEASE" },   { DHCP_INFORM, "INFORM" },
};
static const struct code_words types = CODE_WORDS(type_rows);

/* Some send the NUL of their strings, which is no part of the text (RFC 2132 2). */
static struct span without_nul(struct span text)
{
	while (text.len > 0 && text.data[text.len - 1] == '\0')
		text.len--;
	return text;
}

static void copy_name(const struct dhcp *message, char *name, size_t size)
{
	struct dns_name labels;

	if (message->hostname.len > 0)
		(void)text_from_wire(without_nul(message->hostname), name, size);
	else if (dhcp_fqdn_from_labels(message, &labels))
		text_host_copy(labels.text, name, size);
	else if (!message->fqdn_is_labels)
		(void)text_from_wire(without_nul(message->fqdn), name, size);
}

static void tell_name(struct hearing *hearing, const struct dhcp *message)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->source = DEVICE_NAME_DHCP;
	memcpy(told->mac.bytes, message->mac, MAC_LEN);
	told->address = address_v4(message->client_address);
	copy_name(message, told->name, sizeof(told->name));
	if (told->name[0] != '\0')
		hearing_tell(hearing);
}

/* How many bits from the top `mask` has; 0 for one with holes. */
static unsigned mask_bits(const uint8_t mask[static DHCP_IP_LEN])
{
	uint32_t word = (uint32_t)mask[0] << 24 | (uint32_t)mask[1] << 16 | (uint32_t)mask[2] << 8 |
			mask[3];
	unsigned bits = 0;

	for (uint32_t left = word; left >> 31 != 0; left <<= 1)
		bits++;
	return bits < 32 && word << bits != 0 ? 0 : bits;
}

/* The network of the address that is given, when who gives it stands in that network too. */
static void tell_network(struct hearing *hearing, const struct dhcp *message)
{
	static const uint8_t none[DHCP_IP_LEN];
	bool is_asked_for = memcmp(message->your_address, none, sizeof(none)) == 0;
	const uint8_t *given = is_asked_for ? message->client_address : message->your_address;
	unsigned bits = mask_bits(message->subnet_mask);
	struct address router = address_v4(message->router);
	struct address server = address_v4(message->server_id);
	uint8_t network[DHCP_IP_LEN];
	struct prefix prefix = { .bits = (uint8_t)(V4_PREFIX_BITS + bits) };
	struct fact_prefix *told;

	if (message->message_type != DHCP_ACK || bits == 0)
		return;
	for (size_t i = 0; i < sizeof(network); i++)
		network[i] = given[i] & message->subnet_mask[i];
	prefix.address = address_v4(network);
	if (!prefix_holds(&prefix, &router) && !prefix_holds(&prefix, &server))
		return;
	told = &hearing_fact(hearing, FACT_PREFIX)->prefix;
	told->router_mac = hearing->source_mac;
	told->prefix = prefix;
	told->router = router;
	hearing_tell(hearing);
}

static void say_address(struct attributes *said, enum attribute attribute,
			const uint8_t bytes[static DHCP_IP_LEN])
{
	struct address address = address_v4(bytes);

	if (!address_is_unspecified(&address))
		attributes_add_address(said, attribute, &address);
}

static void say_addresses(struct attributes *said, const struct dhcp *message)
{
	say_address(said, ATTRIBUTE_CLIENT_ADDRESS, message->client_address);
	say_address(said, ATTRIBUTE_REQUESTED_ADDRESS, message->requested_address);
	say_address(said, ATTRIBUTE_GIVEN_ADDRESS, message->your_address);
	say_address(said, ATTRIBUTE_SERVER_ID, message->server_id);
	say_address(said, ATTRIBUTE_ROUTER, message->router);
	if (message->lease_seconds > 0)
		attributes_add_number(said, ATTRIBUTE_LEASE, message->lease_seconds);
}

static void say_names(struct attributes *said, const struct dhcp *message)
{
	struct dns_name labels;

	attributes_add_wire(said, ATTRIBUTE_HOSTNAME, without_nul(message->hostname));
	if (dhcp_fqdn_from_labels(message, &labels))
		attributes_add_text(said, ATTRIBUTE_FQDN, labels.text);
	else if (!message->fqdn_is_labels)
		attributes_add_wire(said, ATTRIBUTE_FQDN, without_nul(message->fqdn));
	attributes_add_wire(said, ATTRIBUTE_DOMAIN, without_nul(message->domain));
}

/* What the device's software is. */
static void say_kind(struct attributes *said, const struct dhcp *message)
{
	char fingerprint[DHCP_FINGERPRINT_LEN];

	attributes_add_wire(said, ATTRIBUTE_VENDOR_CLASS, without_nul(message->vendor_class));
	if (message->vendor_enterprise > 0)
		attributes_add_number(said, ATTRIBUTE_VENDOR_ENTERPRISE,
				      message->vendor_enterprise);
	attributes_add_hex(said, ATTRIBUTE_CLIENT_ID, message->client_id);
	if (message->operation != DHCP_BOOT_REQUEST)
		return;
	dhcp_fingerprint(message, fingerprint);
	attributes_add_text(said, ATTRIBUTE_FINGERPRINT, fingerprint);
}

static void tell_message(struct hearing *hearing, const struct dhcp *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_DHCP);
	struct mac mac;

	memcpy(mac.bytes, message->mac, MAC_LEN);
	if (message->message_type != 0)
		code_words_say(&types, said, ATTRIBUTE_TYPE, message->message_type);
	if (message->operation == DHCP_BOOT_REPLY)
		attributes_add_flag(said, ATTRIBUTE_RESPONSE);
	if (!mac_is_zero(&mac))
		attributes_add_mac(said, ATTRIBUTE_MAC, &mac);
	say_names(said, message);
	say_kind(said, message);
	say_addresses(said, message);
	if (message->is_cut)
		attributes_add_flag(said, ATTRIBUTE_DAMAGED);
	hearing_tell(hearing);
}

static enum datagram_service read_dhcp(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct dhcp message;

	if (!hearing_is_readable(hearing, dissect_dhcp(datagram->payload, &message)))
		return DATAGRAM_NONE;
	if (message.operation == DHCP_BOOT_REQUEST)
		tell_name(hearing, &message);
	else
		tell_network(hearing, &message);
	tell_message(hearing, &message);
	return DATAGRAM_DHCP;
}

const struct datagram_reader datagram_reader_dhcp = {
	.ports = { PORT_SERVER, PORT_CLIENT, PORT_BOOT_SERVER },
	.read = read_dhcp,
};
