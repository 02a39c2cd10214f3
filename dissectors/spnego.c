#include "dissectors/spnego.h"

#include "dissectors/der.h"

enum {
	TAG_GSS = DER_APPLICATION | DER_CONSTRUCTED | 0, /* RFC 2743 3.1 */
	TAG_0 = DER_CONTEXT | DER_CONSTRUCTED | 0,
	TAG_1 = DER_CONTEXT | DER_CONSTRUCTED | 1,
	TAG_2 = DER_CONTEXT | DER_CONSTRUCTED | 2,
	TAG_INIT = TAG_0,
	TAG_RESPONSE = TAG_1,
	TAG_AP_REQ = DER_APPLICATION | DER_CONSTRUCTED | 14,
	TAG_AP_REP = DER_APPLICATION | DER_CONSTRUCTED | 15,
	TAG_KRB_ERROR = DER_APPLICATION | DER_CONSTRUCTED | 30,
};

static const uint8_t oid_spnego[] = { 0x2b, 6, 1, 5, 5, 2 };
static const uint8_t oid_kerberos[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2 };
static const uint8_t oid_kerberos_windows[] = { 0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2 };
static const uint8_t oid_ntlmssp[] = { 0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10 };
static const uint8_t oid_negoex[] = { 0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30 };
static const uint8_t ntlmssp_signature[] = { 'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0' };

static bool is_bytes(const struct cursor *value, const uint8_t *bytes, size_t len)
{
	return cursor_ok(value) && value->rest.len == len &&
	       memcmp(value->rest.data, bytes, len) == 0;
}

static uint8_t mech_of(struct cursor oid)
{
	if (is_bytes(&oid, oid_kerberos, sizeof(oid_kerberos)) ||
	    is_bytes(&oid, oid_kerberos_windows, sizeof(oid_kerberos_windows)))
		return SPNEGO_MECH_KERBEROS;
	if (is_bytes(&oid, oid_ntlmssp, sizeof(oid_ntlmssp)))
		return SPNEGO_MECH_NTLMSSP;
	if (is_bytes(&oid, oid_negoex, sizeof(oid_negoex)))
		return SPNEGO_MECH_NEGOEX;
	return SPNEGO_MECH_OTHER;
}

static void add_mech(struct spnego *msg, struct cursor oid)
{
	uint8_t mech = mech_of(oid);

	if (msg->mechs == 0)
		msg->preferred_mech = mech;
	msg->mechs |= mech;
}

/* NegTokenInit (RFC 4178 4.2.1), NegTokenInit2 ([MS-SPNG] 2.2.1) too: only [0] and [2] matter. */
static bool read_init(struct cursor in, struct spnego *msg)
{
	struct cursor fields = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&fields) > 0) {
		struct der_element field = der_take(&fields);

		if (field.tag == TAG_0) {
			struct cursor mechs = der_enter(&field.value, DER_SEQUENCE);

			while (cursor_left(&mechs) > 0)
				add_mech(msg, der_enter(&mechs, DER_OID));
			if (!cursor_ok(&mechs))
				return false;
		} else if (field.tag == TAG_2) {
			msg->token = der_enter(&field.value, DER_OCTET_STRING).rest;
		}
		if (cursor_ok(&fields) && !cursor_ok(&field.value))
			return false;
	}
	return cursor_ok(&fields);
}

/* NegTokenResp (4.2.2). */
static bool read_response(struct cursor in, struct spnego *msg)
{
	struct cursor fields = der_enter(&in, DER_SEQUENCE);

	while (cursor_left(&fields) > 0) {
		struct der_element field = der_take(&fields);

		if (field.tag == TAG_0) {
			msg->state = (uint8_t)der_number(der_enter(&field.value, DER_ENUMERATED));
			msg->has_state = cursor_ok(&field.value);
		} else if (field.tag == TAG_1) {
			add_mech(msg, der_enter(&field.value, DER_OID));
		} else if (field.tag == TAG_2) {
			msg->token = der_enter(&field.value, DER_OCTET_STRING).rest;
		}
		if (cursor_ok(&fields) && !cursor_ok(&field.value))
			return false;
	}
	return cursor_ok(&fields);
}

static enum dissect read_choice(struct cursor in, struct spnego *msg)
{
	struct der_element choice = der_take(&in);
	bool is_whole = false;

	if (choice.tag == TAG_INIT) {
		msg->kind = SPNEGO_INIT;
		is_whole = read_init(choice.value, msg);
	} else if (choice.tag == TAG_RESPONSE) {
		msg->kind = SPNEGO_RESPONSE;
		is_whole = read_response(choice.value, msg);
	}
	return is_whole ? DISSECT_OK : DISSECT_MALFORMED;
}

/* RFC 2743 3.1: the mechanism's name, then what it likes. */
static enum dissect read_gss(struct cursor in, struct spnego *msg)
{
	struct cursor oid = der_enter(&in, DER_OID);

	if (!cursor_ok(&in))
		return DISSECT_MALFORMED;
	if (is_bytes(&oid, oid_spnego, sizeof(oid_spnego)))
		return read_choice(in, msg);
	if (mech_of(oid) != SPNEGO_MECH_KERBEROS)
		return DISSECT_OTHER;
	msg->kind = SPNEGO_KERBEROS;
	add_mech(msg, oid);
	msg->token_id = cursor_be16(&in);
	msg->token = in.rest;
	return cursor_ok(&in) ? DISSECT_OK : DISSECT_MALFORMED;
}

static bool is_kerberos(uint8_t tag)
{
	return tag == TAG_AP_REQ || tag == TAG_AP_REP || tag == TAG_KRB_ERROR;
}

static enum dissect read_ntlmssp(struct cursor in, struct spnego *msg)
{
	msg->kind = SPNEGO_NTLMSSP;
	msg->token = in.rest;
	msg->mechs = SPNEGO_MECH_NTLMSSP;
	msg->preferred_mech = SPNEGO_MECH_NTLMSSP;

	struct span start = cursor_take_up_to(&in, sizeof(ntlmssp_signature));

	if (memcmp(start.data, ntlmssp_signature, start.len) != 0)
		return DISSECT_OTHER;
	return start.len == sizeof(ntlmssp_signature) ? DISSECT_OK : DISSECT_TRUNCATED;
}

/* What begins with an element, which must be whole. */
static enum dissect read_element(struct cursor in, uint8_t tag, struct spnego *msg)
{
	struct cursor whole = in;

	der_skip(&whole);
	if (!cursor_ok(&whole))
		return DISSECT_TRUNCATED;
	if (tag == TAG_GSS)
		return read_gss(der_enter(&in, TAG_GSS), msg);
	if (!is_kerberos(tag))
		return read_choice(in, msg);
	msg->kind = SPNEGO_KERBEROS;
	msg->mechs = SPNEGO_MECH_KERBEROS;
	msg->preferred_mech = SPNEGO_MECH_KERBEROS;
	msg->token = in.rest;
	return DISSECT_OK;
}

enum dissect dissect_spnego(struct cursor blob, struct spnego *out)
{
	struct spnego msg = { 0 };
	struct cursor peek = blob;
	uint8_t tag = cursor_u8(&peek);
	enum dissect got = DISSECT_OTHER;

	if (!cursor_ok(&peek))
		return DISSECT_TRUNCATED;
	if (tag == ntlmssp_signature[0])
		got = read_ntlmssp(blob, &msg);
	else if (tag == TAG_GSS || tag == TAG_INIT || tag == TAG_RESPONSE || is_kerberos(tag))
		got = read_element(blob, tag, &msg);
	if (got == DISSECT_OK)
		*out = msg;
	return got;
}
