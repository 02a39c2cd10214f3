#include "dissectors/ldap.h"

#include "dissectors/der.h"

enum {
	CLASS_MASK = 0xc0,
	NUMBER_MASK = 0x1f,
	ID_LEN_MAX = 4,
	ID_LEN_LEN = 1,
	TAG_AND = DER_CONTEXT | DER_CONSTRUCTED | 0,
	TAG_EQUALITY = DER_CONTEXT | DER_CONSTRUCTED | 3,
	TAG_REFERRAL = DER_CONTEXT | DER_CONSTRUCTED | 3,
	TAG_SASL_CREDENTIALS = DER_CONTEXT | 7,
	TAG_REQUEST_NAME = DER_CONTEXT | 0,
	TAG_RESPONSE_NAME = DER_CONTEXT | 10,
};

static const char start_tls[] = "1.3.6.1.4.1.1466.20037";

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Names of attributes are without case; `text` is in lower case. */
static bool is_text(struct span s, const char *text)
{
	if (s.len != strlen(text))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (lower(s.data[i]) != text[i])
			return false;
	return true;
}

static bool read_bind_request(struct cursor in, struct ldap *msg)
{
	msg->version = (uint8_t)der_number(der_enter(&in, DER_INTEGER));
	msg->name = der_enter(&in, DER_OCTET_STRING).rest;
	struct der_element authentication = der_take(&in);
	struct cursor value = authentication.value;

	msg->authentication = (enum ldap_authentication)(authentication.tag & NUMBER_MASK);
	switch (msg->authentication) {
	case LDAP_SIMPLE:
		msg->password_len = cursor_left(&value);
		break;
	case LDAP_SASL:
		msg->mechanism = der_enter(&value, DER_OCTET_STRING).rest;
		if (cursor_left(&value) > 0)
			msg->credentials = der_enter(&value, DER_OCTET_STRING).rest;
		break;
	case LDAP_SICILY_DISCOVERY:
	case LDAP_SICILY_NEGOTIATE:
	case LDAP_SICILY_RESPONSE:
		msg->credentials = value.rest;
		break;
	default:
		return false;
	}
	return cursor_ok(&in) && cursor_ok(&value);
}

/* LDAPResult (4.1.9), and what stands behind it in a bind and in an extended response. */
static bool read_result(struct cursor in, struct ldap *msg)
{
	msg->result = der_number(der_enter(&in, DER_ENUMERATED));
	msg->matched_dn = der_enter(&in, DER_OCTET_STRING).rest;
	msg->diagnostic = der_enter(&in, DER_OCTET_STRING).rest;
	while (cursor_left(&in) > 0) {
		struct der_element extra = der_take(&in);

		if (extra.tag == TAG_SASL_CREDENTIALS)
			msg->credentials = extra.value.rest;
		if (extra.tag == TAG_RESPONSE_NAME)
			msg->extended_name = extra.value.rest;
	}
	msg->is_start_tls = is_text(msg->extended_name, start_tls);
	return cursor_ok(&in);
}

static bool read_extended_request(struct cursor in, struct ldap *msg)
{
	msg->extended_name = der_enter(&in, TAG_REQUEST_NAME).rest;
	msg->is_start_tls = is_text(msg->extended_name, start_tls);
	return cursor_ok(&in);
}

static void read_assertion(struct cursor in, struct ldap *msg)
{
	struct span attribute = der_enter(&in, DER_OCTET_STRING).rest;
	struct span value = der_enter(&in, DER_OCTET_STRING).rest;

	if (is_text(attribute, "ntver"))
		msg->is_netlogon_ping = true;
	else if (is_text(attribute, "dnsdomain"))
		msg->ping.dns_domain = value;
	else if (is_text(attribute, "host"))
		msg->ping.host = value;
	else if (is_text(attribute, "user"))
		msg->ping.user = value;
}

/* Only the flat form that Windows and Samba send: all of these attributes at once. */
static void read_filter(struct cursor in, struct ldap *msg)
{
	struct cursor all = der_enter(&in, TAG_AND);

	while (cursor_left(&all) > 0) {
		struct der_element part = der_take(&all);

		if (part.tag == TAG_EQUALITY)
			read_assertion(part.value, msg);
	}
	if (!msg->is_netlogon_ping)
		msg->ping = (struct ldap_netlogon_ping){ 0 };
}

static bool read_search_request(struct cursor in, struct ldap *msg)
{
	msg->base = der_enter(&in, DER_OCTET_STRING).rest;
	msg->scope = (uint8_t)der_number(der_enter(&in, DER_ENUMERATED));
	(void)der_enter(&in, DER_ENUMERATED); /* aliases */
	(void)der_enter(&in, DER_INTEGER);    /* size limit */
	(void)der_enter(&in, DER_INTEGER);    /* time limit */
	(void)der_enter(&in, DER_BOOLEAN);    /* types only */
	if (cursor_ok(&in))
		read_filter(in, msg);
	return cursor_ok(&in);
}

typedef bool read_operation_fn(struct cursor in, struct ldap *msg);

/* NULL for an operation of which no more is told. */
static read_operation_fn *reader_of(enum ldap_operation operation)
{
	static read_operation_fn *const readers[LDAP_INTERMEDIATE_RESPONSE + 1] = {
		[LDAP_BIND_REQUEST] = read_bind_request,
		[LDAP_BIND_RESPONSE] = read_result,
		[LDAP_SEARCH_REQUEST] = read_search_request,
		[LDAP_SEARCH_DONE] = read_result,
		[LDAP_EXTENDED_REQUEST] = read_extended_request,
		[LDAP_EXTENDED_RESPONSE] = read_result,
	};

	return readers[operation];
}

/* Three operations have no inner elements; a wrong form is another protocol (4.2 to 4.14). */
static bool is_operation(uint8_t tag)
{
	uint8_t number = tag & NUMBER_MASK;
	bool is_primitive = number == LDAP_UNBIND_REQUEST || number == LDAP_DELETE_REQUEST ||
			    number == LDAP_ABANDON_REQUEST;

	if ((tag & CLASS_MASK) != DER_APPLICATION || is_primitive != ((tag & DER_CONSTRUCTED) == 0))
		return false;
	return number <= LDAP_ABANDON_REQUEST || number == LDAP_SEARCH_REFERENCE ||
	       (number >= LDAP_EXTENDED_REQUEST && number <= LDAP_INTERMEDIATE_RESPONSE);
}

/* What is there of a message, and how long it is. */
static enum dissect read_envelope(struct cursor *stream, struct cursor *message, uint32_t *missing)
{
	struct cursor in = *stream;
	uint8_t tag = cursor_u8(&in);

	if (cursor_ok(&in) && tag != DER_SEQUENCE)
		return DISSECT_OTHER;

	size_t before = cursor_left(&in);
	uint32_t length = der_length(&in);

	if (!cursor_ok(&in))
		return before > ID_LEN_LEN + ID_LEN_MAX ? DISSECT_OTHER : DISSECT_TRUNCATED;
	*message = (struct cursor){ .rest = cursor_take_up_to(&in, length) };
	*missing = length - (uint32_t)cursor_left(message);
	*stream = in;
	return DISSECT_OK;
}

/* The number and the operation, whose elements are what `in` then holds, as far as it is there. */
static enum dissect read_head(struct cursor *in, struct ldap *msg, uint32_t *length)
{
	enum dissect cut = msg->missing > 0 ? DISSECT_TRUNCATED : DISSECT_OTHER;
	struct cursor peek = *in;
	uint8_t id_tag = cursor_u8(&peek);
	uint8_t id_len = cursor_u8(&peek);

	if (!cursor_ok(&peek))
		return cut;
	if (id_tag != DER_INTEGER || id_len == 0 || id_len > ID_LEN_MAX)
		return DISSECT_OTHER;
	msg->message_id = der_number(der_enter(in, DER_INTEGER));
	uint8_t tag = cursor_u8(in);

	if (cursor_ok(in) && !is_operation(tag))
		return DISSECT_OTHER;
	msg->operation = (enum ldap_operation)(tag & NUMBER_MASK);
	*length = der_length(in);
	return cursor_ok(in) ? DISSECT_OK : cut;
}

enum dissect dissect_ldap(struct cursor *stream, struct ldap *out)
{
	struct ldap msg = { 0 };
	struct cursor behind = *stream;
	struct cursor in;
	uint32_t length;
	enum dissect got = read_envelope(&behind, &in, &msg.missing);

	if (got == DISSECT_OK)
		got = read_head(&in, &msg, &length);
	if (got != DISSECT_OK)
		return got;

	read_operation_fn *read = reader_of(msg.operation);

	if (read) {
		if (msg.missing > 0)
			return DISSECT_TRUNCATED;
		struct cursor operation = cursor_sub(&in, length);

		if (!cursor_ok(&in) || !read(operation, &msg))
			return DISSECT_MALFORMED;
	}
	*stream = behind;
	*out = msg;
	return DISSECT_OK;
}
