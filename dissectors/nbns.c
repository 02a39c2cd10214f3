#include "dissectors/nbns.h"

enum {
	FLAG_RESPONSE = 0x8000,
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x0f,
	RCODE_MASK = 0x0f,
	NB_FLAG_GROUP = 0x8000,
};

enum {
	ENCODED_LEN = 32, /* two letters for each of the sixteen bytes: RFC 1001 14.1 */
	LABEL_LEN_MAX = 63,
	LABEL_KIND_POINTER = 0xc0,
	TYPE_AND_CLASS_LEN = 4,
	TTL_LEN = 4,
};

static bool is_known(uint8_t opcode)
{
	switch (opcode) {
	case NBNS_QUERY:
	case NBNS_REGISTRATION:
	case NBNS_RELEASE:
	case NBNS_WAIT:
	case NBNS_REFRESH:
	case NBNS_REFRESH_ALSO:
	case NBNS_MULTIHOMED_REGISTRATION:
		return true;
	default:
		return false;
	}
}

/* Two letters A to P, the high half first. */
static bool decode_byte(struct cursor *encoded, uint8_t *byte)
{
	uint8_t high = cursor_u8(encoded);
	uint8_t low = cursor_u8(encoded);

	if (high < 'A' || high > 'P' || low < 'A' || low > 'P')
		return false;
	*byte = (uint8_t)((high - 'A') << 4 | (low - 'A'));
	return true;
}

static bool decode_name(struct cursor encoded, struct nbns *msg)
{
	size_t len = 0;

	for (size_t i = 0; i < NBNS_NAME_LEN; i++) {
		uint8_t byte = 0;

		if (!decode_byte(&encoded, &byte))
			return false;
		msg->name[i] = (char)byte;
		if (byte != ' ' && byte != '\0')
			len = i + 1;
	}
	memset(&msg->name[len], '\0', sizeof(msg->name) - len);
	return decode_byte(&encoded, &msg->suffix);
}

/* Labels up to the root, or a pointer in their place. */
static enum dissect skip_labels(struct cursor *in)
{
	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(in);

		if (len > LABEL_LEN_MAX && len < LABEL_KIND_POINTER)
			return DISSECT_MALFORMED;
		cursor_skip(in, len > LABEL_LEN_MAX ? 1 : len);
		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (len == 0 || len > LABEL_LEN_MAX)
			return DISSECT_OK;
	}
}

static enum dissect read_name(struct cursor *in, struct nbns *msg)
{
	uint8_t len = cursor_u8(in);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (len != ENCODED_LEN)
		return DISSECT_MALFORMED;

	struct cursor encoded = cursor_sub(in, ENCODED_LEN);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (!decode_name(encoded, msg))
		return DISSECT_MALFORMED;
	return skip_labels(in); /* the scope */
}

/* Behind a record's type and class. */
static enum dissect read_record_data(struct cursor *in, uint16_t type, struct nbns *msg)
{
	cursor_skip(in, TTL_LEN);
	struct cursor data = cursor_sub(in, cursor_be16(in));

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (type != NBNS_TYPE_NAME)
		return DISSECT_OK;

	uint16_t flags = cursor_be16(&data);

	cursor_copy(&data, msg->address, sizeof(msg->address));
	msg->has_address = cursor_ok(&data);
	msg->is_group = msg->has_address && (flags & NB_FLAG_GROUP) != 0;
	return DISSECT_OK;
}

/* The record behind a question, which carries the address of the question's name. */
static enum dissect read_record(struct cursor *in, struct nbns *msg)
{
	enum dissect got = skip_labels(in);

	if (got != DISSECT_OK)
		return got;

	uint16_t type = cursor_be16(in);

	cursor_skip(in, sizeof(uint16_t));
	return read_record_data(in, type, msg);
}

enum dissect dissect_nbns(struct cursor in, struct nbns *out)
{
	struct nbns msg = { 0 };

	msg.id = cursor_be16(&in);
	uint16_t flags = cursor_be16(&in);
	uint16_t question_count = cursor_be16(&in);
	uint16_t answer_count = cursor_be16(&in);
	uint16_t authority_count = cursor_be16(&in);
	uint16_t additional_count = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	msg.is_response = (flags & FLAG_RESPONSE) != 0;
	msg.opcode = flags >> OPCODE_SHIFT & OPCODE_MASK;
	msg.rcode = flags & RCODE_MASK;
	if (!is_known(msg.opcode))
		return DISSECT_OTHER;

	enum dissect got = read_name(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	msg.type = cursor_be16(&in);
	cursor_skip(&in, sizeof(uint16_t));
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	if (question_count == 0)
		got = read_record_data(&in, msg.type, &msg);
	else if (answer_count > 0 || authority_count > 0 || additional_count > 0)
		got = read_record(&in, &msg);
	if (got != DISSECT_OK)
		return got;

	*out = msg;
	return DISSECT_OK;
}
