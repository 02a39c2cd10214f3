#include "dissectors/x509.h"

#include "dissectors/der.h"
#include "dissectors/x509_key.h"
#include "dissectors/x509_time.h"

enum {
	TAG_VERSION = DER_CONTEXT | DER_CONSTRUCTED | 0,
	TAG_EXTENSIONS = DER_CONTEXT | DER_CONSTRUCTED | 3,
	TAG_DNS_NAME = DER_CONTEXT | 2,
	TAG_IP_ADDRESS = DER_CONTEXT | 7,
};

enum { VERSION_LAST = 2 }; /* counted from 0: v3 */

/* RFC 5280 appendix A: 2.5.4 with the attribute, 2.5.29 with the extension as the last byte. */
static const uint8_t attribute_arc[] = { 0x55, 0x04 };
static const uint8_t extension_arc[] = { 0x55, 0x1d };

enum attribute {
	ATTRIBUTE_COMMON_NAME = 3,
	ATTRIBUTE_COUNTRY = 6,
	ATTRIBUTE_ORGANISATION = 10,
};

enum extension {
	EXTENSION_SUBJECT_ALT_NAME = 17,
	EXTENSION_BASIC_CONSTRAINTS = 19,
};

/* The byte that follows `arc` and ends the identifier; 0, which neither arc uses, if it is other.
 */
static uint8_t last_of(struct cursor oid, const uint8_t arc[static 2])
{
	struct span front = cursor_take(&oid, 2);
	uint8_t last = cursor_u8(&oid);

	if (!cursor_ok(&oid) || cursor_left(&oid) > 0 || memcmp(front.data, arc, 2) != 0)
		return 0;
	return last;
}

static void keep_attribute(uint8_t attribute, const struct der_element *value,
			   struct x509_name *name)
{
	struct x509_text text = { .tag = value->tag, .bytes = value->value.rest };

	switch (attribute) {
	case ATTRIBUTE_COMMON_NAME:
		name->common_name = text;
		break;
	case ATTRIBUTE_COUNTRY:
		name->country = text;
		break;
	case ATTRIBUTE_ORGANISATION:
		name->organisation = text;
		break;
	default: /* the others say nothing that is asked for */
		break;
	}
}

/* Sets of pairs; false when it is something else, with what was read before kept. */
static bool read_attributes(struct cursor in, struct x509_name *name)
{
	while (cursor_left(&in) > 0) {
		struct cursor set = der_enter(&in, DER_SET);

		while (cursor_left(&set) > 0) {
			struct cursor pair = der_enter(&set, DER_SEQUENCE);
			struct cursor oid = der_enter(&pair, DER_OID);
			struct der_element value = der_take(&pair);

			if (!cursor_ok(&pair))
				return false;
			keep_attribute(last_of(oid, attribute_arc), &value, name);
		}
		if (!cursor_ok(&set))
			return false;
	}
	return cursor_ok(&in);
}

/* The next element with its tag and length, which `in` eats. */
static struct span whole_element(struct cursor *in)
{
	struct cursor from = *in;

	der_skip(in);
	return cursor_take_up_to(&from, cursor_offset(in, &from));
}

static void read_name(struct cursor *in, struct x509_name *name, bool *is_damaged)
{
	struct cursor peek = *in;
	struct cursor attributes = der_enter(&peek, DER_SEQUENCE);

	name->der = whole_element(in);
	if (!cursor_ok(&peek)) {
		der_fail(in);
		return;
	}
	*is_damaged |= !read_attributes(attributes, name);
}

static void read_validity(struct cursor in, struct x509 *cert)
{
	struct der_element from = der_take(&in);
	struct der_element until = der_take(&in);

	cert->has_validity = x509_time(from.tag, from.value, &cert->not_before) &&
			     x509_time(until.tag, until.value, &cert->not_after);
	cert->is_damaged |= !cert->has_validity;
}

static bool is_address_length(size_t len)
{
	enum { IPV4_LEN = 4, IPV6_LEN = 16 };

	return len == IPV4_LEN || len == IPV6_LEN;
}

static bool read_alternatives(struct cursor value, struct x509 *cert)
{
	struct cursor names = der_enter(&value, DER_SEQUENCE);

	while (cursor_left(&names) > 0) {
		struct der_element name = der_take(&names);

		if (name.tag != TAG_DNS_NAME && name.tag != TAG_IP_ADDRESS)
			continue;
		if (name.tag == TAG_IP_ADDRESS && !is_address_length(cursor_left(&name.value))) {
			cert->is_damaged = true;
			continue;
		}
		if (cert->names_kept < X509_NAMES_MAX)
			cert->names[cert->names_kept++] = (struct x509_alternative){
				.is_address = name.tag == TAG_IP_ADDRESS,
				.bytes = name.value.rest,
			};
		cert->name_count++;
	}
	return cursor_ok(&names);
}

static bool read_basic_constraints(struct cursor value, struct x509 *cert)
{
	struct cursor constraints = der_enter(&value, DER_SEQUENCE);
	struct cursor is_ca;

	if (der_enter_optional(&constraints, DER_BOOLEAN, &is_ca))
		cert->is_ca = cursor_u8(&is_ca) != 0;
	return cursor_ok(&constraints);
}

static bool read_extension(struct cursor extension, struct x509 *cert)
{
	struct cursor oid = der_enter(&extension, DER_OID);
	struct cursor is_critical;

	(void)der_enter_optional(&extension, DER_BOOLEAN, &is_critical);
	struct cursor value = der_enter(&extension, DER_OCTET_STRING);

	if (!cursor_ok(&extension))
		return false;
	switch (last_of(oid, extension_arc)) {
	case EXTENSION_SUBJECT_ALT_NAME:
		return read_alternatives(value, cert);
	case EXTENSION_BASIC_CONSTRAINTS:
		return read_basic_constraints(value, cert);
	default:
		return true;
	}
}

/* What follows the key: unique identifiers, which nobody uses, and extensions. */
static void read_rest(struct cursor in, struct x509 *cert)
{
	while (cursor_left(&in) > 0) {
		struct der_element element = der_take(&in);

		if (element.tag != TAG_EXTENSIONS)
			continue;
		struct cursor extensions = der_enter(&element.value, DER_SEQUENCE);

		while (cursor_left(&extensions) > 0) {
			struct cursor extension = der_enter(&extensions, DER_SEQUENCE);

			cert->is_damaged |= !read_extension(extension, cert);
		}
		cert->is_damaged |= !cursor_ok(&extensions);
	}
	cert->is_damaged |= !cursor_ok(&in);
}

static uint8_t read_version(struct cursor *in, bool *is_damaged)
{
	struct cursor wrapped;

	if (!der_enter_optional(in, TAG_VERSION, &wrapped))
		return 1;

	int32_t version = der_number(der_enter(&wrapped, DER_INTEGER));

	*is_damaged |= !cursor_ok(&wrapped) || version < 0 || version > VERSION_LAST;
	return version >= 0 && version <= VERSION_LAST ? (uint8_t)(version + 1) : 1;
}

static bool is_self_issued(const struct x509 *cert)
{
	struct span issuer = cert->issuer.der;
	struct span subject = cert->subject.der;

	return issuer.len == subject.len && memcmp(issuer.data, subject.data, issuer.len) == 0;
}

static bool read_certificate(struct cursor tbs, struct x509 *cert)
{
	cert->version = read_version(&tbs, &cert->is_damaged);
	cert->serial = der_enter(&tbs, DER_INTEGER).rest;
	der_skip(&tbs); /* signature: the same once more */
	read_name(&tbs, &cert->issuer, &cert->is_damaged);
	read_validity(der_enter(&tbs, DER_SEQUENCE), cert);
	read_name(&tbs, &cert->subject, &cert->is_damaged);
	struct x509_public_key key = x509_public_key(der_enter(&tbs, DER_SEQUENCE));

	if (!cursor_ok(&tbs))
		return false;
	cert->key = key.algorithm;
	cert->key_bits = key.bits;
	cert->key_oid = key.oid;
	cert->is_damaged |= key.is_damaged;
	cert->is_self_issued = is_self_issued(cert);
	read_rest(tbs, cert);
	return true;
}

/* By its first two bytes: another tag, or a length in a form that DER does not have. */
static bool is_other(struct cursor der)
{
	enum { INDEFINITE = 0x80, FOUR_BYTES = 0x84 };
	uint8_t tag = cursor_u8(&der);

	if (cursor_ok(&der) && tag != DER_SEQUENCE)
		return true;

	uint8_t len = cursor_u8(&der);

	return cursor_ok(&der) && (len == INDEFINITE || len > FOUR_BYTES);
}

enum dissect dissect_x509(struct cursor der, struct x509 *out)
{
	struct x509 cert = { 0 };

	if (is_other(der))
		return DISSECT_OTHER;
	struct cursor whole = der_enter(&der, DER_SEQUENCE);

	if (!cursor_ok(&der))
		return DISSECT_TRUNCATED;
	struct cursor tbs = der_enter(&whole, DER_SEQUENCE);
	struct cursor signature = der_enter(&whole, DER_SEQUENCE);

	if (!cursor_ok(&whole))
		return DISSECT_OTHER;
	cert.signature_oid = der_enter(&signature, DER_OID).rest;
	if (!cursor_ok(&signature) || !read_certificate(tbs, &cert))
		return DISSECT_MALFORMED;

	*out = cert;
	return DISSECT_OK;
}
