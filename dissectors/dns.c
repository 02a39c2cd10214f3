#include "dissectors/dns.h"

#include "dissectors/dns_message.h"
#include "dissectors/dns_name.h"

#include <stddef.h>

struct question {
	struct flat_name room; /* for its name, when that has pointers */
	struct span name;
	uint16_t type;
	uint16_t class;
};

static enum dissect read_question(struct cursor message, struct cursor *in, struct question *out)
{
	enum dissect got = dns_name_read(message, in, &out->room, &out->name);

	if (got != DISSECT_OK)
		return got;
	out->type = cursor_be16(in);
	out->class = cursor_be16(in) & DNS_CLASS_MASK;
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static void set_question(const struct question *question, struct dns *msg)
{
	msg->question_type = question->type;
	msg->question_class = question->class;
	dns_name_set(&msg->question, question->name);
}

static bool skip_other_questions(struct cursor *in, uint16_t count)
{
	for (uint16_t i = 1; i < count; i++) {
		if (!dns_name_skip(in))
			return false;
		cursor_skip(in, sizeof(uint16_t) + sizeof(uint16_t));
		if (!cursor_ok(in))
			return false;
	}
	return true;
}

static enum dns_carrier carrier_of(uint16_t type)
{
	switch (type) {
	case DNS_TXT:
		return DNS_CARRIER_TXT;
	case DNS_NULL:
		return DNS_CARRIER_NULL;
	case DNS_KEY:
		return DNS_CARRIER_KEY;
	case DNS_PRIVATE:
		return DNS_CARRIER_PRIVATE;
	case DNS_CNAME:
		return DNS_CARRIER_CNAME;
	case DNS_MX:
		return DNS_CARRIER_MX;
	case DNS_SRV:
		return DNS_CARRIER_SRV;
	default:
		return DNS_CARRIER_COUNT;
	}
}

/* Nearly every answer is about what was asked: a pointer to the name behind the header. */
static bool is_question_again(const struct cursor *owner, const struct dns *msg)
{
	struct cursor in = *owner;

	return msg->question_count > 0 && cursor_be16(&in) == (DNS_POINTER << 8 | DNS_HEADER_LEN);
}

/*
 * The first address record counts. False when its owner cannot be read: then the message is not
 * worth another try, which also keeps the work linear.
 */
static bool learn_owner(struct cursor message, struct dns_raw_record *record, struct dns *msg)
{
	struct flat_name room;
	struct span name;

	if (!msg->is_response || msg->address_owner.octets > 0 || dns_address_len(record) == 0)
		return true;
	if (is_question_again(&record->owner, msg)) {
		msg->address_owner = msg->question;
		return true;
	}
	if (dns_name_read(message, &record->owner, &room, &name) != DISSECT_OK)
		return false;
	dns_name_set(&msg->address_owner, name);
	return true;
}

static void add_answer(const struct dns_raw_record *record, struct dns *msg)
{
	enum dns_carrier carrier = carrier_of(record->type);
	uint16_t rdata_len = (uint16_t)cursor_left(&record->rdata);

	msg->answers_whole++;
	msg->answers_rdata_bytes += rdata_len;
	if (carrier != DNS_CARRIER_COUNT) {
		msg->carried[carrier].records++;
		msg->carried[carrier].rdata_bytes += rdata_len;
	}
	if (msg->answers_kept == DNS_ANSWERS_MAX)
		return;

	struct dns_answer *answer = &msg->answers[msg->answers_kept++];
	struct cursor rdata = record->rdata;

	answer->type = record->type;
	answer->rdata_len = rdata_len;
	answer->ttl_seconds = dns_ttl_seconds(record);
	answer->address_len = dns_address_len(record);
	cursor_copy(&rdata, answer->address, answer->address_len);
}

static void read_records(struct cursor message, struct cursor *in, struct dns *msg)
{
	struct dns_raw_record record;
	uint32_t behind_answers = (uint32_t)msg->authority_count + msg->additional_count;

	while (msg->answers_whole < msg->answer_count) {
		if (!dns_raw_record_read(in, &record) || !learn_owner(message, &record, msg))
			return;
		add_answer(&record, msg);
	}
	for (uint32_t i = 0; i < behind_answers; i++) {
		if (!dns_raw_record_read(in, &record))
			return;
		if (i >= msg->authority_count && !learn_owner(message, &record, msg))
			return;
	}
}

static void set_header(const struct dns_header *header, struct dns *msg)
{
	msg->id = header->id;
	msg->is_response = (header->flags & DNS_FLAG_RESPONSE) != 0;
	msg->is_truncated = (header->flags & DNS_FLAG_TRUNCATED) != 0;
	msg->opcode = dns_opcode(header->flags);
	msg->rcode = header->flags & DNS_RCODE_MASK;
	msg->question_count = header->question_count;
	msg->answer_count = header->answer_count;
	msg->authority_count = header->authority_count;
	msg->additional_count = header->additional_count;
}

enum dissect dissect_dns(struct cursor in, struct dns *out)
{
	const struct cursor message = in;
	struct dns_header header;
	struct question question;
	enum dissect got = dns_header_read(&in, &header);

	if (got == DISSECT_OK && header.question_count > 0)
		got = read_question(message, &in, &question);
	if (got != DISSECT_OK)
		return got;

	/* Nothing fails from here on, so that `out` need not be copied. */
	memset(out, 0, offsetof(struct dns, address_owner));
	out->address_owner.text[0] = '\0';
	out->address_owner.octets = 0;
	out->address_owner.is_cut = false;
	set_header(&header, out);
	if (header.question_count > 0)
		set_question(&question, out);
	if (skip_other_questions(&in, header.question_count))
		read_records(message, &in, out);
	out->answers_truncated = out->answers_whole < out->answer_count;
	return DISSECT_OK;
}

enum dissect dns_tcp_message(struct cursor *stream, struct cursor *message)
{
	struct cursor in = *stream;
	uint16_t len = cursor_be16(&in);

	if (cursor_ok(&in) && len < DNS_HEADER_LEN)
		return DISSECT_OTHER;

	struct cursor whole = cursor_sub(&in, len);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	*message = whole;
	*stream = in;
	return DISSECT_OK;
}
