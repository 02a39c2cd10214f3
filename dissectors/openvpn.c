#include "dissectors/openvpn.h"

enum {
	OPCODE_SHIFT = 3,
	KEY_ID_MASK = 0x07,
	DATA_V2_PEER_LEN = 3,
	NET_TIME_LEN = 4,
	ACKS_MAX = 8,
	PACKET_ID_MAX = 0xffff, /* they count from 0 in each session; resends keep theirs */
	REPLAY_COUNT_MAX = 0xfffff,
	REPLAY_FLAG_MASK = 0x00ffffff, /* 2.6 says what it can do by a first id of 0x0f000001 */
	CRYPT_TAG_LEN = 32,
	RELIABLE_LEN_MIN = 5, /* no acks, a packet id */
	ACK_LEN_MIN = 13,     /* one ack, its session */
	WRAPPED_KEY_MIN = 2 + CRYPT_TAG_LEN,
};

/* SHA-1 is what OpenVPN takes unless told otherwise. */
static const uint8_t hmac_lens[] = { 20, 32, 64, 16, 28, 48 };

static bool is_zero(const uint8_t *session_id)
{
	static const uint8_t zeroes[OPENVPN_SESSION_LEN];

	return memcmp(session_id, zeroes, OPENVPN_SESSION_LEN) == 0;
}

static bool is_reset(enum openvpn_opcode opcode)
{
	return opcode == OPENVPN_RESET_CLIENT_V1 || opcode == OPENVPN_RESET_SERVER_V1 ||
	       opcode == OPENVPN_RESET_CLIENT_V2 || opcode == OPENVPN_RESET_SERVER_V2 ||
	       opcode == OPENVPN_RESET_CLIENT_V3;
}

static bool is_client_opcode(enum openvpn_opcode opcode)
{
	return opcode == OPENVPN_RESET_CLIENT_V1 || opcode == OPENVPN_RESET_CLIENT_V2 ||
	       opcode == OPENVPN_RESET_CLIENT_V3;
}

/* Acks, and the session they are for. False where there are more than a packet can have. */
static bool read_acks(struct cursor *in, struct openvpn *packet)
{
	packet->ack_count = cursor_u8(in);
	if (packet->ack_count > ACKS_MAX)
		return false;
	for (unsigned i = 0; i < packet->ack_count; i++)
		if (cursor_be32(in) > PACKET_ID_MAX)
			return false;
	if (packet->ack_count == 0)
		return cursor_ok(in);
	cursor_copy(in, packet->remote_session_id, OPENVPN_SESSION_LEN);
	return cursor_ok(in) && !is_zero(packet->remote_session_id);
}

/* Everything behind the protection; whether it all fits together. */
static bool read_reliable(struct cursor in, struct openvpn *packet)
{
	if (!read_acks(&in, packet))
		return false;
	if (packet->opcode == OPENVPN_ACK)
		return packet->ack_count > 0 && cursor_left(&in) == 0;

	packet->packet_id = cursor_be32(&in);
	packet->payload = in.rest;
	if (!cursor_ok(&in) || packet->packet_id > PACKET_ID_MAX)
		return false;
	if (is_client_opcode(packet->opcode) && packet->ack_count > 0)
		return false;
	if (is_reset(packet->opcode))
		return packet->packet_id == 0 && packet->payload.len == 0;
	return true;
}

/* The counter against replays, and when it began. */
static bool read_replay(struct cursor *in)
{
	uint32_t id = cursor_be32(in);

	cursor_skip(in, NET_TIME_LEN);
	id &= REPLAY_FLAG_MASK;
	return cursor_ok(in) && id > 0 && id <= REPLAY_COUNT_MAX;
}

static bool read_tls_auth(struct cursor in, uint8_t hmac_len, struct openvpn *packet)
{
	packet->protection = OPENVPN_TLS_AUTH;
	packet->hmac_len = hmac_len;
	cursor_skip(&in, hmac_len);
	return read_replay(&in) && read_reliable(in, packet);
}

/* tls-crypt-v2: the client's key, wrapped, ends with its own length. */
static bool is_wrapped_key(struct cursor in)
{
	size_t len = cursor_left(&in);

	if (len < WRAPPED_KEY_MIN)
		return false;
	cursor_skip(&in, len - sizeof(uint16_t));
	return cursor_be16(&in) == len;
}

static bool read_tls_crypt(struct cursor in, struct openvpn *packet)
{
	packet->protection = OPENVPN_TLS_CRYPT;
	bool fits = read_replay(&in);

	cursor_skip(&in, CRYPT_TAG_LEN);
	if (!fits || !cursor_ok(&in))
		return false;
	if (packet->opcode == OPENVPN_RESET_CLIENT_V3) {
		cursor_skip(&in, RELIABLE_LEN_MIN);
		return is_wrapped_key(in);
	}
	if (is_client_opcode(packet->opcode))
		return cursor_left(&in) == RELIABLE_LEN_MIN;
	if (packet->opcode == OPENVPN_ACK)
		return cursor_left(&in) >= ACK_LEN_MIN &&
		       (cursor_left(&in) - ACK_LEN_MIN) % sizeof(uint32_t) == 0;
	return cursor_left(&in) >= RELIABLE_LEN_MIN;
}

/* The first layout that fits. */
static bool read_control(struct cursor in, struct openvpn *packet)
{
	const struct openvpn head = *packet;

	if (read_reliable(in, packet))
		return true;
	for (size_t i = 0; i < sizeof(hmac_lens); i++) {
		*packet = head;
		if (read_tls_auth(in, hmac_lens[i], packet))
			return true;
	}
	*packet = head;
	return read_tls_crypt(in, packet);
}

static bool is_data(enum openvpn_opcode opcode)
{
	return opcode == OPENVPN_DATA_V1 || opcode == OPENVPN_DATA_V2;
}

/* Opcode and key id, for which a reset leaves no choice. */
static enum dissect read_head(struct cursor *in, struct openvpn *packet)
{
	uint8_t first = cursor_u8(in);
	uint8_t opcode = first >> OPCODE_SHIFT;

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (opcode < OPENVPN_RESET_CLIENT_V1 || opcode > OPENVPN_CONTROL_WKC)
		return DISSECT_OTHER;
	packet->opcode = (enum openvpn_opcode)opcode;
	packet->key_id = first & KEY_ID_MASK;
	return is_reset(packet->opcode) && packet->key_id != 0 ? DISSECT_OTHER : DISSECT_OK;
}

enum dissect dissect_openvpn(struct cursor in, struct openvpn *out)
{
	struct cursor whole = in;
	struct openvpn packet = { .consumed = cursor_left(&whole) };
	enum dissect got = read_head(&in, &packet);

	if (got != DISSECT_OK)
		return got;
	if (is_data(packet.opcode)) {
		cursor_skip(&in, packet.opcode == OPENVPN_DATA_V2 ? DATA_V2_PEER_LEN : 0);
	} else {
		cursor_copy(&in, packet.session_id, sizeof(packet.session_id));
		if (cursor_ok(&in) && is_zero(packet.session_id))
			return DISSECT_OTHER;
	}
	if (!cursor_ok(&in) || cursor_left(&in) == 0)
		return DISSECT_TRUNCATED;
	if (!is_data(packet.opcode) && !read_control(in, &packet))
		return cursor_left(&in) < RELIABLE_LEN_MIN ? DISSECT_TRUNCATED : DISSECT_OTHER;

	*out = packet;
	return DISSECT_OK;
}

enum dissect dissect_openvpn_stream(struct cursor stream, struct openvpn *out)
{
	struct cursor whole = stream;
	uint16_t len = cursor_be16(&stream);
	struct cursor peek = stream;
	struct openvpn head;

	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	enum dissect got = len == 0 ? DISSECT_OTHER : read_head(&peek, &head);

	if (got != DISSECT_OK)
		return got;

	struct cursor packet = cursor_sub(&stream, len);

	if (!cursor_ok(&stream))
		return DISSECT_TRUNCATED;
	got = dissect_openvpn(packet, out);
	if (got == DISSECT_OK)
		out->consumed = cursor_offset(&stream, &whole);
	return got == DISSECT_TRUNCATED ? DISSECT_OTHER : got;
}

bool openvpn_is_client_reset(const struct openvpn *packet)
{
	return is_client_opcode(packet->opcode);
}

bool openvpn_answers(const struct openvpn *server, const struct openvpn *client)
{
	enum openvpn_opcode wanted = client->opcode == OPENVPN_RESET_CLIENT_V1
					     ? OPENVPN_RESET_SERVER_V1
					     : OPENVPN_RESET_SERVER_V2;

	if (!openvpn_is_client_reset(client) || server->opcode != wanted)
		return false;
	if (server->protection != client->protection)
		return false;
	if (server->protection == OPENVPN_TLS_CRYPT)
		return true;
	return server->ack_count > 0 &&
	       memcmp(server->remote_session_id, client->session_id, OPENVPN_SESSION_LEN) == 0;
}
