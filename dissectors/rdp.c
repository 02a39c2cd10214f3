#include "dissectors/rdp.h"

#include "dissectors/der.h"

enum {
	TPKT_VERSION = 3,
	TPKT_HEADER_LEN = 4,
	TPKT_MIN = 7,
};

/* ISO 8073 13.3 to 13.7; the lower half of requests and confirms is credit, zero here. */
enum x224 {
	X224_DATA = 0xf0,
	X224_CONNECTION_CONFIRM = 0xd0,
	X224_CONNECTION_REQUEST = 0xe0,
};

enum {
	NEGOTIATION_REQUEST = 1,
	NEGOTIATION_RESPONSE = 2,
	NEGOTIATION_FAILURE = 3,
	NEGOTIATION_LEN = 8,
};

static const char user_cookie[] = "Cookie: mstshash=";
static const char routing_cookie[] = "Cookie: msts=";

static bool is_start(struct cursor *line, const char *text)
{
	struct cursor ahead = *line;
	struct span start = cursor_take_up_to(&ahead, strlen(text));

	if (start.len != strlen(text) || memcmp(start.data, text, start.len) != 0)
		return false;
	*line = ahead;
	return true;
}

/* A line of its own before the negotiation (2.2.1.1); not there when no CR LF is. */
static void read_cookie(struct cursor *in, struct rdp *msg)
{
	struct cursor ahead = *in;
	struct span line = cursor_take_until(&ahead, '\n');

	if (!cursor_ok(&ahead) || line.len == 0 || line.data[line.len - 1] != '\r')
		return;
	line.len--;
	*in = ahead;

	struct cursor text = { .rest = line };

	if (is_start(&text, user_cookie))
		msg->cookie = text.rest;
	else if (is_start(&text, routing_cookie))
		msg->routing_token = text.rest;
	else
		msg->routing_token = line;
}

/* Type, flags, length, and what is asked, chosen or wrong: 2.2.1.1.1, 2.2.1.2.1, 2.2.1.2.2. */
static bool read_negotiation(struct cursor in, struct rdp *msg)
{
	uint8_t type = cursor_u8(&in);

	cursor_skip(&in, 1);
	uint16_t len = cursor_le16(&in);
	uint32_t value = cursor_le32(&in);

	if (!cursor_ok(&in) || len != NEGOTIATION_LEN)
		return false;
	msg->has_negotiation = true;
	if (msg->kind == RDP_CONNECTION_CONFIRM && type == NEGOTIATION_FAILURE) {
		msg->failure_code = value;
		return true;
	}
	msg->protocols = value;
	return type ==
	       (msg->kind == RDP_CONNECTION_REQUEST ? NEGOTIATION_REQUEST : NEGOTIATION_RESPONSE);
}

/*
 * Behind two references and a class. Other protocols put X.224 parameters here (from 0xc0 on);
 * an old client or server puts nothing, and some fill the packet up behind a cookie.
 */
static enum dissect read_connection(struct cursor in, struct rdp *msg)
{
	enum { TO_USER_DATA = 2 + 2 + 1 };

	cursor_skip(&in, TO_USER_DATA);
	if (!cursor_ok(&in))
		return DISSECT_OTHER;
	if (msg->kind == RDP_CONNECTION_REQUEST)
		read_cookie(&in, msg);
	if (cursor_left(&in) == 0 || read_negotiation(in, msg))
		return DISSECT_OK;
	if (msg->cookie.data || msg->routing_token.data) {
		msg->has_negotiation = false;
		msg->protocols = 0;
		return DISSECT_OK;
	}
	return DISSECT_OTHER;
}

/* TS_UD_CS_CORE (2.2.1.3.2). */
static bool read_core(struct cursor in, struct rdp *msg)
{
	enum { DEPTH_AND_SAS_LEN = 2 + 2, NAME_LEN = 32 };

	msg->version = cursor_le32(&in);
	msg->desktop_width = cursor_le16(&in);
	msg->desktop_height = cursor_le16(&in);
	cursor_skip(&in, DEPTH_AND_SAS_LEN);
	msg->keyboard_layout = cursor_le32(&in);
	msg->client_build = cursor_le32(&in);
	struct cursor name = cursor_sub(&in, NAME_LEN);
	struct cursor text = name;

	while (cursor_left(&text) > 0 && cursor_le16(&text) != 0)
		msg->client_name.len += sizeof(uint16_t);
	msg->client_name = cursor_take(&name, msg->client_name.len);
	return cursor_ok(&in);
}

/* TS_UD_CS_NET (2.2.1.3.4): names of eight bytes, shorter ones end in zeroes. */
static void read_channels(struct cursor in, struct rdp *msg)
{
	enum { NAME_LEN = 8, OPTIONS_LEN = 4 };
	uint32_t count = cursor_le32(&in);

	while (count-- > 0 && msg->channel_count < RDP_CHANNELS_MAX) {
		struct span name = cursor_take(&in, NAME_LEN);

		cursor_skip(&in, OPTIONS_LEN);
		if (!cursor_ok(&in))
			return;
		while (name.len > 0 && name.data[name.len - 1] == '\0')
			name.len--;
		msg->channels[msg->channel_count++] = name;
	}
}

/* A length in PER: one byte, or 15 bits behind a one (X.691 10.9). */
static void skip_per_length(struct cursor *in)
{
	if (cursor_u8(in) >= 0x80)
		cursor_skip(in, 1);
}

/* Damage behind the core's block takes nothing from what was read. */
static bool read_blocks(struct cursor in, struct rdp *msg)
{
	enum { BLOCK_HEADER_LEN = 4, BLOCK_CORE = 0xc001, BLOCK_NETWORK = 0xc003 };
	bool has_core = false;

	while (cursor_left(&in) > 0) {
		uint16_t type = cursor_le16(&in);
		uint16_t len = cursor_le16(&in);

		if (!cursor_ok(&in) || len < BLOCK_HEADER_LEN)
			return has_core;

		struct cursor block = cursor_sub(&in, len - (size_t)BLOCK_HEADER_LEN);

		if (!cursor_ok(&in))
			return has_core;
		if (type == BLOCK_CORE && !has_core && !read_core(block, msg))
			return false;
		has_core |= type == BLOCK_CORE;
		if (type == BLOCK_NETWORK && msg->channel_count == 0)
			read_channels(block, msg);
	}
	return has_core;
}

/*
 * The conference that RDP pretends to create (T.124): bytes that are always the same but for two
 * lengths, then blocks of settings behind "Duca".
 */
static bool read_conference(struct cursor in, struct rdp *msg)
{
	enum { OBJECT_LEN = 7, REQUEST_LEN = 8, KEY_LEN = 4 };

	cursor_skip(&in, OBJECT_LEN);
	skip_per_length(&in);
	cursor_skip(&in, REQUEST_LEN);
	struct span key = cursor_take(&in, KEY_LEN);

	skip_per_length(&in);
	if (key.len != KEY_LEN || memcmp(key.data, "Duca", KEY_LEN) != 0)
		return false;
	return read_blocks(in, msg);
}

/* Behind the data header: MCS connect initial (T.125 7), an application tag above 30. */
static enum dissect read_settings(struct cursor in, struct rdp *msg)
{
	enum { END_OF_TRANSMISSION = 0x80, TAG_HIGH = 0x7f, TAG_CONNECT_INITIAL = 0x65 };
	uint8_t end = cursor_u8(&in);
	uint8_t high = cursor_u8(&in);
	uint8_t low = cursor_u8(&in);

	if (end != END_OF_TRANSMISSION || high != TAG_HIGH || low != TAG_CONNECT_INITIAL)
		return DISSECT_OTHER;

	struct cursor initial = cursor_sub(&in, der_length(&in));

	der_skip(&initial); /* the calling domain */
	der_skip(&initial); /* the called domain */
	der_skip(&initial); /* upwards */
	der_skip(&initial); /* target, minimum and maximum parameters */
	der_skip(&initial);
	der_skip(&initial);
	struct cursor user_data = der_enter(&initial, DER_OCTET_STRING);

	if (!cursor_ok(&initial) || !read_conference(user_data, msg))
		return DISSECT_MALFORMED;
	return DISSECT_OK;
}

static enum dissect read_packet(struct cursor packet, struct rdp *msg)
{
	uint8_t header_len = cursor_u8(&packet);
	uint8_t code = cursor_u8(&packet);

	switch (code) {
	case X224_CONNECTION_REQUEST:
		msg->kind = RDP_CONNECTION_REQUEST;
		break;
	case X224_CONNECTION_CONFIRM:
		msg->kind = RDP_CONNECTION_CONFIRM;
		break;
	case X224_DATA:
		msg->kind = RDP_CLIENT_SETTINGS;
		return header_len == 2 ? read_settings(packet, msg) : DISSECT_OTHER;
	default:
		return DISSECT_OTHER;
	}
	return read_connection(packet, msg);
}

/* Another protocol shows as far as the stream goes: asked of every new one. */
static bool is_possible(struct cursor in)
{
	uint8_t version = cursor_u8(&in);
	uint8_t reserved = cursor_u8(&in);

	if (cursor_ok(&in) && reserved != 0)
		return false;
	return version == TPKT_VERSION;
}

enum dissect dissect_rdp(struct cursor *stream, struct rdp *out)
{
	struct rdp msg = { 0 };
	struct cursor in = *stream;

	if (cursor_left(&in) > 0 && !is_possible(in))
		return DISSECT_OTHER;
	cursor_skip(&in, 2);
	uint16_t len = cursor_be16(&in);

	if (cursor_ok(&in) && len < TPKT_MIN)
		return DISSECT_OTHER;

	struct cursor packet = cursor_sub(&in, (size_t)len - TPKT_HEADER_LEN);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	enum dissect got = read_packet(packet, &msg);

	if (got != DISSECT_OK)
		return got;
	*stream = in;
	*out = msg;
	return DISSECT_OK;
}
