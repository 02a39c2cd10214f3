#include "dissectors/x509_key.h"

#include "dissectors/der.h"

enum {
	OID_MAX = 9,
	BYTE_BITS = 8,
	POINT_UNCOMPRESSED = 4,
	POINT_COMPRESSED_EVEN = 2,
	POINT_COMPRESSED_ODD = 3,
};

struct known_oid {
	uint8_t len;
	uint8_t bytes[OID_MAX];
	uint16_t value;
};

/* By enum x509_key. */
static const struct known_oid algorithms[] = {
	{ 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 }, X509_KEY_RSA },
	{ 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a }, X509_KEY_RSA }, /* PSS */
	{ 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 }, X509_KEY_EC },
	{ 3, { 0x2b, 0x65, 0x70 }, X509_KEY_ED25519 },
};

/* Curves whose bits are not those of their coordinates' bytes. */
static const struct known_oid odd_curves[] = {
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x23 }, 521 }, /* secp521r1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x1a }, 233 }, /* sect233k1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x1b }, 233 }, /* sect233r1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x10 }, 283 }, /* sect283k1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x11 }, 283 }, /* sect283r1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x24 }, 409 }, /* sect409k1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x25 }, 409 }, /* sect409r1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x26 }, 571 }, /* sect571k1 */
	{ 5, { 0x2b, 0x81, 0x04, 0x00, 0x27 }, 571 }, /* sect571r1 */
};

/* 0 for one that is not in the table. */
static uint16_t look_up(const struct known_oid *table, size_t count, struct span oid)
{
	if (oid.len == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (oid.len == table[i].len && memcmp(oid.data, table[i].bytes, oid.len) == 0)
			return table[i].value;
	return 0;
}

static uint16_t to_bits(size_t bytes)
{
	return bytes <= UINT16_MAX / BYTE_BITS ? (uint16_t)(bytes * BYTE_BITS) : 0;
}

/* Of the modulus, from its highest bit that is set. */
static uint16_t rsa_bits(struct cursor key)
{
	struct cursor numbers = der_enter(&key, DER_SEQUENCE);
	struct cursor modulus = der_enter(&numbers, DER_INTEGER);
	uint8_t high = 0;

	while (cursor_left(&modulus) > 0 && high == 0)
		high = cursor_u8(&modulus);

	uint16_t bits = to_bits(cursor_left(&modulus));

	for (; high != 0; high >>= 1)
		bits++;
	return bits;
}

static uint16_t curve_bits(struct cursor curve, struct cursor point)
{
	uint16_t odd = look_up(odd_curves, sizeof(odd_curves) / sizeof(odd_curves[0]), curve.rest);
	uint8_t form = cursor_u8(&point);

	if (odd != 0)
		return odd;
	if (form == POINT_COMPRESSED_EVEN || form == POINT_COMPRESSED_ODD)
		return to_bits(cursor_left(&point));
	return form == POINT_UNCOMPRESSED ? to_bits(cursor_left(&point) / 2) : 0;
}

struct x509_public_key x509_public_key(struct cursor info)
{
	struct cursor algorithm = der_enter(&info, DER_SEQUENCE);
	struct cursor key = der_enter(&info, DER_BIT_STRING);
	struct x509_public_key out = { .oid = der_enter(&algorithm, DER_OID).rest };

	cursor_skip(&key, 1); /* unused bits: none in a key */
	out.algorithm = look_up(algorithms, sizeof(algorithms) / sizeof(algorithms[0]), out.oid);
	switch (out.algorithm) {
	case X509_KEY_RSA:
		out.bits = rsa_bits(key);
		break;
	case X509_KEY_EC:
		out.bits = curve_bits(der_take(&algorithm).value, key);
		break;
	case X509_KEY_ED25519:
		out.bits = to_bits(cursor_left(&key));
		break;
	case X509_KEY_OTHER:
		return out;
	}
	out.is_damaged = out.bits == 0;
	return out;
}
