/* MODBUS over TCP (Messaging on TCP/IP Implementation Guide V1.0b; Application Protocol V1.1b3). */
/*
 * Skipped: the values that are read and written, file records, diagnostics, device identification,
 * and, of functions that are not public, all but the function's number.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum modbus_function {
	MODBUS_READ_COILS = 1,
	MODBUS_READ_DISCRETE_INPUTS = 2,
	MODBUS_READ_HOLDING_REGISTERS = 3,
	MODBUS_READ_INPUT_REGISTERS = 4,
	MODBUS_WRITE_COIL = 5,
	MODBUS_WRITE_REGISTER = 6,
	MODBUS_READ_EXCEPTION_STATUS = 7,
	MODBUS_DIAGNOSTICS = 8,
	MODBUS_EVENT_COUNTER = 11,
	MODBUS_EVENT_LOG = 12,
	MODBUS_WRITE_COILS = 15,
	MODBUS_WRITE_REGISTERS = 16,
	MODBUS_REPORT_SERVER_ID = 17,
	MODBUS_READ_FILE = 20,
	MODBUS_WRITE_FILE = 21,
	MODBUS_MASK_WRITE_REGISTER = 22,
	MODBUS_READ_WRITE_REGISTERS = 23,
	MODBUS_READ_FIFO = 24,
	MODBUS_ENCAPSULATED = 43, /* CANopen, or the device's own name */
};

enum modbus_side { MODBUS_CLIENT, MODBUS_SERVER };

struct modbus {
	uint16_t transaction; /* a response repeats its request's */
	uint8_t unit;
	uint8_t function;  /* mostly of enum modbus_function; without the exception bit */
	uint8_t exception; /* why the server refused; 0 when it did not */
	bool is_write;

	/*
	 * The function is public, and sizes and ranges are right for it. Without this a stream of
	 * unknown protocol must not be taken for MODBUS.
	 */
	bool is_proper;

	/* What is asked for, or confirmed; of a function that does both, what is written. */
	bool has_address;
	uint16_t address;
	uint16_t quantity;

	size_t consumed; /* bytes of the stream; another message may follow */
};

/*
 * `stream` begins with a message that `side` sent. DISSECT_OTHER for a protocol identifier that is
 * not 0, a length or a function that cannot be; DISSECT_TRUNCATED until the message is whole. `out`
 * is set only on DISSECT_OK, and borrows nothing.
 */
MUST_USE enum dissect dissect_modbus(struct cursor stream, enum modbus_side side,
				     struct modbus *out);
