#include "dissectors/ikev2.h"

enum {
	HEADER_LEN = 28,
	VERSION_SHIFT = 4,
	VERSION_1 = 1,
	VERSION_2 = 2,
	FLAG_V1_ENCRYPTED = 0x01,
	FLAG_INITIATOR = 0x08,
	FLAG_RESPONSE = 0x20,
};

enum {
	PAYLOAD_NONE = 0,
	PAYLOAD_HEADER_LEN = 4,
	SUBSTRUCTURE_HEADER_LEN = 4, /* of a proposal or transform: last or not, reserved, length */
	NOTIFY_PROTOCOL_AND_SPI_LEN = 2,
	V1_DOI_LEN = 4,
	ATTRIBUTE_SHORT = 0x8000,
	ATTRIBUTE_KEY_LENGTH = 14,
};

static bool is_exchange(uint8_t major, uint8_t exchange)
{
	if (major == VERSION_1)
		return (exchange >= IKE_V1_BASE && exchange <= IKE_V1_TRANSACTION) ||
		       exchange == IKE_V1_QUICK || exchange == IKE_V1_NEW_GROUP;
	return major == VERSION_2 && exchange >= IKE_SA_INIT && exchange <= IKE_FOLLOWUP_KE;
}

/* The next of a list of proposals or transforms, without its header. */
static struct cursor take_substructure(struct cursor *list)
{
	cursor_skip(list, sizeof(uint16_t));
	uint16_t len = cursor_be16(list);

	return cursor_sub(list, len < SUBSTRUCTURE_HEADER_LEN
					? SIZE_MAX
					: (size_t)len - SUBSTRUCTURE_HEADER_LEN);
}

static uint16_t read_key_bits(struct cursor attributes)
{
	uint16_t key_bits = 0;

	while (cursor_left(&attributes) > 0) {
		uint16_t type = cursor_be16(&attributes);
		uint16_t value = cursor_be16(&attributes); /* or how long it is */

		if (type == (ATTRIBUTE_SHORT | ATTRIBUTE_KEY_LENGTH))
			key_bits = value;
		if (!(type & ATTRIBUTE_SHORT))
			cursor_skip(&attributes, value);
	}
	return key_bits;
}

static void read_transform(struct cursor in, struct ikev2 *msg)
{
	struct ike_transform transform = { .type = cursor_u8(&in) };

	cursor_skip(&in, 1); /* reserved */
	transform.id = cursor_be16(&in);
	if (!cursor_ok(&in) || msg->transform_count == IKE_TRANSFORMS_MAX)
		return;
	transform.key_bits = read_key_bits(in);
	msg->transforms[msg->transform_count++] = transform;
}

static bool read_proposals(struct cursor proposals, struct ikev2 *msg)
{
	while (cursor_left(&proposals) > 0) {
		struct cursor proposal = take_substructure(&proposals);

		cursor_skip(&proposal, 2); /* number, protocol */
		uint8_t spi_len = cursor_u8(&proposal);

		cursor_skip(&proposal, 1); /* how many transforms */
		cursor_skip(&proposal, spi_len);
		while (cursor_left(&proposal) > 0)
			read_transform(take_substructure(&proposal), msg);
		if (!cursor_ok(&proposal))
			return false;
	}
	return cursor_ok(&proposals);
}

static bool read_notify(struct cursor in, struct ikev2 *msg)
{
	cursor_skip(&in, msg->major == VERSION_1 ? V1_DOI_LEN : 0);
	cursor_skip(&in, NOTIFY_PROTOCOL_AND_SPI_LEN);
	uint16_t type = cursor_be16(&in);

	if (cursor_ok(&in) && msg->notify_count < IKE_NOTIFIES_MAX)
		msg->notifies[msg->notify_count++] = type;
	return cursor_ok(&in);
}

static bool read_payload(uint8_t type, struct cursor body, struct ikev2 *msg)
{
	bool is_v1 = msg->major == VERSION_1;

	if (msg->payload_count < IKE_PAYLOADS_MAX)
		msg->payloads[msg->payload_count++] = type;
	if (type == (is_v1 ? IKE_V1_PAYLOAD_NOTIFY : IKE_PAYLOAD_NOTIFY))
		return read_notify(body, msg);
	if (type == (is_v1 ? IKE_V1_PAYLOAD_VENDOR_ID : IKE_PAYLOAD_VENDOR_ID)) {
		if (msg->vendor_id_count < IKE_VENDOR_IDS_MAX)
			msg->vendor_ids[msg->vendor_id_count++] = body.rest;
		return true;
	}
	return is_v1 || type != IKE_PAYLOAD_SA || read_proposals(body, msg);
}

/* Some mobile carriers' clients encrypt within a payload of their own, which must end the message.
 */
static bool ends_in_clear(const struct ikev2 *msg, uint8_t type, uint8_t next, size_t left)
{
	if (msg->major != VERSION_2)
		return false;
	if (type > IKE_PAYLOAD_FRAGMENT)
		return next != PAYLOAD_NONE && left == 0;
	return type == IKE_PAYLOAD_ENCRYPTED || type == IKE_PAYLOAD_FRAGMENT;
}

/* Each payload names the type of the next; behind an encrypted one that is what it begins with. */
static bool read_payloads(struct cursor in, uint8_t type, struct ikev2 *msg)
{
	while (type != PAYLOAD_NONE) {
		uint8_t next = cursor_u8(&in);

		cursor_skip(&in, 1); /* critical, reserved */
		uint16_t len = cursor_be16(&in);

		if (len < PAYLOAD_HEADER_LEN)
			return false;

		struct cursor body = cursor_sub(&in, (size_t)len - PAYLOAD_HEADER_LEN);

		if (!cursor_ok(&in) || !read_payload(type, body, msg))
			return false;
		if (ends_in_clear(msg, type, next, cursor_left(&in))) {
			msg->is_encrypted = true;
			return true;
		}
		type = next;
	}
	return true;
}

static bool is_zero(const uint8_t *spi)
{
	static const uint8_t zeroes[IKE_SPI_LEN];

	return memcmp(spi, zeroes, IKE_SPI_LEN) == 0;
}

enum dissect dissect_ikev2(struct cursor in, struct ikev2 *out)
{
	struct ikev2 msg = { 0 };

	cursor_copy(&in, msg.initiator_spi, sizeof(msg.initiator_spi));
	cursor_copy(&in, msg.responder_spi, sizeof(msg.responder_spi));
	uint8_t first_payload = cursor_u8(&in);

	msg.major = cursor_u8(&in) >> VERSION_SHIFT;
	msg.exchange = cursor_u8(&in);
	uint8_t flags = cursor_u8(&in);

	msg.message_id = cursor_be32(&in);
	uint32_t len = cursor_be32(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (!is_exchange(msg.major, msg.exchange) || is_zero(msg.initiator_spi) || len < HEADER_LEN)
		return DISSECT_OTHER;

	struct cursor body = cursor_sub(&in, len - HEADER_LEN);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (msg.major == VERSION_1) {
		msg.is_encrypted = (flags & FLAG_V1_ENCRYPTED) != 0;
	} else {
		msg.is_from_initiator = (flags & FLAG_INITIATOR) != 0;
		msg.is_response = (flags & FLAG_RESPONSE) != 0;
	}
	if (!msg.is_encrypted && !read_payloads(body, first_payload, &msg))
		return DISSECT_MALFORMED;

	*out = msg;
	return DISSECT_OK;
}

bool ikev2_skip_marker(struct cursor *in)
{
	struct cursor peek = *in;
	uint32_t marker = cursor_be32(&peek);

	if (!cursor_ok(&peek) || marker != 0)
		return false;
	*in = peek;
	return true;
}
