#include "dissectors/snmp.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

enum {
	PORT_AGENT = 161,
	PORT_TRAP = 162,
	OID_TEXT_LEN = 256,
	OID_MORE = 0x80, /* of a byte: its number goes on (X.690 8.19) */
	OID_BITS = 7,
	OID_SECOND_MAX = 40, /* the first two numbers stand in one */
	OID_FIRST_MAX = 2,
};

static const struct code_word version_rows[] = {
	{ SNMP_V1, "SNMPv1" },
	{ SNMP_V2C, "SNMPv2c" },
	{ SNMP_V3, "SNMPv3" },
};
static const struct code_words versions = CODE_WORDS(version_rows);

static const struct code_word type_rows[] = {
	{ SNMP_GET, "get-request" },   { SNMP_GET_NEXT, "get-next-request" },
	{ SNMP_RESPONSE, "response" }, { SNMP_SET, "set-request" },
	{ SNMP_V1_TRAP, "trap" },      { SNMP_GET_BULK, "get-bulk-request" },
	{ SNMP_INFORM, "inform" },     { SNMP_V2_TRAP, "snmpV2-trap" },
	{ SNMP_REPORT, "report" },
};
static const struct code_words types = CODE_WORDS(type_rows);

static void add_first(struct text *text, uint32_t number)
{
	uint32_t first = number / OID_SECOND_MAX;

	if (first > OID_FIRST_MAX)
		first = OID_FIRST_MAX;
	text_format(text, "%u.%u", (unsigned)first, (unsigned)(number - first * OID_SECOND_MAX));
}

/* "1.3.6.1.2.1.1.5.0" */
static void say_oid(struct attributes *said, struct span oid)
{
	char chars[OID_TEXT_LEN];
	struct text text = text_over(chars, sizeof(chars));
	uint32_t number = 0;

	for (size_t i = 0; i < oid.len; i++) {
		number = number << OID_BITS | (oid.data[i] & (OID_MORE - 1U));
		if ((oid.data[i] & OID_MORE) != 0)
			continue;
		if (text.len == 0)
			add_first(&text, number);
		else
			text_format(&text, ".%u", (unsigned)number);
		number = 0;
	}
	attributes_add_built(said, ATTRIBUTE_OID, &text);
}

static enum datagram_service read_snmp(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct attributes *said;
	struct snmp message;

	if (!hearing_is_readable(hearing, dissect_snmp(datagram->payload, &message)))
		return DATAGRAM_NONE;
	said = hearing_message(hearing, MESSAGE_SNMP);
	code_words_say(&versions, said, ATTRIBUTE_VERSION, message.version);
	if (message.is_encrypted)
		attributes_add_flag(said, ATTRIBUTE_ENCRYPTED);
	else
		code_words_say(&types, said, ATTRIBUTE_TYPE, message.pdu);
	if (message.community.len > 0) /* a password: that it was sent in clear is all we say */
		attributes_add_flag(said, ATTRIBUTE_COMMUNITY);
	attributes_add_wire(said, ATTRIBUTE_USER, message.user_name);
	attributes_add_hex(said, ATTRIBUTE_ENGINE_ID, message.engine_id);
	attributes_add_wire(said, ATTRIBUTE_SYSTEM_NAME, message.system_name);
	attributes_add_wire(said, ATTRIBUTE_SYSTEM_DESCRIPTION, message.system_description);
	for (uint8_t i = 0; i < message.oid_count; i++)
		say_oid(said, message.oids[i]);
	hearing_tell(hearing);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_snmp = {
	.ports = { PORT_AGENT, PORT_TRAP },
	.read = read_snmp,
};
