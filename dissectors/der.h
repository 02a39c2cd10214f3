/* DER, and BER of definite lengths (X.690 8.1): the elements that X.509, Kerberos and LDAP use. */
/*
 * As with the cursor it reads through, a failure is sticky: a wrong tag, a length of more than four
 * bytes or past the end, an indefinite length or a tag number above 30 fails the cursor for good.
 */
#pragma once

#include "dissectors/cursor.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* Context-specific and application tags: DER_CONTEXT | n is primitive, with DER_CONSTRUCTED not. */
enum { DER_CONSTRUCTED = 0x20, DER_APPLICATION = 0x40, DER_CONTEXT = 0x80 };

struct der_element {
	uint8_t tag; /* the whole first byte: class, constructed, number */
	struct cursor value;
};

static inline void der_fail(struct cursor *in)
{
	*in = (struct cursor){ .failed = true };
}

/* The length before a value; the cursor fails where it is not a definite one of up to 32 bits. */
static inline uint32_t der_length(struct cursor *in)
{
	enum { LONG_FORM = 0x80, BYTES_MAX = 4, BYTE_BITS = 8 };
	uint8_t first = cursor_u8(in);
	uint32_t len = 0;

	if (first < LONG_FORM)
		return first;

	unsigned count = first - LONG_FORM;

	if (count == 0 || count > BYTES_MAX) {
		der_fail(in);
		return 0;
	}
	for (unsigned i = 0; i < count; i++)
		len = len << BYTE_BITS | cursor_u8(in);
	return len;
}

/* The next element, whatever it is. At the end of `in` as on a failure: a tag of 0, no value. */
static inline struct der_element der_take(struct cursor *in)
{
	enum { LONG_TAG = 0x1f };
	struct der_element element = { .tag = cursor_u8(in) };

	if ((element.tag & LONG_TAG) == LONG_TAG)
		der_fail(in);
	element.value = cursor_sub(in, der_length(in));
	if (!cursor_ok(in))
		return (struct der_element){ .value = { .failed = true } };
	return element;
}

/* The value of the next element, which must have `tag`. */
static inline struct cursor der_enter(struct cursor *in, uint8_t tag)
{
	struct der_element element = der_take(in);

	if (cursor_ok(in) && element.tag != tag)
		der_fail(in);
	return cursor_ok(in) ? element.value : (struct cursor){ .failed = true };
}

/* The same where the element may be left out; false then, with nothing read. */
static inline bool der_enter_optional(struct cursor *in, uint8_t tag, struct cursor *value)
{
	struct cursor peek = *in;

	if (cursor_left(in) == 0 || cursor_u8(&peek) != tag)
		return false;
	*value = der_enter(in, tag);
	return cursor_ok(in);
}

static inline void der_skip(struct cursor *in)
{
	(void)der_take(in);
}

/* A number out of the value of an INTEGER or ENUMERATED; 0 for one of more than 32 bits. */
static inline int32_t der_number(struct cursor value)
{
	uint32_t number = 0;
	size_t len = cursor_left(&value);

	if (!cursor_ok(&value) || len == 0 || len > sizeof(number))
		return 0;
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = cursor_u8(&value);

		number = i == 0 && byte >= 0x80 ? UINT32_MAX << 8 | byte : number << 8 | byte;
	}
	return (int32_t)number;
}
