#include "dissectors/dhcp.h"

#include "dissectors/dns.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	FIXED_PART = 240,
	PACKET_MAX = 512,
	CIADDR_AT = 12,
	YIADDR_AT = 16,
	CHADDR_AT = 28,
	SNAME_AT = 44,
	FILE_AT = 108,
};

struct dhcp_case {
	const char *name;
	const char *options; /* raw bytes after the cookie */
	size_t options_len;
	enum dissect want;
	void (*check)(const struct dhcp *msg); /* of what a whole message gave */
};

#define BYTES(s) (s), sizeof(s) - 1

static void assert_text(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len > 0)
		assert_memory_equal(got.data, want, got.len);
}

static void check_fixed(const struct dhcp *msg)
{
	assert_int_equal(msg->operation, DHCP_BOOT_REQUEST);
	assert_memory_equal(msg->mac, "\x02\x00\x00\x0a\x0b\x0c", DHCP_MAC_LEN);
	assert_memory_equal(msg->client_address, "\xc0\x00\x02\x07", DHCP_IP_LEN);
	assert_memory_equal(msg->your_address, "\xc0\x00\x02\x08", DHCP_IP_LEN);
	assert_int_equal(msg->message_type, 0);
	assert_int_equal(msg->hostname.len, 0);
	assert_false(msg->fqdn_is_labels);
	assert_false(msg->is_cut);
}

static void check_cut(const struct dhcp *msg)
{
	assert_true(msg->is_cut);
	assert_text(msg->domain, "lan");
	assert_int_equal(msg->hostname.len, 0);
	assert_int_equal(msg->option_count, 1);
}

static void check_lap(const struct dhcp *msg)
{
	assert_text(msg->hostname, "lap");
}

static void check_pi(const struct dhcp *msg)
{
	assert_text(msg->hostname, "pi");
}

static void check_request(const struct dhcp *msg)
{
	assert_int_equal(msg->message_type, DHCP_REQUEST);
	assert_memory_equal(msg->requested_address, "\xc0\x00\x02\x32", DHCP_IP_LEN);
	assert_memory_equal(msg->server_id, "\xc0\x00\x02\x01", DHCP_IP_LEN);
	assert_text(msg->vendor_class, "MSFT 5.0");
	assert_text(msg->parameter_request, "\x01\x03\x06\x0f");
}

static void check_offer(const struct dhcp *msg)
{
	assert_int_equal(msg->message_type, DHCP_OFFER);
	assert_memory_equal(msg->server_id, "\xc0\x00\x02\x01", DHCP_IP_LEN);
	assert_memory_equal(msg->router, "\xc0\x00\x02\xfe", DHCP_IP_LEN);
	assert_memory_equal(msg->subnet_mask, "\xff\xff\xff\x80", DHCP_IP_LEN);
}

static void check_no_addresses(const struct dhcp *msg)
{
	assert_memory_equal(msg->requested_address, "\0\0\0\0", DHCP_IP_LEN);
	assert_memory_equal(msg->server_id, "\0\0\0\0", DHCP_IP_LEN);
	assert_memory_equal(msg->router, "\0\0\0\0", DHCP_IP_LEN);
	assert_int_equal(msg->message_type, 0);
	assert_text(msg->hostname, "x");
}

static void check_fqdn_text(const struct dhcp *msg)
{
	assert_text(msg->fqdn, "pc.lan");
	assert_false(msg->fqdn_is_labels);
}

static void check_fqdn_labels(const struct dhcp *msg)
{
	assert_text(msg->fqdn, "\002pc\003lan");
	assert_true(msg->fqdn_is_labels);
}

static void check_no_fqdn(const struct dhcp *msg)
{
	assert_text(msg->fqdn, "");
	assert_false(msg->fqdn_is_labels);
}

static void check_identity(const struct dhcp *msg)
{
	assert_text(msg->client_id, "\x01mac...");
	assert_text(msg->domain, "lan");
	assert_int_equal(msg->lease_seconds, 3600);
	assert_int_equal(msg->max_message_size, 1500);
	assert_int_equal(msg->option_count, 5);
	assert_memory_equal(msg->options, "\x3d\x0f\x33\x39\x2b", 5);
}

static void check_both_vendors(const struct dhcp *msg)
{
	assert_int_equal(msg->vendor_enterprise, 311);
}

static void check_second_vendor(const struct dhcp *msg)
{
	assert_int_equal(msg->vendor_enterprise, 9);
}

static void check_not_moved(const struct dhcp *msg)
{
	assert_int_equal(msg->hostname.len, 0);
	assert_int_equal(msg->domain.len, 0);
}

static struct dhcp_case cases[] = {
	{ "the fixed part alone", BYTES(""), DISSECT_OK, check_fixed },
	{ "hostname is read", BYTES("\x0c\x03lap\xff"), DISSECT_OK, check_lap },
	{ "padding before an option is skipped", BYTES("\x00\x00\x0c\x02pi\xff"), DISSECT_OK,
	  check_pi },
	{ "bytes after END are ignored", BYTES("\xff\x0c\x63"), DISSECT_OK, check_fixed },
	{ "unknown options are skipped", BYTES("\x3d\x07\x01\1\2\3\4\5\6\x0c\x03lap\xff"),
	  DISSECT_OK, check_lap },
	{ "the last of a repeated option counts", BYTES("\x0c\x02pi\x0c\x03lap\xff"), DISSECT_OK,
	  check_lap },
	{ "a request",
	  BYTES("\x35\x01\x03\x32\x04\xc0\x00\x02\x32\x36\x04\xc0\x00\x02\x01"
		"\x3c\x08MSFT 5.0\x37\x04\x01\x03\x06\x0f\xff"),
	  DISSECT_OK, check_request },
	{ "an offer with two routers",
	  BYTES("\x35\x01\x02\x36\x04\xc0\x00\x02\x01\x03\x08\xc0\x00\x02\xfe\xc0\x00\x02\xfd"
		"\x01\x04\xff\xff\xff\x80\xff"),
	  DISSECT_OK, check_offer },
	{ "options too short for their value",
	  BYTES("\x32\x03\x01\x02\x03\x36\x00\x03\x01\x09\x35\x00\x0c\x01x\xff"), DISSECT_OK,
	  check_no_addresses },
	{ "FQDN as text", BYTES("\x51\x09\x00\x00\x00pc.lan\xff"), DISSECT_OK, check_fqdn_text },
	{ "FQDN as labels", BYTES("\x51\x0a\x05\xff\xff\002pc\003lan\xff"), DISSECT_OK,
	  check_fqdn_labels },
	{ "FQDN without a name", BYTES("\x51\x03\x04\x00\x00\xff"), DISSECT_OK, NULL },
	{ "FQDN without its result codes", BYTES("\x51\x01\x04\xff"), DISSECT_OK, check_no_fqdn },
	{ "who the client is, and for how long",
	  BYTES("\x3d\x07\x01mac...\x0f\x03lan\0\x33\x04\0\0\x0e\x10\x39\x02\x05\xdc\x2b\x01\x09"
		"\xff\x0c"),
	  DISSECT_OK, check_identity },
	{ "the vendor of the class counts before the other",
	  BYTES("\x7c\x04\0\0\x01\x37\x7d\x04\0\0\0\x09\xff"), DISSECT_OK, check_both_vendors },
	{ "a vendor of its own information", BYTES("\x7d\x05\0\0\0\x09\0\xff"), DISSECT_OK,
	  check_second_vendor },
	{ "sname and file are no options unless option 52 says so", BYTES("\x34\x01\x04\xff"),
	  DISSECT_OK, check_not_moved },
	{ "option 52 without its value", BYTES("\x34\x00\xff"), DISSECT_OK, check_not_moved },
	{ "a length past the end cuts the message", BYTES("\x0f\x03lan\x0c\x09lap"), DISSECT_OK,
	  check_cut },
	{ "an option without its length cuts the message", BYTES("\x0f\x03lan\x0c"), DISSECT_OK,
	  check_cut },
};

static size_t build(uint8_t *packet, const struct dhcp_case *c)
{
	static const uint8_t head[] = { 1, 1, 6 };
	static const uint8_t mac[] = { 2, 0, 0, 10, 11, 12 };
	static const uint8_t cookie[] = { 0x63, 0x82, 0x53, 0x63 };

	memset(packet, 0, FIXED_PART);
	memcpy(packet, head, sizeof(head));
	memcpy(&packet[CIADDR_AT], "\xc0\x00\x02\x07", DHCP_IP_LEN);
	memcpy(&packet[YIADDR_AT], "\xc0\x00\x02\x08", DHCP_IP_LEN);
	memcpy(&packet[CHADDR_AT], mac, sizeof(mac));
	memcpy(&packet[SNAME_AT], "\x0c\x02pi\xff\x0c", 6);
	memcpy(&packet[FILE_AT], "\x0c\x03lap\x0f\x03lan\xff", 11);
	memcpy(&packet[FIXED_PART - sizeof(cookie)], cookie, sizeof(cookie));
	memcpy(&packet[FIXED_PART], c->options, c->options_len);
	return FIXED_PART + c->options_len;
}

/* Each length gets a heap block of exactly that size, so that ASan sees an over-read. */
static enum dissect dissect_copy(const uint8_t *packet, size_t len,
				 void (*check)(const struct dhcp *msg))
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	uint8_t untouched[sizeof(struct dhcp)];
	struct dhcp msg;

	assert_non_null(exact);
	memset(untouched, 0xa5, sizeof(untouched));
	memcpy(&msg, untouched, sizeof(msg));
	memcpy(exact, packet, len);
	enum dissect got = dissect_dhcp(cursor_over(exact, len), &msg);

	if (got == DISSECT_OK && check)
		check(&msg);
	if (got != DISSECT_OK)
		assert_memory_equal(&msg, untouched, sizeof(msg));
	free(exact);
	return got;
}

static void run_case(void **state)
{
	const struct dhcp_case *c = *state;
	uint8_t packet[PACKET_MAX];
	size_t len = build(packet, c);

	assert_int_equal(dissect_copy(packet, len, c->check), c->want);
	for (size_t cut = 0; cut < len; cut++) {
		enum dissect got = dissect_copy(packet, cut, NULL);

		assert_int_equal(got, cut < FIXED_PART ? DISSECT_TRUNCATED : DISSECT_OK);
	}
}

/* One byte of the fixed part changed. */
static enum dissect dissect_with(size_t at, uint8_t value)
{
	static const struct dhcp_case plain = { .options = "\xff", .options_len = 1 };
	uint8_t packet[PACKET_MAX];
	size_t len = build(packet, &plain);

	packet[at] = value;
	return dissect_copy(packet, len, NULL);
}

static void other_hardware_is_read_too(void **state)
{
	(void)state;
	assert_int_equal(dissect_with(1, 6), DISSECT_OK);
	assert_int_equal(dissect_with(2, 8), DISSECT_OK);
}

static void plain_bootp_is_another_protocol(void **state)
{
	(void)state;
	assert_int_equal(dissect_with(FIXED_PART - 1, 0), DISSECT_OTHER);
}

static void operation_is_one_of_two(void **state)
{
	(void)state;
	assert_int_equal(dissect_with(0, 2), DISSECT_OK);
	assert_int_equal(dissect_with(0, 0), DISSECT_MALFORMED);
	assert_int_equal(dissect_with(0, 3), DISSECT_MALFORMED);
}

static void check_file_moved(const struct dhcp *msg)
{
	assert_text(msg->hostname, "lap");
	assert_text(msg->domain, "lan");
	assert_int_equal(msg->option_count, 3);
	assert_memory_equal(msg->options, "\x34\x0c\x0f", 3);
}

static void check_sname_moved(const struct dhcp *msg)
{
	assert_text(msg->hostname, "pi");
	assert_int_equal(msg->domain.len, 0);
}

static void check_both_moved(const struct dhcp *msg)
{
	assert_text(msg->hostname, "pi");
	assert_text(msg->domain, "lan");
	assert_memory_equal(msg->options, "\x34\x0c\x0f\x0c", 4);
}

static void options_may_stand_in_file_and_sname(void **state)
{
	static const struct dhcp_case moved[] = {
		{ .options = "\x34\x01\x01\xff", .options_len = 4, .check = check_file_moved },
		{ .options = "\x34\x01\x02\xff", .options_len = 4, .check = check_sname_moved },
		{ .options = "\x34\x01\x03\xff", .options_len = 4, .check = check_both_moved },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moved); i++) {
		uint8_t packet[PACKET_MAX];
		size_t len = build(packet, &moved[i]);

		assert_int_equal(dissect_copy(packet, len, moved[i].check), DISSECT_OK);
	}
}

/* A length there that reaches beyond the field must not read what follows, nor lose the rest. */
static void damage_in_sname_ends_only_sname(void **state)
{
	static const struct dhcp_case c = { .options = "\x34\x01\x03\xff", .options_len = 4 };
	uint8_t packet[PACKET_MAX];
	size_t len = build(packet, &c);

	(void)state;
	packet[SNAME_AT + 1] = 64;
	assert_int_equal(dissect_copy(packet, len, check_file_moved), DISSECT_OK);
}

static void more_options_than_are_kept(void **state)
{
	uint8_t packet[PACKET_MAX];
	struct dhcp_case c = { .options = "", .options_len = 0 };
	size_t len = build(packet, &c);
	struct dhcp msg;

	(void)state;
	for (uint8_t i = 0; i <= DHCP_OPTIONS_MAX; i++) {
		packet[len++] = (uint8_t)(i + 100);
		packet[len++] = 0;
	}
	assert_int_equal(dissect_dhcp(cursor_over(packet, len), &msg), DISSECT_OK);
	assert_int_equal(msg.option_count, DHCP_OPTIONS_MAX);
	assert_int_equal(msg.options[DHCP_OPTIONS_MAX - 1], 100 + DHCP_OPTIONS_MAX - 1);
}

static bool read_fqdn(const char *option, size_t len, struct dns_name *out)
{
	struct dhcp_case c = { .options = option, .options_len = len };
	uint8_t packet[PACKET_MAX];
	struct dhcp msg;

	assert_int_equal(dissect_dhcp(cursor_over(packet, build(packet, &c)), &msg), DISSECT_OK);
	return dhcp_fqdn_from_labels(&msg, out);
}

static void labels_of_an_fqdn_become_text(void **state)
{
	struct dns_name name;

	(void)state;
	assert_true(read_fqdn(BYTES("\x51\x0b\x04\0\0\002PC\003lan\0"), &name));
	assert_string_equal(name.text, "pc.lan");
	assert_true(read_fqdn(BYTES("\x51\x06\x04\0\0\002pc"), &name));
	assert_string_equal(name.text, "pc");
	assert_false(read_fqdn(BYTES("\x51\x09\0\0\0pc.lan"), &name));
	assert_false(read_fqdn(BYTES("\x51\x03\x04\0\0"), &name));
	assert_false(read_fqdn(BYTES("\x51\x09\x04\0\0pc.lan"), &name));
	assert_string_equal(name.text, "pc");
}

static void any_option_byte_may_be_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t packet[PACKET_MAX];
		size_t len = build(packet, &cases[i]);

		for (size_t at = FIXED_PART; at < len; at++) {
			uint8_t right = packet[at];

			for (unsigned value = 0; value <= UINT8_MAX; value++) {
				packet[at] = (uint8_t)value;
				(void)dissect_copy(packet, len, NULL);
			}
			packet[at] = right;
		}
	}
}

enum { PLAIN_TESTS = 8 };

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + PLAIN_TESTS] = {
		cmocka_unit_test(other_hardware_is_read_too),
		cmocka_unit_test(plain_bootp_is_another_protocol),
		cmocka_unit_test(operation_is_one_of_two),
		cmocka_unit_test(options_may_stand_in_file_and_sname),
		cmocka_unit_test(damage_in_sname_ends_only_sname),
		cmocka_unit_test(more_options_than_are_kept),
		cmocka_unit_test(labels_of_an_fqdn_become_text),
		cmocka_unit_test(any_option_byte_may_be_wrong),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + PLAIN_TESTS] = (struct CMUnitTest){ .name = cases[i].name,
							      .test_func = run_case,
							      .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
