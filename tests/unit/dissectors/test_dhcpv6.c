#include "dissectors/dhcpv6.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum { MESSAGE_MAX = 1024 };

struct dhcpv6_case {
	const char *name;
	const char *message;
	size_t len;
	enum dissect want;
	void (*check)(const struct dhcpv6 *msg); /* of what a whole message gave */
};

#define BYTES(s) (s), sizeof(s) - 1

#define MAC_BYTES    "\x02\0\0\x0a\x0b\x0c"
#define ADDRESS      "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define ADDRESS_2    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
#define LIFETIMES    "\0\0\0\x3c\0\0\0\x78"
#define SOLICIT      "\001xid"
#define REPLY        "\007xid"
#define RELAY        "\014\0" ADDRESS ADDRESS_2
#define CLIENT_LLT   "\0\1\0\016\0\1\0\1\x2a\0\0\1" MAC_BYTES
#define IA_ADDRESS   "\0\5\0\030" ADDRESS LIFETIMES
#define IA_ADDRESS_2 "\0\5\0\030" ADDRESS_2 LIFETIMES

static void assert_text(struct span got, const char *want, size_t len)
{
	assert_int_equal(got.len, len);
	if (len > 0)
		assert_memory_equal(got.data, want, len);
}

static void check_empty(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_SOLICIT);
	assert_int_equal(msg->relays, 0);
	assert_int_equal(msg->client.whole.len, 0);
	assert_int_equal(msg->client.type, 0);
	assert_int_equal(msg->address_count, 0);
	assert_int_equal(msg->vendor_class.len, 0);
	assert_int_equal(msg->fqdn.octets, 0);
	assert_string_equal(msg->fqdn.text, "");
}

static void check_device(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_SOLICIT);
	assert_int_equal(msg->client.type, DHCPV6_DUID_LINK_LAYER_TIME);
	assert_int_equal(msg->client.hardware, 1);
	assert_int_equal(msg->client.whole.len, 14);
	assert_text(msg->client.link_layer, BYTES(MAC_BYTES));
	assert_text(msg->option_request, BYTES("\0\027\0\030\0\047"));
	assert_int_equal(msg->vendor_enterprise, 311);
	assert_text(msg->vendor_class, BYTES("MSFT 5.0"));
	assert_string_equal(msg->fqdn.text, "pc");
	assert_int_equal(msg->address_count, 0);
}

static void check_relayed(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_SOLICIT);
	assert_int_equal(msg->relays, 1);
	assert_text(msg->client.link_layer, BYTES(MAC_BYTES));
}

static void check_relayed_twice(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_REPLY);
	assert_int_equal(msg->relays, 2);
	assert_string_equal(msg->fqdn.text, "pc.lan");
}

static void check_relay_alone(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_RELAY_FORWARD);
	assert_int_equal(msg->relays, 1);
	assert_int_equal(msg->client.whole.len, 0);
}

static void check_addresses(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->message_type, DHCPV6_REPLY);
	assert_int_equal(msg->address_count, 3);
	assert_memory_equal(msg->addresses[0], ADDRESS, DHCPV6_IP_LEN);
	assert_memory_equal(msg->addresses[1], ADDRESS_2, DHCPV6_IP_LEN);
	assert_memory_equal(msg->addresses[2], ADDRESS, DHCPV6_IP_LEN);
}

static void check_first_four(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->address_count, DHCPV6_ADDRESSES_MAX);
	assert_memory_equal(msg->addresses[3], ADDRESS_2, DHCPV6_IP_LEN);
}

static void check_name_servers(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->name_server_count, 2);
	assert_memory_equal(msg->name_servers[0], ADDRESS, DHCPV6_IP_LEN);
	assert_memory_equal(msg->name_servers[1], ADDRESS_2, DHCPV6_IP_LEN);
}

static void check_four_name_servers(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->name_server_count, DHCPV6_NAME_SERVERS_MAX);
	assert_memory_equal(msg->name_servers[3], ADDRESS_2, DHCPV6_IP_LEN);
}

static void check_no_name_server(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->name_server_count, 0);
}

static void check_no_address(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->address_count, 0);
}

static void check_link_layer(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->client.type, DHCPV6_DUID_LINK_LAYER);
	assert_int_equal(msg->client.hardware, 1);
	assert_text(msg->client.link_layer, BYTES(MAC_BYTES));
}

static void check_enterprise(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->client.type, DHCPV6_DUID_ENTERPRISE);
	assert_int_equal(msg->client.enterprise, 43793);
	assert_int_equal(msg->client.link_layer.len, 0);
}

static void check_uuid(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->client.type, DHCPV6_DUID_UUID);
	assert_int_equal(msg->client.whole.len, 18);
	assert_int_equal(msg->client.hardware, 0);
}

static void check_fqdn(const struct dhcpv6 *msg)
{
	assert_string_equal(msg->fqdn.text, "pc.lan");
	assert_int_equal(msg->fqdn.octets, 8);
}

static void check_no_fqdn(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->fqdn.octets, 0);
}

static void check_vendor_number(const struct dhcpv6 *msg)
{
	assert_int_equal(msg->vendor_enterprise, 311);
	assert_int_equal(msg->vendor_class.len, 0);
}

static struct dhcpv6_case cases[] = {
	{ "nothing but a header", BYTES(SOLICIT), DISSECT_OK, check_empty },
	{ "unknown options are skipped", BYTES(SOLICIT "\0\010\0\2\0\0\0\016\0\0"), DISSECT_OK,
	  check_empty },
	{ "a device that looks for a server",
	  BYTES(SOLICIT CLIENT_LLT "\0\6\0\6\0\027\0\030\0\047\0\047\0\4\0\2pc"
				   "\0\020\0\016\0\0\1\x37\0\010MSFT 5.0\0\3\0\014\0\0\0\1\0\0\0\0"
				   "\0\0\0\0"),
	  DISSECT_OK, check_device },
	{ "through a relay", BYTES(RELAY "\0\022\0\2p1\0\011\0\026" SOLICIT CLIENT_LLT), DISSECT_OK,
	  check_relayed },
	{ "a reply through two relays",
	  BYTES("\015\1" ADDRESS ADDRESS_2 "\0\011\0\071\015\0" ADDRESS ADDRESS_2
		"\0\011\0\023" REPLY "\0\047\0\013\0\2pc\3lan\0xx"),
	  DISSECT_OK, check_relayed_twice },
	{ "a relay that carries nothing", BYTES(RELAY "\0\022\0\2p1"), DISSECT_OK,
	  check_relay_alone },
	{ "a relay with an empty message", BYTES(RELAY "\0\011\0\0"), DISSECT_OK,
	  check_relay_alone },
	{ "a relay that carries another protocol", BYTES(RELAY "\0\011\0\4zxid"), DISSECT_OTHER,
	  NULL },
	{ "a relayed message that is cut", BYTES(RELAY "\0\011\0\10" SOLICIT "\0\1\0\5"),
	  DISSECT_TRUNCATED, NULL },
	{ "lasting and temporary addresses",
	  BYTES(REPLY "\0\3\0\112\0\0\0\1" LIFETIMES IA_ADDRESS "\0\015\0\2\0\0" IA_ADDRESS_2
		      "\0\4\0\040\0\0\0\1" IA_ADDRESS),
	  DISSECT_OK, check_addresses },
	{ "more addresses than are kept",
	  BYTES(REPLY "\0\3\0\230\0\0\0\1" LIFETIMES IA_ADDRESS IA_ADDRESS IA_ADDRESS IA_ADDRESS_2
			IA_ADDRESS),
	  DISSECT_OK, check_first_four },
	{ "an address that is too short",
	  BYTES(REPLY "\0\3\0\022\0\0\0\1" LIFETIMES "\0\5\0\2\x20\1"), DISSECT_OK,
	  check_no_address },
	{ "an option in an association that reaches beyond it",
	  BYTES(REPLY "\0\3\0\022\0\0\0\1" LIFETIMES "\0\5\0\030\x20\1"), DISSECT_OK,
	  check_no_address },
	{ "name servers", BYTES(REPLY "\0\027\0\040" ADDRESS ADDRESS_2), DISSECT_OK,
	  check_name_servers },
	{ "more name servers than are kept",
	  BYTES(REPLY "\0\027\0\120" ADDRESS ADDRESS ADDRESS ADDRESS_2 ADDRESS), DISSECT_OK,
	  check_four_name_servers },
	{ "half a name server", BYTES(REPLY "\0\027\0\10\x20\1\0\0\0\0\0\0"), DISSECT_OK,
	  check_no_name_server },
	{ "a DUID by link-layer address", BYTES(SOLICIT "\0\1\0\012\0\3\0\1" MAC_BYTES), DISSECT_OK,
	  check_link_layer },
	{ "a DUID of a vendor", BYTES(SOLICIT "\0\1\0\012\0\2\0\0\xab\x11wxyz"), DISSECT_OK,
	  check_enterprise },
	{ "a DUID of a UUID", BYTES(SOLICIT "\0\1\0\022\0\4" ADDRESS), DISSECT_OK, check_uuid },
	{ "FQDN whole", BYTES(SOLICIT "\0\047\0\011\0\2PC\3lan\0"), DISSECT_OK, check_fqdn },
	{ "FQDN without a name", BYTES(SOLICIT "\0\047\0\1\0"), DISSECT_OK, check_no_fqdn },
	{ "FQDN without its flags", BYTES(SOLICIT "\0\047\0\0"), DISSECT_OK, check_no_fqdn },
	{ "FQDN with a pointer", BYTES(SOLICIT "\0\047\0\5\0\1p\xc0\2"), DISSECT_OK,
	  check_no_fqdn },
	{ "FQDN with a label that is cut", BYTES(SOLICIT "\0\047\0\4\0\5pc"), DISSECT_OK,
	  check_no_fqdn },
	{ "a vendor without its data", BYTES(SOLICIT "\0\020\0\5\0\0\1\x37\0"), DISSECT_OK,
	  check_vendor_number },
	{ "a length past the end is truncation", BYTES(SOLICIT "\0\1\0\011\0\1"), DISSECT_TRUNCATED,
	  NULL },
	{ "an option without its length is truncation", BYTES(SOLICIT "\0\1"), DISSECT_TRUNCATED,
	  NULL },
	{ "type 0 is another protocol", BYTES("\0xid"), DISSECT_OTHER, NULL },
	{ "type 38 is another protocol", BYTES("\046xid"), DISSECT_OTHER, NULL },
};

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const void *message, size_t len,
				 void (*check)(const struct dhcpv6 *msg))
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct dhcpv6)];
	struct dhcpv6 msg;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&msg, untouched, sizeof(msg));
	memcpy(exact, message, len);
	enum dissect got = dissect_dhcpv6(cursor_over(exact, len), &msg);

	if (got == DISSECT_OK && check)
		check(&msg);
	if (got != DISSECT_OK)
		assert_memory_equal(&msg, untouched, sizeof(msg));
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct dhcpv6_case *c = *state;

	assert_int_equal(dissect_copy(c->message, c->len, c->check), c->want);
	for (size_t cut = 0; cut < c->len; cut++) {
		enum dissect got = dissect_copy(c->message, cut, NULL);

		/* OK where an option ends. */
		assert_true(got == DISSECT_TRUNCATED || got == DISSECT_OK || got == c->want);
	}
}

static void any_byte_may_be_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t message[MESSAGE_MAX];

		for (size_t at = 0; at < cases[i].len; at++) {
			memcpy(message, cases[i].message, cases[i].len);
			for (unsigned value = 0; value <= UINT8_MAX; value++) {
				message[at] = (uint8_t)value;
				(void)dissect_copy(message, cases[i].len, NULL);
			}
		}
	}
}

/* A solicitation inside of `relays` relays. */
static enum dissect dissect_relayed(int relays)
{
	static const char solicit[] = SOLICIT;
	uint8_t message[MESSAGE_MAX];
	size_t at = sizeof(message) - (sizeof(solicit) - 1);

	memcpy(&message[at], solicit, sizeof(solicit) - 1);
	for (int i = 0; i < relays; i++) {
		static const char head[] = RELAY "\0\011\0\0";
		size_t inner = sizeof(message) - at;

		at -= sizeof(head) - 1;
		memcpy(&message[at], head, sizeof(head) - 1);
		message[at + sizeof(head) - 3] = (uint8_t)(inner >> 8);
		message[at + sizeof(head) - 2] = (uint8_t)inner;
	}
	return dissect_copy(&message[at], sizeof(message) - at, NULL);
}

static void relays_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(dissect_relayed(DHCPV6_RELAYS_MAX), DISSECT_OK);
	assert_int_equal(dissect_relayed(DHCPV6_RELAYS_MAX + 1), DISSECT_MALFORMED);
}

enum { PLAIN_TESTS = 2 };

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + PLAIN_TESTS] = {
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(relays_are_bounded),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + PLAIN_TESTS] = (struct CMUnitTest){ .name = cases[i].name,
							      .test_func = run_case,
							      .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dhcpv6", tests, NULL, NULL);
}
