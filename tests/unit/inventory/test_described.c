#include "sensor/inventory/described.h"

#include "tests/support/cmocka.h"

#include <string.h>

static const struct mac laptop = { { 2, 0, 0, 0, 0, 1 } };
static const uint8_t laptop_at[] = { 192, 168, 0, 2 };
static const uint8_t server_at[] = { 192, 168, 0, 1 };

struct trial {
	struct devices *devices;
	struct fact fact;
};

static void start(struct trial *t, enum message message, bool has_flow)
{
	const struct judge_config config = { .devices = 16 };
	struct address address = address_v4(laptop_at);

	assert_int_equal(devices_new(&t->devices, &config), ERR_OK);
	(void)devices_see(t->devices, &address, &laptop, NANOTIME_SECOND);
	fact_clear(&t->fact, FACT_MESSAGE);
	t->fact.message.message = (uint8_t)message;
	t->fact.message.is_from_client = true;
	if (!has_flow)
		return;
	t->fact.flow.ip_version = 4;
	t->fact.flow.client = address;
	t->fact.flow.server = address_v4(server_at);
}

static const char *trait_after(struct trial *t, enum device_trait trait)
{
	struct address address = address_v4(laptop_at);

	(void)described_learn(t->devices, &t->fact);
	assert_int_equal(devices_count(t->devices), 1);
	return devices_at(t->devices, &address)->traits[trait];
}

static void a_lease_is_asked_for_by_mac(void **state)
{
	struct trial t;

	(void)state;
	start(&t, MESSAGE_DHCP, true);
	memset(&t.fact.flow.client, 0, sizeof(t.fact.flow.client));
	attributes_add_mac(&t.fact.message.said, ATTRIBUTE_MAC, &laptop);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_VENDOR_CLASS, "MSFT 5.0");
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_FINGERPRINT, "request=1");
	assert_string_equal(trait_after(&t, DEVICE_VENDOR_CLASS), "MSFT 5.0");
	assert_string_equal(trait_after(&t, DEVICE_DHCP_FINGERPRINT), "request=1");
	devices_free(t.devices);
}

static void a_server_speaks_of_others(void **state)
{
	struct trial t;

	(void)state;
	start(&t, MESSAGE_DHCP, true);
	attributes_add_mac(&t.fact.message.said, ATTRIBUTE_MAC, &laptop);
	attributes_add_flag(&t.fact.message.said, ATTRIBUTE_RESPONSE);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_VENDOR_CLASS, "PXEClient");
	assert_false(described_learn(t.devices, &t.fact));
	assert_string_equal(trait_after(&t, DEVICE_VENDOR_CLASS), "");
	devices_free(t.devices);
}

static void a_syn_goes_by_its_address(void **state)
{
	const struct mac router = { { 2, 0, 0, 0, 0, 9 } };
	struct address address = address_v4(laptop_at);
	struct trial t;

	(void)state;
	start(&t, MESSAGE_TCP_SYN, false);
	attributes_add_address(&t.fact.message.said, ATTRIBUTE_ADDRESS, &address);
	attributes_add_mac(&t.fact.message.said, ATTRIBUTE_MAC, &router);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_SIGNATURE, "ip4 ttl64");
	assert_string_equal(trait_after(&t, DEVICE_SYN_SIGNATURE), "ip4 ttl64");
	devices_free(t.devices);
}

static void a_product_names_itself(void **state)
{
	struct trial t;

	(void)state;
	start(&t, MESSAGE_SSDP, true);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_SERVER, "Example/2");
	assert_string_equal(trait_after(&t, DEVICE_DESCRIPTION), "Example/2");
	devices_free(t.devices);
}

struct login_case {
	const char *name;
	enum message message;
	enum attribute attribute;
	const char *said;
	bool is_from_client;
	const char *want; /* of the laptop, which is the client */
};

static const struct login_case logins[] = {
	{ "NTLM", MESSAGE_NTLM_AUTHENTICATE, ATTRIBUTE_WORKSTATION, "DESK-3", true, "DESK-3" },
	{ "a machine's account", MESSAGE_KERBEROS, ATTRIBUTE_CLIENT_NAME, "desk-3$", true,
	  "desk-3" },
	{ "a person's", MESSAGE_KERBEROS, ATTRIBUTE_CLIENT_NAME, "anna", true, "" },
	{ "a controller's answer", MESSAGE_KERBEROS, ATTRIBUTE_CLIENT_NAME, "desk-3$", false, "" },
	{ "remote desktop", MESSAGE_RDP_CLIENT, ATTRIBUTE_COMPUTER_NAME, "desk-3", true, "desk-3" },
	{ "NetBIOS", MESSAGE_NBSS_REQUEST, ATTRIBUTE_CALLING, "DESK-3         ", true, "DESK-3" },
	{ "any server", MESSAGE_NBSS_REQUEST, ATTRIBUTE_CALLING, "*SMBSERVER", true, "" },
	{ "a sentence", MESSAGE_NTLM_AUTHENTICATE, ATTRIBUTE_WORKSTATION, "a b", true, "" },
};

static void logins_name_who_logs_in(void **state)
{
	struct address address = address_v4(laptop_at);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(logins); i++) {
		const struct login_case *c = &logins[i];
		struct trial t;

		start(&t, c->message, true);
		t.fact.message.is_from_client = c->is_from_client;
		attributes_add_text(&t.fact.message.said, c->attribute, c->said);
		(void)described_learn(t.devices, &t.fact);
		if (strcmp(devices_at(t.devices, &address)->names[DEVICE_NAME_LOGIN], c->want) != 0)
			fail_msg("%s: not \"%s\"", c->name, c->want);
		devices_free(t.devices);
	}
}

static void a_server_names_itself(void **state)
{
	struct address address = address_v4(laptop_at);
	struct trial t;

	(void)state;
	start(&t, MESSAGE_NTLM_CHALLENGE, true);
	t.fact.message.is_from_client = false;
	t.fact.flow.server = address;
	t.fact.flow.client = address_v4(server_at);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_NETBIOS_COMPUTER, "SRV");
	assert_true(described_learn(t.devices, &t.fact));
	assert_string_equal(devices_at(t.devices, &address)->names[DEVICE_NAME_LOGIN], "SRV");
	devices_free(t.devices);
}

static void other_messages_say_nothing_of_it(void **state)
{
	struct trial t;

	(void)state;
	start(&t, MESSAGE_HTTP_RESPONSE, true);
	attributes_add_text(&t.fact.message.said, ATTRIBUTE_SERVER, "nginx");
	assert_false(described_learn(t.devices, &t.fact));
	devices_free(t.devices);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lease_is_asked_for_by_mac),
		cmocka_unit_test(a_server_speaks_of_others),
		cmocka_unit_test(a_syn_goes_by_its_address),
		cmocka_unit_test(a_product_names_itself),
		cmocka_unit_test(logins_name_who_logs_in),
		cmocka_unit_test(a_server_names_itself),
		cmocka_unit_test(other_messages_say_nothing_of_it),
	};

	return cmocka_run_group_tests_name("described", tests, NULL, NULL);
}
