#include "dissectors/quic.h"

#include "dissectors/quic_varint.h"

enum {
	LONG_HEADER = 0x80,
	FIXED_BIT = 0x40,
	TYPE_SHIFT = 4,
	TYPE_MASK = 3,
	VERSION_LEN = 4,
	INTEGRITY_LEN = 16,
	SAMPLED_LEN = 20, /* RFC 9001 5.4.2: what header protection needs to be there */
};

static const uint32_t grease_mask = 0x0f0f0f0f;
static const uint32_t grease_value = 0x0a0a0a0a;

struct version_row {
	uint32_t first;
	uint32_t last;
	enum quic_family family;
	const char *name;
};

static const struct version_row rows[] = {
	{ QUIC_V1, QUIC_V1, QUIC_FAMILY_V1, "v1" },
	{ QUIC_V2, QUIC_V2, QUIC_FAMILY_V2, "v2" },
	{ 0xff000021, 0xff000022, QUIC_FAMILY_V1, "draft-33" },
	{ 0xff00001d, 0xff000020, QUIC_FAMILY_DRAFT_29, "draft-29" },
	{ 0xff000017, 0xff00001c, QUIC_FAMILY_DRAFT_23, "draft-23" },
	{ 0xff000001, 0xff000016, QUIC_FAMILY_OPAQUE, "draft" },
	{ 0xfaceb002, 0xfaceb002, QUIC_FAMILY_DRAFT_23, "mvfst-27" },
	{ 0xfaceb000, 0xfaceb00f, QUIC_FAMILY_OPAQUE, "mvfst" },
	{ 0x51303436, 0x51303436, QUIC_FAMILY_OPAQUE, "Q046" },
	{ 0x51303530, 0x51303530, QUIC_FAMILY_OPAQUE, "Q050" },
	{ 0x54303530, 0x54303530, QUIC_FAMILY_OPAQUE, "T050" },
	{ 0x54303531, 0x54303531, QUIC_FAMILY_OPAQUE, "T051" },
};

static const struct version_row grease_row = { .family = QUIC_FAMILY_GREASE, .name = "grease" };

static const struct version_row *row_of(uint32_t version)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (version >= rows[i].first && version <= rows[i].last)
			return &rows[i];
	return (version & grease_mask) == grease_value ? &grease_row : NULL;
}

const char *quic_version_name(uint32_t version)
{
	const struct version_row *row = row_of(version);

	if (version == QUIC_NEGOTIATION)
		return "negotiation";
	return row ? row->name : "unknown";
}

static enum quic_type type_of(uint8_t first, enum quic_family family)
{
	/* RFC 9369 3.2 moves each type on by one, so that nobody builds on the numbers. */
	static const enum quic_type of_v1[] = { QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE,
						QUIC_RETRY };
	static const enum quic_type of_v2[] = { QUIC_RETRY, QUIC_INITIAL, QUIC_ZERO_RTT,
						QUIC_HANDSHAKE };
	unsigned bits = first >> TYPE_SHIFT & TYPE_MASK;

	return family == QUIC_FAMILY_V2 ? of_v2[bits] : of_v1[bits];
}

/* Whether a version that we know is among them: else any packet with four zeros would do. */
static bool has_known_version(struct span versions)
{
	struct cursor list = { .rest = versions };

	while (cursor_left(&list) > 0)
		if (row_of(cursor_be32(&list)))
			return true;
	return false;
}

static enum dissect read_negotiation(struct cursor *in, struct quic_packet *packet)
{
	packet->dcid = cursor_take(in, cursor_u8(in));
	packet->scid = cursor_take(in, cursor_u8(in));
	packet->type = QUIC_VERSION_NEGOTIATION;
	packet->family = QUIC_FAMILY_OPAQUE;
	packet->versions = cursor_take_up_to(in, SIZE_MAX);
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (packet->versions.len % VERSION_LEN != 0 || !has_known_version(packet->versions))
		return DISSECT_OTHER;
	return DISSECT_OK;
}

/* It has no length of its own: what is left of the datagram is the packet. */
static enum dissect read_opaque(struct cursor *in, struct quic_packet *packet)
{
	packet->type = QUIC_OPAQUE;
	packet->sealed = cursor_take_up_to(in, SIZE_MAX);
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect read_retry(struct cursor *in, struct quic_packet *packet)
{
	if (cursor_left(in) < INTEGRITY_LEN)
		return DISSECT_TRUNCATED;
	packet->token = cursor_take(in, cursor_left(in) - INTEGRITY_LEN);
	packet->integrity = cursor_take(in, INTEGRITY_LEN);
	return packet->token.len > 0 ? DISSECT_OK : DISSECT_MALFORMED;
}

/* `header` stands behind the first byte, `in` behind the two IDs. */
static enum dissect read_protected(struct cursor header, struct cursor *in,
				   struct quic_packet *packet)
{
	struct cursor whole = header;

	if (packet->type == QUIC_INITIAL)
		packet->token = quic_take_counted(in);

	uint64_t len = quic_varint(in);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (len < SAMPLED_LEN)
		return DISSECT_MALFORMED;
	packet->before_number = cursor_take(&header, cursor_offset(in, &whole));
	packet->sealed = cursor_take(in, len < SIZE_MAX ? (size_t)len : SIZE_MAX);
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect read_by_family(struct cursor *in, struct quic_packet *packet)
{
	struct cursor header = *in;

	cursor_skip(in, VERSION_LEN);
	if (packet->version == QUIC_NEGOTIATION)
		return read_negotiation(in, packet);
	if (packet->family == QUIC_FAMILY_OPAQUE)
		return read_opaque(in, packet);

	uint8_t dcid_len = cursor_u8(in);

	packet->dcid = cursor_take(in, dcid_len);
	uint8_t scid_len = cursor_u8(in);

	packet->scid = cursor_take(in, scid_len);
	if (dcid_len > QUIC_ID_MAX || scid_len > QUIC_ID_MAX)
		return DISSECT_MALFORMED;
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (packet->type == QUIC_RETRY)
		return read_retry(in, packet);
	return read_protected(header, in, packet);
}

enum dissect dissect_quic(struct cursor *datagram, struct quic_packet *out)
{
	struct quic_packet packet = { 0 };
	struct cursor in = *datagram;

	packet.first_byte = cursor_u8(&in);
	if (cursor_ok(&in) && (packet.first_byte & LONG_HEADER) == 0)
		return DISSECT_OTHER;

	struct cursor peek = in;

	packet.version = cursor_be32(&peek);
	if (!cursor_ok(&peek))
		return DISSECT_TRUNCATED;
	if (packet.version != QUIC_NEGOTIATION) {
		const struct version_row *row = row_of(packet.version);

		if (!row || (packet.first_byte & FIXED_BIT) == 0)
			return DISSECT_OTHER;
		packet.family = row->family;
		packet.type = type_of(packet.first_byte, packet.family);
	}

	enum dissect got = read_by_family(&in, &packet);

	if (got != DISSECT_OK)
		return got;
	*datagram = in;
	*out = packet;
	return DISSECT_OK;
}
