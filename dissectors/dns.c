#include "dissectors/dns.h"

enum {
	HEADER_LEN = 12,
	LABEL_KIND = 0xc0, /* the two bits that tell a label (00) from a pointer (11) */
	LABEL_KIND_POINTER = 0xc0,
	POINTER_HIGH = 0x3f,
	NO_POINTER = 0xffff, /* beyond what fourteen bits can point at */
	OCTETS_MAX = 255,    /* of a name, its root included */
	JUMPS_MAX = 127,     /* as many as a name has labels: sound senders need no more */
	TEXT_MAX = 1003,     /* four labels of 63, 63, 63 and 61 octets, each octet as \ddd */
	CLASS_IN = 1,
	CLASS_MASK = 0x7fff, /* mDNS: the top bit is unicast-response or cache-flush */
};

enum {
	FLAG_RESPONSE = 0x8000,
	FLAG_TRUNCATED = 0x0200,
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x0f,
	RCODE_MASK = 0x0f,
};

static const uint32_t ttl_sign = 0x80000000;

/* A name without compression: length-prefixed labels, without the root's zero at the end. */
struct flat_name {
	uint8_t octets[OCTETS_MAX - 1];
	size_t len;
};

struct record {
	struct cursor owner; /* at the name in the message */
	uint16_t type;
	uint16_t class;
	uint32_t ttl_seconds;
	struct cursor rdata;
};

static bool append_label(struct flat_name *name, struct span label)
{
	if (label.len + 1 > sizeof(name->octets) - name->len)
		return false;
	name->octets[name->len] = (uint8_t)label.len;
	memcpy(&name->octets[name->len + 1], label.data, label.len);
	name->len += label.len + 1;
	return true;
}

/* Appends labels up to the root or the first pointer, whose target it gives, else NO_POINTER. */
static enum dissect read_labels(struct cursor *in, struct flat_name *name, size_t *target)
{
	*target = NO_POINTER;
	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(in);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (len == 0)
			return DISSECT_OK;
		if ((len & LABEL_KIND) == LABEL_KIND_POINTER) {
			*target = (size_t)(len & POINTER_HIGH) << 8 | cursor_u8(in);
			return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
		}
		if ((len & LABEL_KIND) != 0)
			return DISSECT_MALFORMED;

		struct span label = cursor_take(in, len);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (!append_label(name, label))
			return DISSECT_MALFORMED;
	}
}

/*
 * Leaves `in` behind the name's place in the message. A pointer must lead to before the labels that
 * it ends ("a prior occurrence", RFC 1035 4.1.4), so that the way goes back only and has an end.
 */
static enum dissect read_name(struct cursor message, struct cursor *in, struct flat_name *name)
{
	size_t limit = cursor_offset(in, &message);
	size_t target;
	enum dissect got = read_labels(in, name, &target);

	for (int jumps = 0; got == DISSECT_OK && target != NO_POINTER; jumps++) {
		if (jumps == JUMPS_MAX || target < HEADER_LEN || target >= limit)
			return DISSECT_MALFORMED;

		struct cursor labels = cursor_at(message, target);

		limit = target;
		got = read_labels(&labels, name, &target);
	}
	return got;
}

static size_t write_octet(char *to, uint8_t octet)
{
	if (octet >= 'A' && octet <= 'Z') {
		to[0] = (char)(octet - 'A' + 'a');
		return 1;
	}
	if (octet > ' ' && octet <= '~' && octet != '.' && octet != '\\') {
		to[0] = (char)octet;
		return 1;
	}
	to[0] = '\\';
	to[1] = (char)('0' + octet / 100);
	to[2] = (char)('0' + octet / 10 % 10);
	to[3] = (char)('0' + octet % 10);
	return 4;
}

static size_t write_text(char text[static TEXT_MAX], const struct flat_name *name)
{
	struct cursor in = cursor_over(name->octets, name->len);
	size_t len = 0;

	while (cursor_left(&in) > 0) {
		struct cursor label = cursor_sub(&in, cursor_u8(&in));

		if (len > 0)
			text[len++] = '.';
		while (cursor_left(&label) > 0)
			len += write_octet(&text[len], cursor_u8(&label));
	}
	return len;
}

static void set_name(struct dns_name *to, const struct flat_name *name)
{
	char text[TEXT_MAX];
	size_t len = write_text(text, name);
	size_t dropped = len < sizeof(to->text) ? 0 : len - (sizeof(to->text) - 1);

	memcpy(to->text, &text[dropped], len - dropped);
	to->text[len - dropped] = '\0';
	to->octets = (uint8_t)(name->len + 1);
	to->is_cut = dropped > 0;
}

static enum dissect read_question(struct cursor message, struct cursor *in, struct dns *msg)
{
	struct flat_name name = { .len = 0 };
	enum dissect got = read_name(message, in, &name);

	if (got != DISSECT_OK)
		return got;
	msg->question_type = cursor_be16(in);
	msg->question_class = cursor_be16(in) & CLASS_MASK;
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	set_name(&msg->question, &name);
	return DISSECT_OK;
}

static bool skip_name(struct cursor *in)
{
	struct flat_name ignored;
	size_t target;

	ignored.len = 0;
	return read_labels(in, &ignored, &target) == DISSECT_OK;
}

static bool skip_other_questions(struct cursor *in, uint16_t count)
{
	for (uint16_t i = 1; i < count; i++) {
		if (!skip_name(in))
			return false;
		cursor_skip(in, sizeof(uint16_t) + sizeof(uint16_t));
		if (!cursor_ok(in))
			return false;
	}
	return true;
}

static bool read_record(struct cursor *in, struct record *record)
{
	record->owner = *in;
	if (!skip_name(in))
		return false;
	record->type = cursor_be16(in);
	record->class = cursor_be16(in) & CLASS_MASK;
	record->ttl_seconds = cursor_be32(in);
	record->rdata = cursor_sub(in, cursor_be16(in));
	if ((record->ttl_seconds & ttl_sign) != 0)
		record->ttl_seconds = 0;
	return cursor_ok(in);
}

/* 0 when the record holds no address. */
static uint8_t address_len(const struct record *record)
{
	size_t len = cursor_left(&record->rdata);

	if (record->class != CLASS_IN)
		return 0;
	if (record->type == DNS_A && len == 4)
		return 4;
	if (record->type == DNS_AAAA && len == DNS_ADDRESS_LEN)
		return DNS_ADDRESS_LEN;
	return 0;
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

/*
 * The first address record counts. False when its owner cannot be read: then the message is not
 * worth another try, which also keeps the work linear.
 */
static bool learn_owner(struct cursor message, struct record *record, struct dns *msg)
{
	struct flat_name name = { .len = 0 };

	if (!msg->is_response || msg->address_owner.octets > 0 || address_len(record) == 0)
		return true;
	if (read_name(message, &record->owner, &name) != DISSECT_OK)
		return false;
	set_name(&msg->address_owner, &name);
	return true;
}

static void add_answer(const struct record *record, struct dns *msg)
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
	answer->ttl_seconds = record->ttl_seconds;
	answer->address_len = address_len(record);
	cursor_copy(&rdata, answer->address, answer->address_len);
}

static void read_records(struct cursor message, struct cursor *in, struct dns *msg)
{
	struct record record;
	uint32_t behind_answers = (uint32_t)msg->authority_count + msg->additional_count;

	while (msg->answers_whole < msg->answer_count) {
		if (!read_record(in, &record) || !learn_owner(message, &record, msg))
			return;
		add_answer(&record, msg);
	}
	for (uint32_t i = 0; i < behind_answers; i++) {
		if (!read_record(in, &record))
			return;
		if (i >= msg->authority_count && !learn_owner(message, &record, msg))
			return;
	}
}

static void read_flags(uint16_t flags, struct dns *msg)
{
	msg->is_response = (flags & FLAG_RESPONSE) != 0;
	msg->is_truncated = (flags & FLAG_TRUNCATED) != 0;
	msg->opcode = flags >> OPCODE_SHIFT & OPCODE_MASK;
	msg->rcode = flags & RCODE_MASK;
}

/* Query, inverse query, status, notify, update, stateful operations (IANA); the rest is nothing. */
static bool is_assigned(uint8_t opcode)
{
	return opcode <= 6 && opcode != 3;
}

enum dissect dissect_dns(struct cursor in, struct dns *out)
{
	const struct cursor message = in;
	struct dns msg = { 0 };

	msg.id = cursor_be16(&in);
	read_flags(cursor_be16(&in), &msg);
	msg.question_count = cursor_be16(&in);
	msg.answer_count = cursor_be16(&in);
	msg.authority_count = cursor_be16(&in);
	msg.additional_count = cursor_be16(&in);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (!is_assigned(msg.opcode))
		return DISSECT_OTHER;

	if (msg.question_count > 0) {
		enum dissect got = read_question(message, &in, &msg);

		if (got != DISSECT_OK)
			return got;
		if (skip_other_questions(&in, msg.question_count))
			read_records(message, &in, &msg);
	} else {
		read_records(message, &in, &msg);
	}
	msg.answers_truncated = msg.answers_whole < msg.answer_count;

	*out = msg;
	return DISSECT_OK;
}
