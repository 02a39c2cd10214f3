#include "sensor/inventory/described.h"

struct trait_row {
	enum message message;
	enum attribute attribute;
	enum device_trait trait;
};

static const struct trait_row rows[] = {
	{ MESSAGE_DHCP, ATTRIBUTE_VENDOR_CLASS, DEVICE_VENDOR_CLASS },
	{ MESSAGE_DHCP, ATTRIBUTE_FINGERPRINT, DEVICE_DHCP_FINGERPRINT },
	{ MESSAGE_DHCPV6, ATTRIBUTE_VENDOR_CLASS, DEVICE_VENDOR_CLASS },
	{ MESSAGE_TCP_SYN, ATTRIBUTE_SIGNATURE, DEVICE_SYN_SIGNATURE },
	{ MESSAGE_SSDP, ATTRIBUTE_SERVER, DEVICE_DESCRIPTION },
	{ MESSAGE_LLDP, ATTRIBUTE_SYSTEM_DESCRIPTION, DEVICE_DESCRIPTION },
	{ MESSAGE_CDP, ATTRIBUTE_PLATFORM, DEVICE_DESCRIPTION },
};

/* A DHCP server's words are about its client, and in the client's name. */
static bool is_of_server(const struct fact_message *message)
{
	return (message->message == MESSAGE_DHCP || message->message == MESSAGE_DHCPV6) &&
	       attributes_has(&message->said, ATTRIBUTE_RESPONSE);
}

/*
 * Who asks for a lease has no address yet: the MAC tells. Elsewhere it may be that of a router, of
 * a switch's port, or of another interface.
 */
static struct device_description sender_of(const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	struct device_description sender = { .text = "" };

	if (message->message == MESSAGE_DHCP)
		(void)attributes_mac(&message->said, ATTRIBUTE_MAC, &sender.mac);
	if (fact->flow.ip_version == 0)
		(void)attributes_address(&message->said, ATTRIBUTE_ADDRESS, &sender.address);
	else
		sender.address = message->is_from_client ? fact->flow.client : fact->flow.server;
	return sender;
}

bool described_learn(struct devices *devices, const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	bool has_learned = false;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct device_description told;

		if (rows[i].message != (enum message)message->message || is_of_server(message))
			continue;
		told = sender_of(fact);
		told.trait = rows[i].trait;
		told.text = attributes_text(&message->said, rows[i].attribute);
		if (told.text[0] == '\0')
			continue;
		devices_describe(devices, &told, fact->time);
		has_learned = true;
	}
	return has_learned;
}
