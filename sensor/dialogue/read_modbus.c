#include "dissectors/modbus.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/session_readers.h"

enum {
	PORT_MODBUS = 502,
	FUNCTIONS = 128,
	BYTE_BITS = 8,
	NAME_LEN = 24,
};

/* What is read is read again and again, and told once for each function. Writes are told all. */
struct modbus_notes {
	uint8_t told_requests[FUNCTIONS / BYTE_BITS];
	uint8_t told_responses[FUNCTIONS / BYTE_BITS];
};

_Static_assert(sizeof(struct modbus_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* On other ports the message must be right in all its sizes, and alone. */
static enum dissect opens(const struct session_opening *opening)
{
	struct modbus message;
	enum dissect got = dissect_modbus(
		opening->stream, opening->from_client ? MODBUS_CLIENT : MODBUS_SERVER, &message);

	if (opening->server_port == PORT_MODBUS)
		return got;
	return got == DISSECT_OK && message.is_proper &&
			       message.consumed == cursor_left(&opening->stream)
		       ? DISSECT_OK
		       : DISSECT_OTHER;
}

/* Application Protocol V1.1b3, 6 */
static const char *function_name(uint8_t function)
{
	static const char *const names[FUNCTIONS] = {
		[MODBUS_READ_COILS] = "Read Coils",
		[MODBUS_READ_DISCRETE_INPUTS] = "Read Discrete Inputs",
		[MODBUS_READ_HOLDING_REGISTERS] = "Read Holding Registers",
		[MODBUS_READ_INPUT_REGISTERS] = "Read Input Registers",
		[MODBUS_WRITE_COIL] = "Write Single Coil",
		[MODBUS_WRITE_REGISTER] = "Write Single Register",
		[MODBUS_READ_EXCEPTION_STATUS] = "Read Exception Status",
		[MODBUS_DIAGNOSTICS] = "Diagnostics",
		[MODBUS_EVENT_COUNTER] = "Get Comm Event Counter",
		[MODBUS_EVENT_LOG] = "Get Comm Event Log",
		[MODBUS_WRITE_COILS] = "Write Multiple Coils",
		[MODBUS_WRITE_REGISTERS] = "Write Multiple Registers",
		[MODBUS_REPORT_SERVER_ID] = "Report Server ID",
		[MODBUS_READ_FILE] = "Read File Record",
		[MODBUS_WRITE_FILE] = "Write File Record",
		[MODBUS_MASK_WRITE_REGISTER] = "Mask Write Register",
		[MODBUS_READ_WRITE_REGISTERS] = "Read/Write Multiple Registers",
		[MODBUS_READ_FIFO] = "Read FIFO Queue",
		[MODBUS_ENCAPSULATED] = "Encapsulated Interface Transport",
	};

	return names[function];
}

/* Likewise, 7 */
static const char *exception_name(uint8_t exception)
{
	static const char *const names[] = {
		[1] = "ILLEGAL FUNCTION",
		[2] = "ILLEGAL DATA ADDRESS",
		[3] = "ILLEGAL DATA VALUE",
		[4] = "SERVER DEVICE FAILURE",
		[5] = "ACKNOWLEDGE",
		[6] = "SERVER DEVICE BUSY",
		[8] = "MEMORY PARITY ERROR",
		[10] = "GATEWAY PATH UNAVAILABLE",
		[11] = "GATEWAY TARGET DEVICE FAILED TO RESPOND",
	};

	return exception < sizeof(names) / sizeof(names[0]) ? names[exception] : NULL;
}

static void add_named(struct attributes *said, enum attribute attribute, const char *name,
		      uint8_t number)
{
	char digits[NAME_LEN];
	struct text text = text_over(digits, sizeof(digits));

	text_format(&text, "%u", number);
	attributes_add_text(said, attribute, name ? name : digits);
}

static void tell(struct hearing *hearing, const struct modbus *message)
{
	struct attributes *said = hearing_message(
		hearing, hearing->from_client ? MESSAGE_MODBUS_REQUEST : MESSAGE_MODBUS_RESPONSE);

	attributes_add_number(said, ATTRIBUTE_UNIT, message->unit);
	add_named(said, ATTRIBUTE_FUNCTION, function_name(message->function), message->function);
	if (message->exception != 0)
		add_named(said, ATTRIBUTE_EXCEPTION, exception_name(message->exception),
			  message->exception);
	if (message->is_write)
		attributes_add_flag(said, ATTRIBUTE_WRITE);
	if (message->has_address) {
		attributes_add_number(said, ATTRIBUTE_REGISTER, message->address);
		attributes_add_number(said, ATTRIBUTE_QUANTITY, message->quantity);
	}
	hearing_tell(hearing);
}

static bool is_new(uint8_t *told, uint8_t function)
{
	uint8_t bit = (uint8_t)(1U << (function % BYTE_BITS));
	bool was_told = (told[function / BYTE_BITS] & bit) != 0;

	told[function / BYTE_BITS] |= bit;
	return !was_told;
}

static struct reading read_modbus(struct session_turn *turn)
{
	struct modbus_notes *notes = turn->notes;
	bool from_client = turn->hearing->from_client;
	struct modbus message;
	enum dissect got =
		dissect_modbus(turn->stream, from_client ? MODBUS_CLIENT : MODBUS_SERVER, &message);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	if (is_new(from_client ? notes->told_requests : notes->told_responses, message.function) ||
	    message.is_write || message.exception != 0)
		tell(turn->hearing, &message);
	return reading_on(message.consumed);
}

/* Asked for sessions of MODBUS alone, all but one byte of which could be anything. */
static bool begins(bool from_client, struct cursor bytes)
{
	struct modbus message;

	return dissect_modbus(bytes, from_client ? MODBUS_CLIENT : MODBUS_SERVER, &message) ==
		       DISSECT_OK &&
	       message.is_proper && message.consumed == cursor_left(&bytes);
}

const struct session_reader session_reader_modbus = {
	.opens = opens,
	.read = read_modbus,
	.begins = begins,
	.first_bytes = { 0, UINT8_MAX }, /* a number of its own */
};
