#include "dissectors/modbus.h"

enum {
	LENGTH_MIN = 2,          /* unit and function */
	LENGTH_PROPER_MAX = 254, /* Application Protocol 4.1: 253 bytes behind the unit */
	LENGTH_MAX = 1024,       /* a vendor's own functions go beyond */
	EXCEPTION_BIT = 0x80,
	EXCEPTION_MAX = 11,
	COIL_OFF = 0,
	COIL_ON = 0xff00,
	MASKS_LEN = 4,
	BITS_READ_MAX = 2000,
	REGISTERS_READ_MAX = 125,
};

/* How the bytes behind a function are laid out. */
enum shape {
	SHAPE_NOTHING,
	SHAPE_ONE_BYTE,
	SHAPE_SOMETHING,
	SHAPE_RANGE,          /* address, quantity */
	SHAPE_REGISTER_RANGE, /* likewise, of fewer */
	SHAPE_COIL,           /* address, on or off */
	SHAPE_REGISTER,       /* address, value */
	SHAPE_MASK,           /* address, two masks */
	SHAPE_COUNTER,        /* status, count */
	SHAPE_BYTES,          /* their number comes first */
	SHAPE_FIFO,           /* likewise, in two bytes */
	SHAPE_RANGE_AND_BYTES,
	SHAPE_TWO_RANGES_AND_BYTES,
};

struct function {
	uint8_t number;
	bool is_write;
	enum shape request;
	enum shape response;
};

static const struct function functions[] = {
	{ MODBUS_READ_COILS, false, SHAPE_RANGE, SHAPE_BYTES },
	{ MODBUS_READ_DISCRETE_INPUTS, false, SHAPE_RANGE, SHAPE_BYTES },
	{ MODBUS_READ_HOLDING_REGISTERS, false, SHAPE_REGISTER_RANGE, SHAPE_BYTES },
	{ MODBUS_READ_INPUT_REGISTERS, false, SHAPE_REGISTER_RANGE, SHAPE_BYTES },
	{ MODBUS_WRITE_COIL, true, SHAPE_COIL, SHAPE_COIL },
	{ MODBUS_WRITE_REGISTER, true, SHAPE_REGISTER, SHAPE_REGISTER },
	{ MODBUS_READ_EXCEPTION_STATUS, false, SHAPE_NOTHING, SHAPE_ONE_BYTE },
	{ MODBUS_DIAGNOSTICS, false, SHAPE_SOMETHING, SHAPE_SOMETHING },
	{ MODBUS_EVENT_COUNTER, false, SHAPE_NOTHING, SHAPE_COUNTER },
	{ MODBUS_EVENT_LOG, false, SHAPE_NOTHING, SHAPE_BYTES },
	{ MODBUS_WRITE_COILS, true, SHAPE_RANGE_AND_BYTES, SHAPE_RANGE },
	{ MODBUS_WRITE_REGISTERS, true, SHAPE_RANGE_AND_BYTES, SHAPE_RANGE },
	{ MODBUS_REPORT_SERVER_ID, false, SHAPE_NOTHING, SHAPE_BYTES },
	{ MODBUS_READ_FILE, false, SHAPE_BYTES, SHAPE_BYTES },
	{ MODBUS_WRITE_FILE, true, SHAPE_BYTES, SHAPE_BYTES },
	{ MODBUS_MASK_WRITE_REGISTER, true, SHAPE_MASK, SHAPE_MASK },
	{ MODBUS_READ_WRITE_REGISTERS, true, SHAPE_TWO_RANGES_AND_BYTES, SHAPE_BYTES },
	{ MODBUS_READ_FIFO, false, SHAPE_SOMETHING, SHAPE_FIFO },
	{ MODBUS_ENCAPSULATED, false, SHAPE_SOMETHING, SHAPE_SOMETHING },
};

static const struct function *find_function(uint8_t number)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].number == number)
			return &functions[i];
	return NULL;
}

static void read_address(struct cursor *in, struct modbus *msg)
{
	msg->address = cursor_be16(in);
	msg->has_address = cursor_ok(in);
	msg->quantity = 1;
}

static bool read_range(struct cursor *in, uint16_t quantity_max, struct modbus *msg)
{
	read_address(in, msg);
	msg->quantity = cursor_be16(in);
	return cursor_ok(in) && msg->quantity > 0 && msg->quantity <= quantity_max;
}

/* What is read, then what is written, which stays. */
static bool read_two_ranges(struct cursor *in, struct modbus *msg)
{
	bool in_range = read_range(in, REGISTERS_READ_MAX, msg);

	return read_range(in, REGISTERS_READ_MAX, msg) && in_range;
}

static bool read_coil(struct cursor *in, struct modbus *msg)
{
	read_address(in, msg);
	uint16_t value = cursor_be16(in);

	return value == COIL_OFF || value == COIL_ON;
}

/* A byte that says how many follow, and that many. */
static bool skip_bytes(struct cursor *in)
{
	uint8_t count = cursor_u8(in);

	cursor_skip(in, count);
	return count > 0;
}

/* False where a value is out of range; a wrong size shows in what is left of `in`, or failed. */
static bool read_shape(struct cursor *in, enum shape shape, struct modbus *msg)
{
	switch (shape) {
	case SHAPE_NOTHING:
		return true;
	case SHAPE_ONE_BYTE:
		cursor_skip(in, 1);
		return true;
	case SHAPE_SOMETHING:
		return cursor_take_up_to(in, SIZE_MAX).len > 0;
	case SHAPE_REGISTER_RANGE:
		return read_range(in, REGISTERS_READ_MAX, msg);
	case SHAPE_RANGE:
		return read_range(in, BITS_READ_MAX, msg);
	case SHAPE_COIL:
		return read_coil(in, msg);
	case SHAPE_REGISTER:
		read_address(in, msg);
		cursor_skip(in, sizeof(uint16_t));
		return true;
	case SHAPE_MASK:
		read_address(in, msg);
		cursor_skip(in, MASKS_LEN);
		return true;
	case SHAPE_COUNTER:
		cursor_skip(in, 2 * sizeof(uint16_t));
		return true;
	case SHAPE_BYTES:
		return skip_bytes(in);
	case SHAPE_FIFO:
		cursor_skip(in, cursor_be16(in));
		return true;
	case SHAPE_RANGE_AND_BYTES:
		return read_range(in, BITS_READ_MAX, msg) && skip_bytes(in);
	case SHAPE_TWO_RANGES_AND_BYTES:
		return read_two_ranges(in, msg) && skip_bytes(in);
	}
	return false;
}

static bool read_exception(struct cursor *in, struct modbus *msg)
{
	msg->exception = cursor_u8(in);
	return msg->exception > 0 && msg->exception <= EXCEPTION_MAX;
}

/* Behind the function. */
static void read_body(struct cursor in, enum modbus_side side, bool is_exception,
		      struct modbus *msg)
{
	const struct function *function = find_function(msg->function);
	bool in_range = false;

	if (is_exception)
		in_range = read_exception(&in, msg);
	else if (function)
		in_range = read_shape(
			&in, side == MODBUS_CLIENT ? function->request : function->response, msg);
	msg->is_write = function && function->is_write;
	msg->is_proper = function && in_range && cursor_ok(&in) && cursor_left(&in) == 0;
}

enum dissect dissect_modbus(struct cursor stream, enum modbus_side side, struct modbus *out)
{
	struct cursor whole = stream;
	struct modbus msg = { .transaction = cursor_be16(&stream) };
	uint16_t protocol = cursor_be16(&stream);
	uint16_t len = cursor_be16(&stream);

	if (protocol != 0 || (cursor_ok(&stream) && (len < LENGTH_MIN || len > LENGTH_MAX)))
		return DISSECT_OTHER;

	struct cursor message = cursor_sub(&stream, len);

	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	msg.unit = cursor_u8(&message);
	uint8_t function = cursor_u8(&message);
	bool is_exception = (function & EXCEPTION_BIT) != 0;

	msg.function = function & (EXCEPTION_BIT - 1);
	if (msg.function == 0 || (is_exception && side == MODBUS_CLIENT))
		return DISSECT_OTHER;
	read_body(message, side, is_exception, &msg);
	msg.is_proper = msg.is_proper && len <= LENGTH_PROPER_MAX;

	msg.consumed = cursor_offset(&stream, &whole);
	*out = msg;
	return DISSECT_OK;
}
