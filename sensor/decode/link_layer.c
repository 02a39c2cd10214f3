#include "sensor/decode/link_layer.h"

#include "sensor/decode/ethertype.h"
#include "sensor/decode/wire_header.h"

#include <string.h>

enum {
	TAGS_MAX = 4,
	LABELS_MAX = 8,
	INNER_FRAMES_MAX = 2,

	FABRICPATH_TAG_LEN = 2, /* forwarding tag, time to live */
	BACKBONE_TAG_LEN = 4,   /* flags, service: 802.1Q 9.7 */

	LLC_SNAP = 0xaaaa03, /* both service access points, unnumbered information */
	CISCO = 0x00000c,

	PPPOE_VERSION_TYPE_CODE = 0x1100,
	PPP_ADDRESS = 0xff,
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_MPLS = 0x0281,

	MPLS_BOTTOM = 0x100, /* RFC 3032 2.1, the S bit */
	CONTROL_WORD_LEN = 4,
	CONTROL_WORD = 0, /* the nibble that begins one: RFC 4385 3 */
	CONTROL_CHANNEL = 1,

	FAMILY_IPV4 = 2, /* of every system */

	/* Hardware types whose cooked header has something else than an EtherType (linktypes.html).
	 */
	HARDWARE_FRAD = 770,
	HARDWARE_RADIOTAP = 803,
	HARDWARE_NETLINK = 824,
	COOKED_LLC = 0x0004,
	COOKED_ADDRESS_LEN = 8,
};

static enum decode_result carry(enum network_protocol protocol, struct cursor payload,
				struct link_layer *out)
{
	out->protocol = protocol;
	out->payload = payload.rest;
	return DECODE_OK;
}

static bool is_network(uint16_t type)
{
	return type == NETWORK_IPV4 || type == NETWORK_IPV6 || type == NETWORK_ARP ||
	       type == NETWORK_LLDP;
}

static bool is_tag(uint16_t type)
{
	return type == ETHERTYPE_TAG || type == ETHERTYPE_SERVICE_TAG ||
	       type == ETHERTYPE_OLD_SERVICE_TAG;
}

bool link_layer_is_frame(struct span bytes)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct span header;

	if (!header_take(&in, ETHERNET_HEADER_LEN, &header))
		return false;
	/* Spanning tree and the like have a length there, which must be true. */
	if (ethernet_type(header) < ETHERTYPE_FIRST)
		return ethernet_type(header) > 0 && ethernet_type(header) <= cursor_left(&in);
	return ethertype_is_known(ethernet_type(header));
}

static enum decode_result read_llc(struct cursor in, struct link_layer *out)
{
	struct cursor whole = in;
	uint32_t saps_and_control = (uint32_t)cursor_be16(&in) << 8;

	saps_and_control |= cursor_u8(&in);
	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	if (saps_and_control != LLC_SNAP)
		return DECODE_OTHER_PROTOCOL;

	uint32_t organisation = (uint32_t)cursor_be16(&in) << 8;

	organisation |= cursor_u8(&in);

	uint16_t type = cursor_be16(&in);

	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	if (organisation == CISCO && type == NETWORK_CDP)
		return carry(NETWORK_CDP, whole, out);
	if (organisation != 0 || !is_network(type))
		return DECODE_OTHER_PROTOCOL;
	return carry((enum network_protocol)type, in, out);
}

/*
 * What is behind the labels says its first nibble (RFC 4928 3), for no field does. A pseudo-wire
 * may have a control word or none; where both could be, as an address may begin with that nibble
 * too, the type behind them tells.
 */
static enum decode_result read_unlabelled(struct cursor in, struct link_layer *out)
{
	struct cursor peek = in;
	struct cursor behind_word = cursor_at(in, CONTROL_WORD_LEN);
	uint8_t nibble = cursor_u8(&peek) >> 4;

	if (!cursor_ok(&peek))
		return DECODE_TRUNCATED_LINK;
	if (nibble == 4 || nibble == 6)
		return carry(nibble == 4 ? NETWORK_IPV4 : NETWORK_IPV6, in, out);
	if (nibble == CONTROL_CHANNEL)
		return DECODE_OTHER_PROTOCOL;
	if (cursor_left(&in) < CONTROL_WORD_LEN + ETHERNET_HEADER_LEN)
		return DECODE_TRUNCATED_LINK;
	if (nibble == CONTROL_WORD && link_layer_is_frame(behind_word.rest))
		return carry(NETWORK_FRAME, behind_word, out);
	if (link_layer_is_frame(in.rest))
		return carry(NETWORK_FRAME, in, out);
	return DECODE_OTHER_PROTOCOL;
}

static enum decode_result read_mpls(struct cursor in, struct link_layer *out)
{
	for (unsigned labels = 0; labels < LABELS_MAX; labels++) {
		uint32_t entry = cursor_be32(&in);

		if (!cursor_ok(&in))
			return DECODE_TRUNCATED_LINK;
		if ((entry & MPLS_BOTTOM) != 0)
			return read_unlabelled(in, out);
	}
	return DECODE_TOO_DEEP;
}

/* RFC 1661 6.5: a protocol number may come in one byte, which is then odd. */
static enum decode_result read_ppp(struct cursor in, struct link_layer *out)
{
	uint16_t protocol = cursor_u8(&in);

	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(&in));
	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	if (protocol == PPP_MPLS)
		return read_mpls(in, out);
	if (protocol != PPP_IPV4 && protocol != PPP_IPV6)
		return DECODE_OTHER_PROTOCOL;
	return carry(protocol == PPP_IPV4 ? NETWORK_IPV4 : NETWORK_IPV6, in, out);
}

static enum decode_result read_pppoe(struct cursor in, struct link_layer *out)
{
	uint16_t version_type_code = cursor_be16(&in);

	cursor_skip(&in, 4); /* session, length */
	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	if (version_type_code != PPPOE_VERSION_TYPE_CODE)
		return DECODE_OTHER_PROTOCOL;
	return read_ppp(in, out);
}

static enum decode_result read_framed_ppp(struct cursor in, struct link_layer *out)
{
	struct cursor behind = in;

	/* Address and control may be left out: RFC 1661 6.6. No protocol begins with that byte. */
	if (cursor_u8(&behind) != PPP_ADDRESS)
		return read_ppp(in, out);
	cursor_skip(&behind, 1); /* control */
	return read_ppp(behind, out);
}

static enum decode_result read_frame_behind(size_t tag_len, struct cursor in,
					    struct link_layer *out)
{
	cursor_skip(&in, tag_len);
	return cursor_ok(&in) ? carry(NETWORK_FRAME, in, out) : DECODE_TRUNCATED_LINK;
}

/* Version, a length in words of four bytes, as many options; then the type of what follows. */
static bool skip_metadata(struct cursor *in, uint16_t *type)
{
	enum { VERSION_LEN = 1, WORD_LEN = 4 };

	cursor_skip(in, VERSION_LEN);
	cursor_skip(in, (size_t)cursor_u8(in) * WORD_LEN);
	*type = cursor_be16(in);
	return cursor_ok(in);
}

/* From behind an EtherType or length on, which is `type`. */
static enum decode_result read_typed(uint16_t type, struct cursor in, struct link_layer *out)
{
	for (unsigned tags = 0; is_tag(type); tags++) {
		if (tags == TAGS_MAX)
			return DECODE_TOO_DEEP;

		struct span tag;

		if (!header_take(&in, TAG_LEN, &tag))
			return DECODE_TRUNCATED_LINK;
		type = tag_type(tag);
		if (out->vlan == 0)
			out->vlan = tag_control(tag) & TAG_ID_MASK;
	}

	if (type == ETHERTYPE_METADATA && !skip_metadata(&in, &type))
		return DECODE_TRUNCATED_LINK;
	if (is_network(type) || type == NETWORK_FRAME)
		return carry((enum network_protocol)type, in, out);
	if (type < ETHERTYPE_FIRST)
		return read_llc(in, out);
	switch (type) {
	case ETHERTYPE_PPPOE_SESSION:
		return read_pppoe(in, out);
	case ETHERTYPE_PPP:
		return read_framed_ppp(in, out);
	case ETHERTYPE_FABRICPATH:
		return read_frame_behind(FABRICPATH_TAG_LEN, in, out);
	case ETHERTYPE_BACKBONE:
		return read_frame_behind(BACKBONE_TAG_LEN, in, out);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_UPSTREAM:
		return read_mpls(in, out);
	default:
		return DECODE_OTHER_PROTOCOL;
	}
}

static enum decode_result read_ethernet(struct cursor in, struct link_layer *out)
{
	struct span header;

	if (!header_take(&in, ETHERNET_HEADER_LEN, &header))
		return DECODE_TRUNCATED_LINK;
	memcpy(out->destination.bytes, ethernet_destination(header).data, MAC_LEN);
	memcpy(out->source.bytes, ethernet_source(header).data, MAC_LEN);
	return read_typed(ethernet_type(header), in, out);
}

/* A frame in what was read so far, whose addresses and tag are then those that count. */
static enum decode_result read_inner_frames(enum decode_result result, struct link_layer *out)
{
	for (unsigned i = 0; result == DECODE_OK && out->protocol == NETWORK_FRAME; i++) {
		if (i == INNER_FRAMES_MAX)
			return DECODE_TOO_DEEP;
		out->vlan = 0;
		result = read_ethernet(cursor_over(out->payload.data, out->payload.len), out);
	}
	return result;
}

enum decode_result link_layer_read_content(uint16_t type, struct span bytes,
					   struct link_layer *link)
{
	enum decode_result result = read_typed(type, cursor_over(bytes.data, bytes.len), link);

	return read_inner_frames(result, link);
}

struct cooked {
	uint16_t hardware;
	uint16_t address_len;
	struct span address;
	uint16_t type;
};

static enum decode_result read_cooked(const struct cooked *header, struct cursor in,
				      struct link_layer *out)
{
	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	if (header->address_len == MAC_LEN)
		memcpy(out->source.bytes, header->address.data, MAC_LEN);
	if (header->hardware == HARDWARE_FRAD || header->hardware == HARDWARE_RADIOTAP ||
	    header->hardware == HARDWARE_NETLINK)
		return DECODE_OTHER_PROTOCOL;
	if (header->type < ETHERTYPE_FIRST && header->type != COOKED_LLC)
		return DECODE_OTHER_PROTOCOL;
	return read_typed(header->type, in, out);
}

static enum decode_result read_sll(struct cursor in, struct link_layer *out)
{
	struct cooked header;

	cursor_skip(&in, 2); /* packet type */
	header.hardware = cursor_be16(&in);
	header.address_len = cursor_be16(&in);
	header.address = cursor_take(&in, COOKED_ADDRESS_LEN);
	header.type = cursor_be16(&in);
	return read_cooked(&header, in, out);
}

static enum decode_result read_sll2(struct cursor in, struct link_layer *out)
{
	struct cooked header;

	header.type = cursor_be16(&in);
	cursor_skip(&in, 6); /* reserved, interface */
	header.hardware = cursor_be16(&in);
	cursor_skip(&in, 1); /* packet type */
	header.address_len = cursor_u8(&in);
	header.address = cursor_take(&in, COOKED_ADDRESS_LEN);
	return read_cooked(&header, in, out);
}

static bool is_ipv6_family(uint32_t family)
{
	/* Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
	return family == 10 || family == 24 || family == 28 || family == 30;
}

static enum decode_result read_loopback(struct cursor in, struct link_layer *out)
{
	uint32_t family = cursor_be32(&in);

	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
	/* Families are small numbers: a large one was written by a machine of the other order. */
	if (family > UINT16_MAX)
		family = __builtin_bswap32(family);
	if (family != FAMILY_IPV4 && !is_ipv6_family(family))
		return DECODE_OTHER_PROTOCOL;
	return carry(family == FAMILY_IPV4 ? NETWORK_IPV4 : NETWORK_IPV6, in, out);
}

static enum decode_result read_raw(struct cursor in, struct link_layer *out)
{
	struct cursor peek = in;
	uint8_t version = cursor_u8(&peek) >> 4;

	if (!cursor_ok(&peek))
		return DECODE_TRUNCATED_NETWORK;
	if (version != 4 && version != 6)
		return DECODE_BAD_NETWORK;
	return carry(version == 4 ? NETWORK_IPV4 : NETWORK_IPV6, in, out);
}

static enum decode_result read_link(uint32_t link_type, struct cursor in, struct link_layer *out)
{
	switch (link_type) {
	case LINK_NULL:
	case LINK_LOOP:
		return read_loopback(in, out);
	case LINK_PPP:
		return read_framed_ppp(in, out);
	case LINK_RAW:
		return read_raw(in, out);
	case LINK_LINUX_SLL:
		return read_sll(in, out);
	case LINK_LINUX_SLL2:
		return read_sll2(in, out);
	case LINK_IPV4:
		return carry(NETWORK_IPV4, in, out);
	case LINK_IPV6:
		return carry(NETWORK_IPV6, in, out);
	default:
		return DECODE_UNKNOWN_LINK;
	}
}

enum decode_result link_layer_read(const struct frame *frame, struct link_layer *out)
{
	struct cursor in = cursor_over(frame->bytes.data, frame->bytes.len);

	out->vlan = 0;
	if (frame->link_type == LINK_ETHERNET)
		return read_inner_frames(read_ethernet(in, out), out);

	out->source = (struct mac){ 0 };
	out->destination = (struct mac){ 0 };
	return read_inner_frames(read_link(frame->link_type, in, out), out);
}
