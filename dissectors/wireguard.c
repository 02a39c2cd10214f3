#include "dissectors/wireguard.h"

enum {
	INITIATION_KEYS_LEN = 32 + 48 + 28, /* ephemeral, static, timestamp */
	RESPONSE_KEYS_LEN = 32 + 16,        /* ephemeral, empty */
	COOKIE_BODY_LEN = 24 + 32,          /* nonce, cookie */
	MAC_LEN = 16,
	COUNTER_LEN = 8,
	TAG_LEN = 16,
};

static bool read_mac2(struct cursor *in)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < MAC_LEN; i++)
		sum |= cursor_u8(in);
	return sum != 0;
}

static void read_handshake(struct cursor *in, size_t keys_len, struct wireguard *msg)
{
	cursor_skip(in, keys_len);
	cursor_skip(in, MAC_LEN);
	msg->has_mac2 = read_mac2(in);
}

static void read_transport(struct cursor *in, struct wireguard *msg)
{
	msg->receiver = cursor_le32(in);
	cursor_skip(in, COUNTER_LEN);
	size_t left = cursor_left(in);

	cursor_skip(in, left < TAG_LEN ? TAG_LEN : left);
	msg->packet_len = cursor_ok(in) ? (uint32_t)(left - TAG_LEN) : 0;
}

static void read_body(struct cursor *in, struct wireguard *msg)
{
	switch (msg->type) {
	case WIREGUARD_INITIATION:
		msg->sender = cursor_le32(in);
		read_handshake(in, INITIATION_KEYS_LEN, msg);
		break;
	case WIREGUARD_RESPONSE:
		msg->sender = cursor_le32(in);
		msg->receiver = cursor_le32(in);
		read_handshake(in, RESPONSE_KEYS_LEN, msg);
		break;
	case WIREGUARD_COOKIE:
		msg->receiver = cursor_le32(in);
		cursor_skip(in, COOKIE_BODY_LEN);
		break;
	case WIREGUARD_TRANSPORT:
		read_transport(in, msg);
		break;
	}
}

enum dissect dissect_wireguard(struct cursor in, struct wireguard *out)
{
	struct wireguard msg = { 0 };
	uint32_t type = cursor_le32(&in); /* the reserved bytes are its upper three */

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (type < WIREGUARD_INITIATION || type > WIREGUARD_TRANSPORT)
		return DISSECT_OTHER;

	msg.type = (enum wireguard_message)type;
	read_body(&in, &msg);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (cursor_left(&in) > 0)
		return DISSECT_OTHER;

	*out = msg;
	return DISSECT_OK;
}
