#include "sensor/inventory/described.h"

#include <string.h>

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

/* Who speaks calls himself so: of a client to a server, and of servers back. */
struct name_row {
	enum message message;
	enum attribute attribute;
	bool is_machine; /* the name is a machine's if it ends in "$", and else a person's */
};

static const struct name_row name_rows[] = {
	{ MESSAGE_NTLM_CHALLENGE, ATTRIBUTE_NETBIOS_COMPUTER, false },
	{ MESSAGE_NTLM_AUTHENTICATE, ATTRIBUTE_WORKSTATION, false },
	{ MESSAGE_KERBEROS, ATTRIBUTE_WORKSTATION, false },
	{ MESSAGE_KERBEROS, ATTRIBUTE_CLIENT_NAME, true },
	{ MESSAGE_LDAP_PING, ATTRIBUTE_WORKSTATION, false },
	{ MESSAGE_RDP_CLIENT, ATTRIBUTE_COMPUTER_NAME, false },
	{ MESSAGE_NBSS_REQUEST, ATTRIBUTE_CALLING, false },
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

/* False for what is no machine's name. */
static bool read_name(const struct name_row *row, const struct fact *fact, char out[FACT_HOST_LEN])
{
	const char *said = attributes_text(&fact->message.said, row->attribute);
	size_t len = strlen(said);
	bool is_account = len > 1 && said[len - 1] == '$';

	if (len == 0 || len >= FACT_HOST_LEN || row->is_machine != is_account)
		return false;
	memcpy(out, said, len + 1);
	if (is_account)
		out[len - 1] = '\0';
	while (len > 0 && out[len - 1] == ' ') /* NetBIOS fills up with blanks */
		out[--len] = '\0';
	return out[0] != '\0' && out[0] != '*' && strchr(out, ' ') == NULL;
}

/* Of Kerberos a client's messages alone: an answer repeats whom it is for. */
static bool learn_login_name(struct devices *devices, const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	struct fact_device_name told = { .source = DEVICE_NAME_LOGIN };

	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		if (name_rows[i].message != (enum message)message->message ||
		    fact->flow.ip_version == 0 || !read_name(&name_rows[i], fact, told.name))
			continue;
		if (!message->is_from_client && message->message != MESSAGE_NTLM_CHALLENGE)
			continue;
		told.address = message->is_from_client ? fact->flow.client : fact->flow.server;
		devices_name(devices, &told, fact->time);
		return true;
	}
	return false;
}

bool described_learn(struct devices *devices, const struct fact *fact)
{
	const struct fact_message *message = &fact->message;
	bool has_learned = learn_login_name(devices, fact);

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
