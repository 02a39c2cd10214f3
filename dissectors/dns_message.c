#include "dissectors/dns_message.h"

#include "dissectors/dns_name.h"

enum {
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x0f,
};

static const uint32_t ttl_sign = 0x80000000;

uint8_t dns_opcode(uint16_t flags)
{
	return flags >> OPCODE_SHIFT & OPCODE_MASK;
}

/* Query, inverse query, status, notify, update, stateful operations (IANA); the rest is nothing. */
static bool is_assigned(uint8_t opcode)
{
	return opcode <= 6 && opcode != 3;
}

enum dissect dns_header_read(struct cursor *in, struct dns_header *out)
{
	struct cursor header = cursor_sub(in, DNS_HEADER_LEN);

	out->id = cursor_be16(&header);
	out->flags = cursor_be16(&header);
	out->question_count = cursor_be16(&header);
	out->answer_count = cursor_be16(&header);
	out->authority_count = cursor_be16(&header);
	out->additional_count = cursor_be16(&header);
	if (!cursor_ok(&header))
		return DISSECT_TRUNCATED;
	return is_assigned(dns_opcode(out->flags)) ? DISSECT_OK : DISSECT_OTHER;
}

bool dns_raw_record_read(struct cursor *in, struct dns_raw_record *out)
{
	out->owner = *in;
	if (!dns_name_skip(in))
		return false;
	out->type = cursor_be16(in);
	out->class = cursor_be16(in);
	out->ttl = cursor_be32(in);

	uint16_t len = cursor_be16(in);

	out->rdata_onward = *in;
	out->rdata = cursor_sub(in, len);
	return cursor_ok(in);
}

uint32_t dns_ttl_seconds(const struct dns_raw_record *record)
{
	return (record->ttl & ttl_sign) == 0 ? record->ttl : 0;
}

uint8_t dns_address_len(const struct dns_raw_record *record)
{
	size_t len = cursor_left(&record->rdata);

	if ((record->class & DNS_CLASS_MASK) != DNS_CLASS_IN)
		return 0;
	if (record->type == DNS_A && len == 4)
		return 4;
	if (record->type == DNS_AAAA && len == DNS_ADDRESS_LEN)
		return DNS_ADDRESS_LEN;
	return 0;
}
