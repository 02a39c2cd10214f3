#include "dissectors/snmp.h"

#include "dissectors/der.h"

enum {
	LENGTH_LONG_MAX = 0x84, /* four bytes of length */
	LENGTH_INDEFINITE = 0x80,
	USM = 3, /* the only security model that is in use */
};

/* 1.3.6.1.2.1.1.1.0 and 1.3.6.1.2.1.1.5.0 */
static const uint8_t sys_descr[] = { 0x2b, 6, 1, 2, 1, 1, 1, 0 };
static const uint8_t sys_name[] = { 0x2b, 6, 1, 2, 1, 1, 5, 0 };

static bool is_oid(struct span got, const uint8_t *want, size_t len)
{
	return got.len == len && memcmp(got.data, want, len) == 0;
}

static void read_binding(struct cursor in, struct snmp *msg)
{
	struct span oid = der_enter(&in, DER_OID).rest;
	struct der_element value = der_take(&in);

	if (!cursor_ok(&in))
		return;
	if (msg->oid_count < SNMP_OIDS_MAX)
		msg->oids[msg->oid_count++] = oid;
	if (msg->pdu != SNMP_RESPONSE || value.tag != DER_OCTET_STRING)
		return;
	if (is_oid(oid, sys_descr, sizeof(sys_descr)))
		msg->system_description = value.value.rest;
	else if (is_oid(oid, sys_name, sizeof(sys_name)))
		msg->system_name = value.value.rest;
}

/* RFC 1157 4.1.6: enterprise, agent's address, two kinds of trap, time; else three numbers. */
static void skip_pdu_head(struct cursor *body, enum snmp_pdu pdu)
{
	unsigned count = pdu == SNMP_V1_TRAP ? 5 : 3;

	for (unsigned i = 0; i < count; i++)
		der_skip(body);
}

static bool read_pdu(struct cursor in, struct snmp *msg)
{
	struct der_element pdu = der_take(&in);

	if (!cursor_ok(&in) || pdu.tag < SNMP_GET || pdu.tag > SNMP_REPORT)
		return false;
	msg->pdu = (enum snmp_pdu)pdu.tag;
	skip_pdu_head(&pdu.value, msg->pdu);
	struct cursor bindings = der_enter(&pdu.value, DER_SEQUENCE);

	while (cursor_left(&bindings) > 0) /* each turn eats at least two bytes */
		read_binding(der_enter(&bindings, DER_SEQUENCE), msg);
	return cursor_ok(&bindings);
}

static void read_usm(struct cursor parameters, struct snmp *msg)
{
	struct cursor usm = der_enter(&parameters, DER_SEQUENCE);
	struct span engine_id = der_enter(&usm, DER_OCTET_STRING).rest;

	der_skip(&usm); /* boots */
	der_skip(&usm); /* time */
	struct span user_name = der_enter(&usm, DER_OCTET_STRING).rest;

	if (!cursor_ok(&usm))
		return;
	msg->engine_id = engine_id;
	msg->user_name = user_name;
}

/* RFC 3412 6: global data, security parameters, then a scoped PDU or its encryption. */
static bool read_v3(struct cursor in, struct snmp *msg)
{
	struct cursor global = der_enter(&in, DER_SEQUENCE);

	der_skip(&global); /* message id */
	der_skip(&global); /* size */
	der_skip(&global); /* flags */
	int32_t model = der_number(der_enter(&global, DER_INTEGER));
	struct cursor parameters = der_enter(&in, DER_OCTET_STRING);
	struct der_element data = der_take(&in);

	if (!cursor_ok(&in) || !cursor_ok(&global))
		return false;
	if (model == USM)
		read_usm(parameters, msg);
	if (data.tag == DER_OCTET_STRING) {
		msg->is_encrypted = true;
		return true;
	}
	if (data.tag != DER_SEQUENCE)
		return false;
	der_skip(&data.value); /* context's engine */
	der_skip(&data.value); /* context's name */
	return read_pdu(data.value, msg);
}

static bool read_community(struct cursor in, struct snmp *msg)
{
	struct cursor community = der_enter(&in, DER_OCTET_STRING);

	msg->community = community.rest;
	return cursor_ok(&in) && read_pdu(in, msg);
}

/* The bytes of the outermost element; what follows it in the datagram is ignored. */
static enum dissect enter_message(struct cursor *in, struct cursor *message)
{
	struct cursor peek = *in;
	uint8_t tag = cursor_u8(&peek);

	if (cursor_ok(&peek) && tag != DER_SEQUENCE)
		return DISSECT_OTHER;
	uint8_t length = cursor_u8(&peek);

	if (!cursor_ok(&peek))
		return DISSECT_TRUNCATED;
	if (length == LENGTH_INDEFINITE || length > LENGTH_LONG_MAX)
		return DISSECT_OTHER;
	*message = der_enter(in, DER_SEQUENCE);
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

enum dissect dissect_snmp(struct cursor in, struct snmp *out)
{
	struct snmp msg = { 0 };
	struct cursor message;
	enum dissect got = enter_message(&in, &message);

	if (got != DISSECT_OK)
		return got;
	struct cursor version = der_enter(&message, DER_INTEGER);
	int32_t number = der_number(version);

	if (!cursor_ok(&message) || cursor_left(&version) != 1)
		return DISSECT_OTHER;
	if (number != SNMP_V1 && number != SNMP_V2C && number != SNMP_V3)
		return DISSECT_OTHER;

	msg.version = (enum snmp_version)number;
	if (!(number == SNMP_V3 ? read_v3(message, &msg) : read_community(message, &msg)))
		return DISSECT_MALFORMED;

	*out = msg;
	return DISSECT_OK;
}
