#include "sensor/dialogue/dns_words.h"

#include "dissectors/dns_records.h"
#include "sensor/base/text.h"

#include <stdio.h>

enum {
	RECORD_TEXT_LEN = 1100, /* two names with all hints, or a TXT of replacements */
	ADDRESSES_MAX = 256,    /* of one message */
	RECORDS_MAX = 64,       /* written as text */
};

/* RFC 1035 3.2.2 and later; others by their number as RFC 3597 5 has it. */
static const char *type_text(uint16_t type, char number[static 12])
{
	static const struct {
		uint16_t type;
		const char *text;
	} known[] = {
		{ 1, "A" },      { 2, "NS" },     { 5, "CNAME" },   { 6, "SOA" },
		{ 10, "NULL" },  { 12, "PTR" },   { 13, "HINFO" },  { 15, "MX" },
		{ 16, "TXT" },   { 25, "KEY" },   { 28, "AAAA" },   { 33, "SRV" },
		{ 35, "NAPTR" }, { 39, "DNAME" }, { 41, "OPT" },    { 43, "DS" },
		{ 46, "RRSIG" }, { 47, "NSEC" },  { 48, "DNSKEY" }, { 50, "NSEC3" },
		{ 64, "SVCB" },  { 65, "HTTPS" }, { 99, "SPF" },    { 250, "TSIG" },
		{ 251, "IXFR" }, { 252, "AXFR" }, { 255, "ANY" },   { 257, "CAA" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].type == type)
			return known[i].text;
	}
	(void)snprintf(number, 12, "TYPE%u", (unsigned)type);
	return number;
}

static struct address address_of(const uint8_t *bytes, uint8_t len)
{
	return len == 4 ? address_v4(bytes) : address_v6(bytes);
}

static void add_address(struct text *text, const struct address *address)
{
	char chars[ADDRESS_TEXT_LEN];

	chars[address_text(address, chars)] = '\0';
	text_add(text, chars);
}

/* The hints of SVCB and HTTPS, and whether the name's client can hide whom it asks for. */
static void add_binding(struct text *text, const struct dns_binding *binding)
{
	for (uint8_t i = 0; i < binding->ipv4_count; i++) {
		struct address hint = address_v4(binding->ipv4_hint[i]);

		text_add(text, i == 0 ? " ipv4hint=" : ",");
		add_address(text, &hint);
	}
	for (uint8_t i = 0; i < binding->ipv6_count; i++) {
		struct address hint = address_v6(binding->ipv6_hint[i]);

		text_add(text, i == 0 ? " ipv6hint=" : ",");
		add_address(text, &hint);
	}
	if (binding->has_port)
		text_format(text, " port=%u", (unsigned)binding->port);
	if (binding->has_ech)
		text_add(text, " ech");
}

static void add_value(struct text *text, const struct dns_record *record)
{
	if (record->address_len > 0) {
		struct address address = address_of(record->address, record->address_len);

		add_address(text, &address);
	} else if (record->target.octets > 0) {
		if (record->preference > 0)
			text_format(text, "%u ", (unsigned)record->preference);
		if (record->port > 0)
			text_format(text, "%u ", (unsigned)record->port);
		text_add(text, record->target.octets == 1 ? "." : record->target.text);
		add_binding(text, &record->binding);
	} else if (record->text.len > 0) {
		char words[3 * UINT8_MAX + 1];

		(void)text_from_wire(record->text, words, sizeof(words));
		text_format(text, "\"%s\"", words);
	} else {
		text_format(text, "(%zu bytes)", record->rdata.len);
	}
}

static void say_question(struct attributes *said, const struct dns_record *record)
{
	char number[12];

	attributes_add_text(said, ATTRIBUTE_QUESTION,
			    record->owner.octets == 1 ? "." : record->owner.text);
	attributes_add_text(said, ATTRIBUTE_QUESTION_TYPE, type_text(record->type, number));
}

static void say_record(struct attributes *said, const struct dns_record *record)
{
	static const enum attribute sections[] = {
		[DNS_SECTION_QUESTION] = ATTRIBUTE_QUESTION,
		[DNS_SECTION_ANSWER] = ATTRIBUTE_ANSWER,
		[DNS_SECTION_AUTHORITY] = ATTRIBUTE_AUTHORITY,
		[DNS_SECTION_ADDITIONAL] = ATTRIBUTE_ADDITIONAL,
	};
	char chars[RECORD_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));
	char number[12];

	text_add(&text, record->owner.octets == 1 ? "." : record->owner.text);
	text_add(&text, " ");
	text_add(&text, type_text(record->type, number));
	text_add(&text, " ");
	add_value(&text, record);
	attributes_add_built(said, sections[record->section], &text);
}

/* For whom a resolver asks (RFC 7871). */
static void say_edns(struct attributes *said, const struct dns_edns *edns)
{
	char chars[ADDRESS_TEXT_LEN + 8];
	struct text text = text_over(chars, sizeof(chars));
	struct address subnet;

	if (edns->subnet_address_len == 0)
		return;
	subnet = address_of(edns->subnet, edns->subnet_address_len);
	add_address(&text, &subnet);
	text_format(&text, "/%u", (unsigned)edns->subnet_prefix);
	attributes_add_text(said, ATTRIBUTE_CLIENT_SUBNET, chars);
}

static void say_address(struct attributes *said, const struct dns_record *record)
{
	struct address address = address_of(record->address, record->address_len);

	attributes_add_address(said, ATTRIBUTE_ADDRESS, &address);
}

/* What a message is about goes before the records as text: those alone may fill the list. */
static void say_questions_and_addresses(struct attributes *said, struct dns_walk walk)
{
	struct dns_record record;
	unsigned addresses = 0;

	while (dns_walk_next(&walk, &record)) {
		if (record.section == DNS_SECTION_QUESTION)
			say_question(said, &record);
		if (record.address_len > 0 && addresses++ < ADDRESSES_MAX)
			say_address(said, &record);
	}
	if (addresses > ADDRESSES_MAX)
		attributes_cut(said);
}

void dns_say_records(struct attributes *said, struct cursor message)
{
	enum { OPT = 41 };
	struct dns_walk walk;
	struct dns_record record;
	unsigned records = 0;

	if (dns_walk_start(message, &walk) != DISSECT_OK)
		return;
	say_questions_and_addresses(said, walk);
	while (dns_walk_next(&walk, &record)) {
		if (record.section == DNS_SECTION_QUESTION)
			continue;
		if (record.type == OPT)
			say_edns(said, &record.edns);
		else if (records++ < RECORDS_MAX)
			say_record(said, &record);
	}
	if (records > RECORDS_MAX)
		attributes_cut(said);
	if (walk.damage != DNS_WHOLE)
		attributes_add_flag(said, ATTRIBUTE_DAMAGED);
}
