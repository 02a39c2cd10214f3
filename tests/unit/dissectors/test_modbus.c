#include "dissectors/modbus.h"

#include "tests/support/message_cases.h"

static enum dissect run_client(struct cursor in, void *out)
{
	return dissect_modbus(in, MODBUS_CLIENT, out);
}

static enum dissect run_server(struct cursor in, void *out)
{
	return dissect_modbus(in, MODBUS_SERVER, out);
}

static const struct message_kind client = { run_client, sizeof(struct modbus), false };
static const struct message_kind server = { run_server, sizeof(struct modbus), false };

#define ZEROES32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* 254 bytes, so that unit, function and they are 256. */
#define LONG                                                           \
	ZEROES32 ZEROES32 ZEROES32 ZEROES32 ZEROES32 ZEROES32 ZEROES32 \
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* A message's head, but for its length. */
#define HEAD "\x12\x34\0\0\0"

static void check_read(const void *out)
{
	const struct modbus *msg = out;

	assert_int_equal(msg->transaction, 0x1234);
	assert_int_equal(msg->unit, 0xff);
	assert_int_equal(msg->function, MODBUS_READ_HOLDING_REGISTERS);
	assert_int_equal(msg->exception, 0);
	assert_false(msg->is_write);
	assert_true(msg->is_proper);
	assert_true(msg->has_address);
	assert_int_equal(msg->address, 0x006b);
	assert_int_equal(msg->quantity, 3);
	assert_int_equal(msg->consumed, 12);
}

static void check_proper(const void *out)
{
	assert_true(((const struct modbus *)out)->is_proper);
}

static void check_improper(const void *out)
{
	assert_false(((const struct modbus *)out)->is_proper);
}

static void check_registers(const void *out)
{
	const struct modbus *msg = out;

	assert_true(msg->is_proper);
	assert_false(msg->has_address);
	assert_false(msg->is_write);
}

static void check_write(const void *out)
{
	const struct modbus *msg = out;

	assert_true(msg->is_proper);
	assert_true(msg->is_write);
	assert_int_equal(msg->address, 0x00ac);
	assert_int_equal(msg->quantity, 1);
}

static void check_write_many(const void *out)
{
	const struct modbus *msg = out;

	assert_true(msg->is_proper);
	assert_true(msg->is_write);
	assert_int_equal(msg->address, 1);
	assert_int_equal(msg->quantity, 2);
}

static void check_read_write(const void *out)
{
	const struct modbus *msg = out;

	assert_true(msg->is_proper);
	assert_true(msg->is_write);
	assert_int_equal(msg->address, 14);
	assert_int_equal(msg->quantity, 1);
}

static void check_exception(const void *out)
{
	const struct modbus *msg = out;

	assert_int_equal(msg->function, MODBUS_WRITE_COIL);
	assert_int_equal(msg->exception, 2);
	assert_true(msg->is_write);
	assert_true(msg->is_proper);
	assert_false(msg->has_address);
}

static void check_vendor(const void *out)
{
	const struct modbus *msg = out;

	assert_int_equal(msg->function, 0x5a);
	assert_false(msg->is_proper);
	assert_false(msg->is_write);
}

/* Most are the examples of the Application Protocol, chapter 6. */
static struct message_case cases[] = {
	{ "registers are asked for", &client, BYTES(HEAD "\6\xff\3\0\x6b\0\3"), DISSECT_OK,
	  check_read },
	{ "another message behind it", &client, BYTES(HEAD "\6\xff\3\0\x6b\0\3\x12\x35"),
	  DISSECT_OK, check_read },
	{ "registers", &server, BYTES(HEAD "\x09\xff\3\6\2\x2b\0\0\0\x64"), DISSECT_OK,
	  check_registers },
	{ "coils are asked for", &client, BYTES(HEAD "\6\1\1\0\x13\0\x13"), DISSECT_OK,
	  check_proper },
	{ "more registers than there may be", &client, BYTES(HEAD "\6\1\4\0\x13\0\x7e"), DISSECT_OK,
	  check_improper },
	{ "no registers at all", &client, BYTES(HEAD "\6\1\4\0\x13\0\0"), DISSECT_OK,
	  check_improper },
	{ "an empty answer", &server, BYTES(HEAD "\3\1\2\0"), DISSECT_OK, check_improper },
	{ "a coil is set", &client, BYTES(HEAD "\6\1\5\0\xac\xff\0"), DISSECT_OK, check_write },
	{ "a coil was cleared", &server, BYTES(HEAD "\6\1\5\0\xac\0\0"), DISSECT_OK, check_write },
	{ "a coil that is neither", &client, BYTES(HEAD "\6\1\5\0\xac\0\1"), DISSECT_OK,
	  check_improper },
	{ "a register is set", &client, BYTES(HEAD "\6\1\6\0\xac\0\3"), DISSECT_OK, check_write },
	{ "exception status", &client, BYTES(HEAD "\2\1\7"), DISSECT_OK, check_proper },
	{ "its answer", &server, BYTES(HEAD "\3\1\7\x6d"), DISSECT_OK, check_proper },
	{ "diagnostics", &client, BYTES(HEAD "\6\1\x08\0\0\xa5\x37"), DISSECT_OK, check_proper },
	{ "diagnostics of nothing", &client, BYTES(HEAD "\2\1\x08"), DISSECT_OK, check_improper },
	{ "an event counter", &server, BYTES(HEAD "\6\1\x0b\xff\xff\1\x08"), DISSECT_OK,
	  check_proper },
	{ "coils are set", &client, BYTES(HEAD "\x08\1\x0f\0\1\0\2\1\3"), DISSECT_OK,
	  check_write_many },
	{ "registers are set", &client, BYTES(HEAD "\x0b\1\x10\0\1\0\2\4\0\x0a\1\2"), DISSECT_OK,
	  check_write_many },
	{ "registers were set", &server, BYTES(HEAD "\6\1\x10\0\1\0\2"), DISSECT_OK,
	  check_write_many },
	{ "who are you", &client, BYTES(HEAD "\2\1\x11"), DISSECT_OK, check_proper },
	{ "with a byte too many", &client, BYTES(HEAD "\3\1\x11\0"), DISSECT_OK, check_improper },
	{ "a file is written", &client, BYTES(HEAD "\x0c\1\x15\x09\6\0\4\0\7\0\1\6\xaf"),
	  DISSECT_OK, check_proper },
	{ "a register is masked", &client, BYTES(HEAD "\x08\1\x16\0\xac\0\xf2\0\x25"), DISSECT_OK,
	  check_write },
	{ "registers are read and written", &client,
	  BYTES(HEAD "\x0d\1\x17\0\3\0\6\0\x0e\0\1\2\0\xff"), DISSECT_OK, check_read_write },
	{ "too many of those", &client, BYTES(HEAD "\x0d\1\x17\0\3\0\x7e\0\x0e\0\1\2\0\xff"),
	  DISSECT_OK, check_improper },
	{ "a queue", &server, BYTES(HEAD "\x0a\1\x18\0\6\0\2\1\xb8\x12\x84"), DISSECT_OK,
	  check_proper },
	{ "identification", &client, BYTES(HEAD "\5\1\x2b\x0e\1\0"), DISSECT_OK, check_proper },
	{ "a refusal", &server, BYTES(HEAD "\3\1\x85\2"), DISSECT_OK, check_exception },
	{ "a refusal without reason", &server, BYTES(HEAD "\3\1\x85\0"), DISSECT_OK,
	  check_improper },
	{ "a refusal for no known reason", &server, BYTES(HEAD "\3\1\x85\x0c"), DISSECT_OK,
	  check_improper },
	{ "a vendor's own function", &client, BYTES(HEAD "\4\1\x5a\0\2"), DISSECT_OK,
	  check_vendor },
	{ "clients refuse nothing", &client, BYTES(HEAD "\3\1\x85\2"), DISSECT_OTHER, NULL },
	{ "function 0", &client, BYTES(HEAD "\3\1\0\2"), DISSECT_OTHER, NULL },
	{ "another protocol identifier", &client, BYTES("\0\1\0\2\0\6\1\3\0\0\0\1"), DISSECT_OTHER,
	  NULL },
	{ "too short for a function", &client, BYTES(HEAD "\1\1"), DISSECT_OTHER, NULL },
	{ "a vendor's own length", &client, BYTES("\0\1\0\0\1\0\1\x2b" LONG), DISSECT_OK,
	  check_improper },
	{ "too long", &client, BYTES("\0\1\0\0\4\1\1\3"), DISSECT_OTHER, NULL },
	{ "nothing", &client, BYTES(""), DISSECT_TRUNCATED, NULL },
};

int main(void)
{
	return run_message_cases("modbus", cases, ARRAY_LEN(cases));
}
