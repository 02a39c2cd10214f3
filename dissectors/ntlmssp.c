#include "dissectors/ntlmssp.h"

static const uint8_t signature[] = { 'N', 'T', 'L', 'M', 'S', 'S', 'P', '\0' };

/* 2.2.2.1 */
enum target_info {
	TARGET_END = 0,
	TARGET_NETBIOS_COMPUTER = 1,
	TARGET_NETBIOS_DOMAIN = 2,
	TARGET_DNS_COMPUTER = 3,
	TARGET_DNS_DOMAIN = 4,
	TARGET_DNS_FOREST = 5,
	TARGET_TIMESTAMP = 7,
	TARGET_SERVICE = 9,
};

enum {
	FLAG_HAS_DOMAIN = 0x00001000,
	FLAG_HAS_WORKSTATION = 0x00002000,
	FLAG_HAS_TARGET_INFO = 0x00800000,
	VERSION_LEN = 8,
	V1_RESPONSE_LEN = 24,
};

/* A message: where its offsets count from, where it is read, and where its first payload is. */
struct message {
	struct cursor whole;
	struct cursor in;
	uint32_t payload_offset;
};

/* Length, room and offset (2.2): the bytes that they name. */
static struct span take_field(struct message *m)
{
	uint16_t len = cursor_le16(&m->in);

	cursor_skip(&m->in, 2);
	uint32_t offset = cursor_le32(&m->in);

	if (len == 0)
		return (struct span){ 0 };
	if (offset < m->payload_offset)
		m->payload_offset = offset;

	struct cursor at = cursor_at(m->whole, offset);
	struct span found = cursor_take(&at, len);

	if (!cursor_ok(&at))
		m->in = at;
	return found;
}

/* Whether `len` more bytes stand before the first payload: old senders leave fields out. */
static bool has_room(const struct message *m, size_t len)
{
	return cursor_offset(&m->in, &m->whole) + len <= m->payload_offset &&
	       cursor_left(&m->in) >= len;
}

static void read_version(struct message *m, struct ntlmssp *msg)
{
	if ((msg->flags & NTLMSSP_HAS_VERSION) == 0 || !has_room(m, VERSION_LEN))
		return;
	msg->has_version = true;
	msg->version_major = cursor_u8(&m->in);
	msg->version_minor = cursor_u8(&m->in);
	msg->version_build = cursor_le16(&m->in);
	cursor_skip(&m->in, 4);
}

/* Damage in here costs what stands behind it, no more: the names before it are good. */
static void read_target_info(struct cursor in, struct ntlmssp *msg)
{
	while (cursor_left(&in) > 0) {
		uint16_t id = cursor_le16(&in);
		struct cursor value = cursor_sub(&in, cursor_le16(&in));

		switch (id) {
		case TARGET_END:
			return;
		case TARGET_NETBIOS_COMPUTER:
			msg->netbios_computer = value.rest;
			break;
		case TARGET_NETBIOS_DOMAIN:
			msg->netbios_domain = value.rest;
			break;
		case TARGET_DNS_COMPUTER:
			msg->dns_computer = value.rest;
			break;
		case TARGET_DNS_DOMAIN:
			msg->dns_domain = value.rest;
			break;
		case TARGET_DNS_FOREST:
			msg->dns_forest = value.rest;
			break;
		case TARGET_TIMESTAMP:
			msg->timestamp = cursor_le64(&value);
			break;
		case TARGET_SERVICE:
			msg->service = value.rest;
			break;
		default: /* flags, restrictions, channel bindings */
			break;
		}
	}
}

/* Names are in the OEM code page, whatever the flags say (2.2.1.1). */
static void read_negotiate(struct message *m, struct ntlmssp *msg)
{
	enum { FIELDS_LEN = 8 + 8 };

	msg->flags = cursor_le32(&m->in);
	if (cursor_left(&m->in) < FIELDS_LEN)
		return;
	struct span domain = take_field(m);
	struct span workstation = take_field(m);

	if ((msg->flags & FLAG_HAS_DOMAIN) != 0)
		msg->domain = domain;
	if ((msg->flags & FLAG_HAS_WORKSTATION) != 0)
		msg->workstation = workstation;
	read_version(m, msg);
}

static void read_challenge(struct message *m, struct ntlmssp *msg)
{
	enum { RESERVED_LEN = 8, FIELD_LEN = 8 };

	msg->target_name = take_field(m);
	msg->flags = cursor_le32(&m->in);
	msg->is_unicode = (msg->flags & NTLMSSP_UNICODE) != 0;
	cursor_copy(&m->in, msg->server_challenge, sizeof(msg->server_challenge));
	if (!has_room(m, RESERVED_LEN + FIELD_LEN))
		return;
	cursor_skip(&m->in, RESERVED_LEN);
	struct span target_info = take_field(m);

	if ((msg->flags & FLAG_HAS_TARGET_INFO) != 0)
		read_target_info((struct cursor){ .rest = target_info }, msg);
	read_version(m, msg);
}

/* 2.2.2.8: behind the proof the client's challenge, which copies the server's target info. */
static void read_v2_response(struct span response, struct ntlmssp *msg)
{
	enum { TO_TARGET_INFO = 16 + 1 + 1 + 2 + 4 + 8 + 8 + 4 };
	struct ntlmssp info = { 0 };
	struct cursor whole = { .rest = response };

	read_target_info(cursor_at(whole, TO_TARGET_INFO), &info);
	msg->service = info.service;
}

/* An anonymous LM response is one zero byte. */
static enum ntlmssp_proof proof_of(const struct ntlmssp *msg)
{
	if (msg->nt_response_len > V1_RESPONSE_LEN)
		return NTLMSSP_PROOF_V2;
	if (msg->nt_response_len == 0 && msg->lm_response_len <= 1 && msg->user.len == 0)
		return NTLMSSP_PROOF_ANONYMOUS;
	return NTLMSSP_PROOF_V1;
}

/* Latin text in UTF-16 has a zero in every second byte. */
static bool looks_like_utf16(struct span text)
{
	return text.len >= 2 && text.len % 2 == 0 && text.data[1] == '\0';
}

static void read_authenticate(struct message *m, struct ntlmssp *msg)
{
	enum { SESSION_KEY_FIELD_LEN = 8, FLAGS_LEN = 4 };
	struct span lm_response = take_field(m);
	struct span nt_response = take_field(m);

	msg->domain = take_field(m);
	msg->user = take_field(m);
	msg->workstation = take_field(m);
	msg->lm_response_len = (uint16_t)lm_response.len;
	msg->nt_response_len = (uint16_t)nt_response.len;
	msg->proof = proof_of(msg);
	if (msg->proof == NTLMSSP_PROOF_V2)
		read_v2_response(nt_response, msg);

	if (!has_room(m, SESSION_KEY_FIELD_LEN + FLAGS_LEN)) {
		msg->is_unicode = looks_like_utf16(msg->user) || looks_like_utf16(msg->workstation);
		return;
	}
	(void)take_field(m); /* the session key */
	msg->flags = cursor_le32(&m->in);
	msg->is_unicode = (msg->flags & NTLMSSP_UNICODE) != 0;
	read_version(m, msg);
}

enum dissect dissect_ntlmssp(struct cursor message, struct ntlmssp *out)
{
	struct ntlmssp msg = { 0 };
	struct message m = { .whole = message, .in = message, .payload_offset = UINT32_MAX };
	struct span start = cursor_take_up_to(&m.in, sizeof(signature));

	if (start.len > 0 && memcmp(start.data, signature, start.len) != 0)
		return DISSECT_OTHER;

	uint32_t type = cursor_le32(&m.in);

	if (start.len < sizeof(signature) || !cursor_ok(&m.in))
		return DISSECT_TRUNCATED;
	switch (type) {
	case NTLMSSP_NEGOTIATE:
		read_negotiate(&m, &msg);
		break;
	case NTLMSSP_CHALLENGE:
		read_challenge(&m, &msg);
		break;
	case NTLMSSP_AUTHENTICATE:
		read_authenticate(&m, &msg);
		break;
	default:
		return DISSECT_MALFORMED;
	}
	if (!cursor_ok(&m.in))
		return DISSECT_TRUNCATED;

	msg.type = (enum ntlmssp_type)type;
	*out = msg;
	return DISSECT_OK;
}
