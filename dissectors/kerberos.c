#include "dissectors/kerberos.h"

#include "dissectors/der.h"

enum {
	VERSION = 5,
	CLASS_MASK = 0xe0,
	NUMBER_MASK = 0x1f,
	TAG_FIELD = DER_CONTEXT | DER_CONSTRUCTED,
	TAG_APPLICATION = DER_APPLICATION | DER_CONSTRUCTED,
	TAG_TICKET = TAG_APPLICATION | 1,
	TAG_AP_REQ = TAG_APPLICATION | KERBEROS_AP_REQ,
	TAG_GENERAL_STRING = 0x1b,
	TAG_GENERALIZED_TIME = 0x18,
};

enum padata_type {
	PADATA_TGS_REQ = 1,
	PADATA_ENC_TIMESTAMP = 2,
	PADATA_PK_AS_REQ = 16,
	PADATA_ENCRYPTED_CHALLENGE = 138, /* RFC 6113 5.4.6 */
	PADATA_SPAKE = 151,
};

enum { ADDRESS_NETBIOS = 20, NETBIOS_NAME_LEN = 15 };

/* A field of a sequence by the number of its context tag; false where it is damaged. */
typedef bool read_field_fn(unsigned number, struct cursor value, void *to);

/* All of Kerberos is sequences of numbered fields. */
static bool read_fields(struct cursor in, read_field_fn *read, void *to)
{
	struct cursor fields = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&fields) > 0) {
		struct der_element field = der_take(&fields);

		if (!cursor_ok(&fields) || (field.tag & CLASS_MASK) != TAG_FIELD ||
		    !read(field.tag & NUMBER_MASK, field.value, to))
			return false;
	}
	return cursor_ok(&fields);
}

static bool read_number(struct cursor in, int32_t *to)
{
	struct cursor value = der_enter(&in, DER_INTEGER);

	*to = der_number(value);
	return cursor_ok(&in);
}

/* Realms and texts are GeneralStrings. */
static bool read_text(struct cursor in, struct span *to)
{
	*to = der_enter(&in, TAG_GENERAL_STRING).rest;
	return cursor_ok(&in);
}

static void append(struct kerberos_name *name, size_t *used, struct span part)
{
	struct cursor in = { .rest = part };
	struct span fits = cursor_take_up_to(&in, sizeof(name->text) - 1 - *used);

	if (fits.len > 0)
		memcpy(&name->text[*used], fits.data, fits.len);
	*used += fits.len;
}

/* PrincipalName (5.2.2). */
static bool read_name_field(unsigned number, struct cursor value, void *to)
{
	struct kerberos_name *name = to;
	size_t used = 0;

	if (number == 0)
		return read_number(value, &name->type);
	if (number != 1)
		return true;

	struct cursor parts = der_enter(&value, DER_SEQUENCE);

	memset(name->text, 0, sizeof(name->text)); /* the last one counts, and none of the others */
	for (bool is_first = true; cursor_left(&parts) > 0; is_first = false) {
		if (!is_first)
			append(name, &used, (struct span){ (const uint8_t *)"/", 1 });
		append(name, &used, der_enter(&parts, TAG_GENERAL_STRING).rest);
	}
	return cursor_ok(&value) && cursor_ok(&parts);
}

static bool read_name(struct cursor value, struct kerberos_name *to)
{
	return read_fields(value, read_name_field, to);
}

/* EncryptedData (5.2.9): what it is encrypted with. */
static bool read_etype_field(unsigned number, struct cursor value, void *to)
{
	return number != 0 || read_number(value, to);
}

/* 5.3 */
static bool read_ticket_field(unsigned number, struct cursor value, void *to)
{
	struct kerberos *msg = to;

	switch (number) {
	case 1:
		return read_text(value, &msg->ticket_realm);
	case 2:
		return read_name(value, &msg->ticket_service);
	case 3:
		return read_fields(value, read_etype_field, &msg->ticket_etype);
	default:
		return true;
	}
}

static bool read_ticket(struct cursor in, struct kerberos *msg)
{
	struct cursor ticket = der_enter(&in, TAG_TICKET);

	msg->has_ticket = true;
	return read_fields(ticket, read_ticket_field, msg);
}

/* 5.5.1 */
static bool read_ap_request_field(unsigned number, struct cursor value, void *to)
{
	return number != 3 || read_ticket(value, to);
}

/* PA-DATA (5.2.7) and HostAddress (5.2.5) are the same, but their fields count from 1 and 0. */
struct typed {
	unsigned first;
	int32_t type;
	struct cursor value;
};

static bool read_typed_field(unsigned number, struct cursor value, void *to)
{
	struct typed *typed = to;

	if (number == typed->first)
		return read_number(value, &typed->type);
	if (number == typed->first + 1)
		typed->value = der_enter(&value, DER_OCTET_STRING);
	return cursor_ok(&value);
}

static bool take_typed(struct cursor *list, unsigned first, struct typed *out)
{
	struct cursor one = *list;

	*out = (struct typed){ .first = first };
	der_skip(list);
	return read_fields(one, read_typed_field, out);
}

static bool is_proof(int32_t padata_type)
{
	return padata_type == PADATA_ENC_TIMESTAMP || padata_type == PADATA_PK_AS_REQ ||
	       padata_type == PADATA_ENCRYPTED_CHALLENGE || padata_type == PADATA_SPAKE;
}

static bool read_padata(struct cursor in, struct kerberos *msg)
{
	struct cursor list = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&list) > 0) {
		struct typed padata;

		if (!take_typed(&list, 1, &padata))
			return false;
		if (msg->padata_count < KERBEROS_PADATA_MAX)
			msg->padata[msg->padata_count++] = padata.type;
		if (msg->type == KERBEROS_AS_REQ && is_proof(padata.type))
			msg->is_preauthenticated = true;
		if (msg->type != KERBEROS_TGS_REQ || padata.type != PADATA_TGS_REQ)
			continue;

		struct cursor ap_request = der_enter(&padata.value, TAG_AP_REQ);

		if (!read_fields(ap_request, read_ap_request_field, msg))
			return false;
	}
	return cursor_ok(&in) && cursor_ok(&list);
}

static bool read_etypes(struct cursor in, struct kerberos *msg)
{
	struct cursor list = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&list) > 0) {
		int32_t etype = der_number(der_enter(&list, DER_INTEGER));

		if (msg->etype_count < KERBEROS_ETYPES_MAX)
			msg->etypes[msg->etype_count++] = etype;
	}
	return cursor_ok(&in) && cursor_ok(&list);
}

static bool read_addresses(struct cursor in, struct kerberos *msg)
{
	struct cursor list = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&list) > 0) {
		struct typed address;

		if (!take_typed(&list, 0, &address))
			return false;
		if (address.type != ADDRESS_NETBIOS || msg->netbios_address.len > 0)
			continue;

		msg->netbios_address =
			span_trim(cursor_take_up_to(&address.value, NETBIOS_NAME_LEN));
	}
	return cursor_ok(&in) && cursor_ok(&list);
}

/* KDCOptions (5.4.1) has 32 bits; one byte before them counts bits that are not used. */
static bool read_kdc_options(struct cursor in, struct kerberos *msg)
{
	struct cursor bits = der_enter(&in, DER_BIT_STRING);

	cursor_skip(&bits, 1);
	msg->kdc_options = cursor_be32(&bits);
	return cursor_ok(&in);
}

/* KDC-REQ-BODY (5.4.1). */
static bool read_body_field(unsigned number, struct cursor value, void *to)
{
	struct kerberos *msg = to;

	switch (number) {
	case 0:
		return read_kdc_options(value, msg);
	case 1:
		return read_name(value, &msg->client);
	case 2:
		return read_text(value, &msg->realm);
	case 3:
		return read_name(value, &msg->service);
	case 5:
		msg->till = der_enter(&value, TAG_GENERALIZED_TIME).rest;
		return cursor_ok(&value);
	case 8:
		return read_etypes(value, msg);
	case 9:
		return read_addresses(value, msg);
	default:
		return true;
	}
}

/* KDC-REQ (5.4.1). */
static bool read_request_field(unsigned number, struct cursor value, void *to)
{
	if (number == 3)
		return read_padata(value, to);
	return number != 4 || read_fields(value, read_body_field, to);
}

/* KDC-REP (5.4.2). */
static bool read_reply_field(unsigned number, struct cursor value, void *to)
{
	struct kerberos *msg = to;

	switch (number) {
	case 2:
		return read_padata(value, msg);
	case 3:
		return read_text(value, &msg->client_realm);
	case 4:
		return read_name(value, &msg->client);
	case 5:
		return read_ticket(value, msg);
	case 6:
		return read_fields(value, read_etype_field, &msg->etype);
	default:
		return true;
	}
}

/* 5.9.1 */
static bool read_error_field(unsigned number, struct cursor value, void *to)
{
	struct kerberos *msg = to;

	switch (number) {
	case 6:
		return read_number(value, &msg->error_code);
	case 7:
		return read_text(value, &msg->client_realm);
	case 8:
		return read_name(value, &msg->client);
	case 9:
		return read_text(value, &msg->realm);
	case 10:
		return read_name(value, &msg->service);
	case 11:
		return read_text(value, &msg->error_text);
	default:
		return true;
	}
}

static read_field_fn *reader_of(enum kerberos_type type)
{
	switch (type) {
	case KERBEROS_AS_REQ:
	case KERBEROS_TGS_REQ:
		return read_request_field;
	case KERBEROS_AS_REP:
	case KERBEROS_TGS_REP:
		return read_reply_field;
	case KERBEROS_ERROR:
		return read_error_field;
	case KERBEROS_AP_REQ:
	case KERBEROS_AP_REP:
	default:
		return read_ap_request_field;
	}
}

static bool is_message(uint8_t tag)
{
	unsigned number = tag & NUMBER_MASK;

	return (tag & CLASS_MASK) == TAG_APPLICATION &&
	       ((number >= KERBEROS_AS_REQ && number <= KERBEROS_AP_REP) ||
		number == KERBEROS_ERROR);
}

/* Every message begins with its version: [1] in requests to a KDC, [0] in all others. */
static bool is_version_5(struct cursor message)
{
	struct cursor fields = der_enter(&message, DER_SEQUENCE);
	struct der_element first = der_take(&fields);
	int32_t version = 0;

	return (first.tag == TAG_FIELD || first.tag == (TAG_FIELD | 1)) &&
	       read_number(first.value, &version) && version == VERSION;
}

enum dissect dissect_kerberos(struct cursor message, struct kerberos *out)
{
	struct kerberos msg = { 0 };
	struct cursor peek = message;
	uint8_t tag = cursor_u8(&peek);

	if (!cursor_ok(&peek))
		return DISSECT_TRUNCATED;
	if (!is_message(tag))
		return DISSECT_OTHER;

	struct cursor body = der_enter(&message, tag);

	if (!cursor_ok(&message))
		return DISSECT_TRUNCATED;
	if (!is_version_5(body))
		return DISSECT_OTHER;
	msg.type = (enum kerberos_type)(tag & NUMBER_MASK);
	if (msg.type != KERBEROS_AP_REP && !read_fields(body, reader_of(msg.type), &msg))
		return DISSECT_MALFORMED;
	if (msg.type == KERBEROS_AS_REP || msg.type == KERBEROS_TGS_REP) {
		msg.realm = msg.client_realm;
		msg.service = msg.ticket_service;
	}
	*out = msg;
	return DISSECT_OK;
}

/* A record holds one message and nothing else. */
enum dissect dissect_kerberos_tcp(struct cursor *stream, struct kerberos *out)
{
	enum { LENGTH_MAX = 1 << 20, HEADER_LEN = 2 + 4 };
	struct cursor in = *stream;
	uint32_t length = cursor_be32(&in);
	struct cursor peek = in;
	uint8_t tag = cursor_u8(&peek);

	if (cursor_ok(&in) && (length < HEADER_LEN || length > LENGTH_MAX))
		return DISSECT_OTHER;
	if (cursor_ok(&peek) && !is_message(tag))
		return DISSECT_OTHER;

	struct cursor message = cursor_sub(&in, length);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	enum dissect got = dissect_kerberos(message, out);

	if (got == DISSECT_OK)
		*stream = in;
	return got == DISSECT_TRUNCATED ? DISSECT_MALFORMED : got;
}
