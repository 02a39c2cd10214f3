#include "dissectors/dhcp.h"

#include "tests/support/cmocka.h"

#include <stdlib.h>

enum {
	FIXED_PART = 240,
	PACKET_MAX = 512,
	CIADDR_AT = 12,
	YIADDR_AT = 16,
	CHADDR_AT = 28,
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
	  BYTES("\x35\x01\x02\x36\x04\xc0\x00\x02\x01\x03\x08\xc0\x00\x02\xfe\xc0\x00\x02\xfd\xff"),
	  DISSECT_OK, check_offer },
	{ "options too short for their value",
	  BYTES("\x32\x03\x01\x02\x03\x36\x00\x03\x01\x09\x35\x00\x0c\x01x\xff"), DISSECT_OK,
	  check_no_addresses },
	{ "FQDN as text", BYTES("\x51\x09\x00\x00\x00pc.lan\xff"), DISSECT_OK, check_fqdn_text },
	{ "FQDN as labels", BYTES("\x51\x0a\x05\xff\xff\002pc\003lan\xff"), DISSECT_OK,
	  check_fqdn_labels },
	{ "FQDN without a name", BYTES("\x51\x03\x04\x00\x00\xff"), DISSECT_OK, NULL },
	{ "FQDN without its result codes", BYTES("\x51\x01\x04\xff"), DISSECT_OK, check_no_fqdn },
	{ "a length past the end is truncation", BYTES("\x0c\x09lap"), DISSECT_TRUNCATED, NULL },
	{ "an option without its length is truncation", BYTES("\x0c"), DISSECT_TRUNCATED, NULL },
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

		assert_true(got == DISSECT_TRUNCATED || (got == DISSECT_OK && cut >= FIXED_PART));
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

static void other_hardware_is_another_protocol(void **state)
{
	(void)state;
	assert_int_equal(dissect_with(1, 6), DISSECT_OTHER);
	assert_int_equal(dissect_with(2, 8), DISSECT_OTHER);
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

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 3] = {
		cmocka_unit_test(other_hardware_is_another_protocol),
		cmocka_unit_test(plain_bootp_is_another_protocol),
		cmocka_unit_test(operation_is_one_of_two),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = cases[i].name,
						    .test_func = run_case,
						    .initial_state = &cases[i] };
	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
