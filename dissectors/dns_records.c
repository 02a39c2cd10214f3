#include "dissectors/dns_records.h"

#include "dissectors/dns_message.h"
#include "dissectors/dns_name.h"

#include <stddef.h>

enum {
	STEPS_PER_BYTE = 4,
	STEPS_FOR_ALL = 8192, /* a small message may well repeat one long name in every record */
};

enum {
	PREFERENCE_LEN = 2,
	SRV_WEIGHT_LEN = 2,
};

/* RFC 9460 14.3.2 */
enum binding_key {
	BINDING_ALPN = 1,
	BINDING_PORT = 3,
	BINDING_IPV4_HINT = 4,
	BINDING_ECH = 5,
	BINDING_IPV6_HINT = 6,
};

enum {
	OPTION_CLIENT_SUBNET = 8,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
	EDNS_RCODE_SHIFT = 24 - 4, /* the upper eight bits of twelve, from the top of the TTL */
	EDNS_RCODE_HIGH = 0xff0,
	EDNS_VERSION_SHIFT = 16,
	EDNS_DNSSEC_OK = 0x8000,
	BYTE_BITS = 8,
};

enum dissect dns_walk_start(struct cursor message, struct dns_walk *out)
{
	struct cursor in = message;
	struct dns_header header;
	enum dissect got = dns_header_read(&in, &header);

	if (got != DISSECT_OK)
		return got;
	*out = (struct dns_walk){
		.id = header.id,
		.is_response = (header.flags & DNS_FLAG_RESPONSE) != 0,
		.opcode = dns_opcode(header.flags),
		.rcode = header.flags & DNS_RCODE_MASK,
		.message = message,
		.next = in,
		.left = { header.question_count, header.answer_count, header.authority_count,
			  header.additional_count },
		.name_steps = STEPS_FOR_ALL + STEPS_PER_BYTE * cursor_left(&message),
	};
	return DISSECT_OK;
}

/* Leaves `in` behind the name. False, and `to` as it was, when there is none. */
static bool read_name(struct dns_walk *walk, struct cursor *in, struct dns_name *to)
{
	struct flat_name room;
	struct span labels;
	enum dissect got = dns_name_read(walk->message, in, &room, &labels);
	size_t steps = room.jumps + (got == DISSECT_OK ? labels.len : room.len);

	walk->name_steps -= steps < walk->name_steps ? steps : walk->name_steps;
	if (got != DISSECT_OK)
		return false;
	dns_name_set(to, labels);
	return true;
}

/*
 * The name `offset` bytes into the value. How much of the value is used up with it; 0 when it is no
 * name, or reaches beyond the value.
 */
static size_t read_target(struct dns_walk *walk, const struct dns_raw_record *raw, size_t offset,
			  struct dns_record *out)
{
	struct cursor in = cursor_at(raw->rdata_onward, offset);

	if (!read_name(walk, &in, &out->target))
		return 0;

	size_t used = cursor_offset(&in, &raw->rdata_onward);

	if (used > cursor_left(&raw->rdata)) {
		out->target.octets = 0;
		out->target.text[0] = '\0';
		return 0;
	}
	return used;
}

static void read_service(struct dns_walk *walk, const struct dns_raw_record *raw,
			 struct dns_record *out)
{
	struct cursor in = raw->rdata;

	out->preference = cursor_be16(&in);
	cursor_skip(&in, SRV_WEIGHT_LEN);
	out->port = cursor_be16(&in);
	if (cursor_ok(&in))
		(void)read_target(walk, raw, cursor_offset(&in, &raw->rdata), out);
}

static void read_text(const struct dns_raw_record *raw, struct dns_record *out)
{
	struct cursor in = raw->rdata;
	struct cursor first = cursor_sub(&in, cursor_u8(&in));

	out->text = first.rest;
}

static uint8_t read_ipv4_hints(struct cursor *value, struct dns_binding *binding)
{
	uint8_t count = 0;

	while (count < DNS_HINTS_MAX && cursor_left(value) >= sizeof(binding->ipv4_hint[0])) {
		cursor_copy(value, binding->ipv4_hint[count], sizeof(binding->ipv4_hint[0]));
		count++;
	}
	return count;
}

static uint8_t read_ipv6_hints(struct cursor *value, struct dns_binding *binding)
{
	uint8_t count = 0;

	while (count < DNS_HINTS_MAX && cursor_left(value) >= sizeof(binding->ipv6_hint[0])) {
		cursor_copy(value, binding->ipv6_hint[count], sizeof(binding->ipv6_hint[0]));
		count++;
	}
	return count;
}

static void read_binding_value(uint16_t key, struct cursor value, struct dns_binding *binding)
{
	switch (key) {
	case BINDING_ALPN:
		binding->alpn = value.rest;
		break;
	case BINDING_PORT:
		binding->port = cursor_be16(&value);
		binding->has_port = cursor_ok(&value);
		break;
	case BINDING_IPV4_HINT:
		binding->ipv4_count = read_ipv4_hints(&value, binding);
		break;
	case BINDING_ECH:
		binding->has_ech = true;
		break;
	case BINDING_IPV6_HINT:
		binding->ipv6_count = read_ipv6_hints(&value, binding);
		break;
	default: /* says nothing about where to connect */
		break;
	}
}

static void read_binding(struct dns_walk *walk, const struct dns_raw_record *raw,
			 struct dns_record *out)
{
	struct cursor in = raw->rdata;

	out->preference = cursor_be16(&in);

	size_t used = read_target(walk, raw, PREFERENCE_LEN, out);

	if (used == 0)
		return;
	in = cursor_at(raw->rdata, used);
	while (cursor_left(&in) > 0) { /* each turn eats at least a byte */
		uint16_t key = cursor_be16(&in);
		struct cursor value = cursor_sub(&in, cursor_be16(&in));

		if (!cursor_ok(&in))
			return;
		read_binding_value(key, value, &out->binding);
	}
}

static void read_client_subnet(struct cursor value, struct dns_edns *edns)
{
	uint16_t family = cursor_be16(&value);
	uint8_t prefix = cursor_u8(&value);
	size_t address_len = family == FAMILY_IPV4   ? 4
			     : family == FAMILY_IPV6 ? DNS_ADDRESS_LEN
						     : 0;
	size_t sent = ((size_t)prefix + BYTE_BITS - 1) / BYTE_BITS;

	cursor_skip(&value, 1); /* how much of it the answer holds for */
	if (sent > address_len || sent > cursor_left(&value) || !cursor_ok(&value))
		return;
	cursor_copy(&value, edns->subnet, sent);
	edns->subnet_address_len = (uint8_t)address_len;
	edns->subnet_prefix = prefix;
}

static void read_edns(const struct dns_walk *walk, const struct dns_raw_record *raw,
		      struct dns_edns *edns)
{
	struct cursor in = raw->rdata;

	edns->udp_size = raw->class;
	edns->rcode = (uint16_t)((raw->ttl >> EDNS_RCODE_SHIFT & EDNS_RCODE_HIGH) | walk->rcode);
	edns->version = (uint8_t)(raw->ttl >> EDNS_VERSION_SHIFT);
	edns->dnssec_ok = (raw->ttl & EDNS_DNSSEC_OK) != 0;
	while (cursor_left(&in) > 0) { /* each turn eats at least a byte */
		uint16_t code = cursor_be16(&in);
		struct cursor value = cursor_sub(&in, cursor_be16(&in));

		if (!cursor_ok(&in))
			return;
		edns->option_count++;
		if (code == OPTION_CLIENT_SUBNET)
			read_client_subnet(value, edns);
	}
}

static void read_value(struct dns_walk *walk, const struct dns_raw_record *raw,
		       struct dns_record *out)
{
	struct cursor in = raw->rdata;

	switch (raw->type) {
	case DNS_A:
	case DNS_AAAA:
		out->address_len = dns_address_len(raw);
		cursor_copy(&in, out->address, out->address_len);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_SOA:
	case DNS_PTR:
	case DNS_DNAME:
		(void)read_target(walk, raw, 0, out);
		break;
	case DNS_MX:
		out->preference = cursor_be16(&in);
		(void)read_target(walk, raw, PREFERENCE_LEN, out);
		break;
	case DNS_SRV:
		read_service(walk, raw, out);
		break;
	case DNS_TXT:
		read_text(raw, out);
		break;
	case DNS_SVCB:
	case DNS_HTTPS:
		read_binding(walk, raw, out);
		break;
	case DNS_OPT:
		read_edns(walk, raw, &out->edns);
		break;
	default: /* rdata as it is */
		break;
	}
}

static void clear(struct dns_record *record)
{
	memset(record, 0, offsetof(struct dns_record, owner));
	record->owner.text[0] = '\0';
	record->owner.octets = 0;
	record->owner.is_cut = false;
	record->target.text[0] = '\0';
	record->target.octets = 0;
	record->target.is_cut = false;
}

static bool next_question(struct dns_walk *walk, struct dns_record *out)
{
	struct cursor owner = walk->next;

	if (!dns_name_skip(&walk->next))
		return false;

	uint16_t type = cursor_be16(&walk->next);
	uint16_t class = cursor_be16(&walk->next);

	if (!cursor_ok(&walk->next))
		return false;
	clear(out);
	(void)read_name(walk, &owner, &out->owner);
	out->section = DNS_SECTION_QUESTION;
	out->type = type;
	out->class = class & DNS_CLASS_MASK;
	out->has_class_flag = class > DNS_CLASS_MASK;
	return true;
}

static bool next_record(struct dns_walk *walk, struct dns_record *out)
{
	struct dns_raw_record raw;

	if (!dns_raw_record_read(&walk->next, &raw))
		return false;
	clear(out);
	(void)read_name(walk, &raw.owner, &out->owner);
	out->section = walk->section;
	out->type = raw.type;
	out->rdata = raw.rdata.rest;
	if (raw.type != DNS_OPT) { /* which has made other things of these fields */
		out->class = raw.class & DNS_CLASS_MASK;
		out->has_class_flag = raw.class > DNS_CLASS_MASK;
		out->ttl_seconds = dns_ttl_seconds(&raw);
	}
	read_value(walk, &raw, out);
	return true;
}

/* Until the walk stands in a section that still has something. */
static bool find_section(struct dns_walk *walk)
{
	while (walk->section < DNS_SECTION_COUNT && walk->left[walk->section] == 0)
		walk->section++;
	return walk->section < DNS_SECTION_COUNT;
}

bool dns_walk_next(struct dns_walk *walk, struct dns_record *out)
{
	if (walk->damage != DNS_WHOLE || !find_section(walk))
		return false;
	if (walk->name_steps == 0) {
		walk->damage = DNS_TOO_MANY_NAMES;
		return false;
	}

	bool is_whole = walk->section == DNS_SECTION_QUESTION ? next_question(walk, out)
							      : next_record(walk, out);

	if (!is_whole)
		walk->damage = DNS_CUT;
	else
		walk->left[walk->section]--;
	return is_whole;
}
