#include "dissectors/lldp.h"

#include "tests/support/message_cases.h"

static enum dissect run(struct cursor in, void *out)
{
	return dissect_lldp(in, out);
}

static const struct message_kind frame = { run, sizeof(struct lldp), false };

#define CHASSIS "\2\7\4\2\0\0\x0a\x0b\x0c"
#define PORT     \
	"\4\5\5" \
	"eth0"
#define TTL  "\6\2\0\x78"
#define HEAD CHASSIS PORT TTL
#define END  "\0\0"
#define NAME "\x0a\3sw1"
#define DESCRIPTIONS                       \
	"\x08\6Port 1" NAME "\x0c\6Linux " \
	"\x0e\4\0\x9c\0\x14"
#define MANAGEMENT         "\x10\x0c\5\1\xc0\0\2\1\2\0\0\0\2\0"
#define VLAN               "\xfe\6\0\x80\xc2\1\0\x64"
#define MED(subtype, text) "\xfe\7\0\x12\xbb" subtype text
#define INVENTORY        \
	MED("\5", "HW1") \
	MED("\6", "FW1") MED("\7", "SW1") MED("\x08", "S01") MED("\x09", "ABC") MED("\x0a", "M01")

static void check_head(const void *out)
{
	const struct lldp *msg = out;

	assert_int_equal(msg->chassis.subtype, LLDP_CHASSIS_MAC);
	assert_span(msg->chassis.value, BYTES("\2\0\0\x0a\x0b\x0c"));
	assert_int_equal(msg->port.subtype, LLDP_PORT_INTERFACE_NAME);
	assert_text(msg->port.value, "eth0");
	assert_int_equal(msg->ttl_seconds, 120);
	assert_int_equal(msg->management_family, 0);
	assert_int_equal(msg->capabilities, 0);
	assert_int_equal(msg->system_name.len, 0);
	assert_false(msg->has_vlan);
}

static void check_name(const void *out)
{
	assert_text(((const struct lldp *)out)->system_name, "sw1");
}

static void check_all(const void *out)
{
	const struct lldp *msg = out;

	assert_text(msg->port_description, "Port 1");
	assert_text(msg->system_name, "sw1");
	assert_text(msg->system_description, "Linux ");
	assert_int_equal(msg->capabilities,
			 LLDP_STATION | LLDP_ROUTER | LLDP_ACCESS_POINT | LLDP_BRIDGE);
	assert_int_equal(msg->enabled, LLDP_ROUTER | LLDP_BRIDGE);
	assert_int_equal(msg->management_family, LLDP_IPV4);
	assert_span(msg->management_address, BYTES("\xc0\0\2\1"));
	assert_true(msg->has_vlan);
	assert_int_equal(msg->vlan, 100);
	assert_text(msg->hardware_revision, "HW1");
	assert_text(msg->firmware_revision, "FW1");
	assert_text(msg->software_revision, "SW1");
	assert_text(msg->serial, "S01");
	assert_text(msg->manufacturer, "ABC");
	assert_text(msg->model, "M01");
}

static struct message_case cases[] = {
	{ "what must be there", &frame, BYTES(HEAD END), DISSECT_OK, check_head },
	{ "without an end", &frame, BYTES(HEAD), DISSECT_OK, check_head },
	{ "what follows the end is ignored", &frame, BYTES(HEAD END NAME), DISSECT_OK, check_head },
	{ "everything", &frame, BYTES(HEAD DESCRIPTIONS MANAGEMENT VLAN INVENTORY END), DISSECT_OK,
	  check_all },
	{ "the first of each counts", &frame,
	  BYTES(HEAD DESCRIPTIONS MANAGEMENT VLAN INVENTORY
		"\x0a\3sw2\x10\x0c\5\1\xc0\0\2\2\2\0\0\0\2\0\xfe\6\0\x80\xc2\1\0\x65" END),
	  DISSECT_OK, check_all },
	{ "unknown elements are skipped", &frame,
	  BYTES(HEAD "\x12\1x\xfe\5\0\x12\x0f\1\2" NAME END), DISSECT_OK, check_name },
	{ "elements too short for what they carry", &frame,
	  BYTES(HEAD "\x0e\3\0\x9c\0\x10\1\5\xfe\5\0\x80\xc2\1\0\xfe\2\0\x80" END), DISSECT_OK,
	  check_head },
	{ "an element past the end", &frame, BYTES(HEAD "\x0a\x09sw1"), DISSECT_TRUNCATED, NULL },
	{ "port before chassis", &frame, BYTES(PORT CHASSIS TTL END), DISSECT_MALFORMED, NULL },
	{ "no port", &frame, BYTES(CHASSIS TTL END), DISSECT_MALFORMED, NULL },
	{ "no time to live", &frame, BYTES(CHASSIS PORT END), DISSECT_MALFORMED, NULL },
	{ "half a time to live", &frame, BYTES(CHASSIS PORT "\6\1\0"), DISSECT_MALFORMED, NULL },
	{ "a chassis without a value", &frame, BYTES("\2\1\4" PORT TTL END), DISSECT_MALFORMED,
	  NULL },
	{ "a port of nothing at all", &frame, BYTES(CHASSIS "\4\0" TTL END), DISSECT_MALFORMED,
	  NULL },
	{ "nothing", &frame, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("lldp", cases, ARRAY_LEN(cases));
}
