#include "dissectors/nbns.h"

#include "dissectors/netbios_name.h"

enum {
	FLAG_RESPONSE = 0x8000,
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x0f,
	RCODE_MASK = 0x0f,
	NB_FLAG_GROUP = 0x8000,
};

enum {
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

static enum dissect read_name(struct cursor *in, struct nbns *msg)
{
	struct netbios_name name;
	enum dissect got = netbios_name_read(in, &name);

	if (got != DISSECT_OK)
		return got;
	memcpy(msg->name, name.text, sizeof(msg->name));
	msg->suffix = name.suffix;
	return DISSECT_OK;
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
	enum dissect got = netbios_name_skip_labels(in);

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
