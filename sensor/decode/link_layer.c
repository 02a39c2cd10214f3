#include "sensor/decode/link_layer.h"

#include "sensor/decode/wire_header.h"

#include <string.h>

enum {
	TAGS_MAX = 4,

	/* EtherTypes; below the first it is a length (IEEE 802.3 3.2.6). */
	ETHERTYPE_FIRST = 0x0600,
	ETHERTYPE_SERVICE_TAG = 0x88a8,
	ETHERTYPE_OLD_SERVICE_TAG = 0x9100,
	ETHERTYPE_PPPOE_SESSION = 0x8864,

	LLC_SNAP = 0xaaaa03, /* both service access points, unnumbered information */

	PPPOE_VERSION_TYPE_CODE = 0x1100,
	PPP_ADDRESS = 0xff,
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,

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
	return type == NETWORK_IPV4 || type == NETWORK_IPV6 || type == NETWORK_ARP;
}

static enum decode_result read_llc(struct cursor in, struct link_layer *out)
{
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
	if (organisation != 0 || !is_network(type))
		return DECODE_OTHER_PROTOCOL;
	return carry((enum network_protocol)type, in, out);
}

/* RFC 1661 6.5: a protocol number may come in one byte, which is then odd. */
static enum decode_result read_ppp(struct cursor in, struct link_layer *out)
{
	uint16_t protocol = cursor_u8(&in);

	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(&in));
	if (!cursor_ok(&in))
		return DECODE_TRUNCATED_LINK;
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

static bool is_tag(uint16_t type)
{
	return type == ETHERTYPE_TAG || type == ETHERTYPE_SERVICE_TAG ||
	       type == ETHERTYPE_OLD_SERVICE_TAG;
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

	if (is_network(type))
		return carry((enum network_protocol)type, in, out);
	if (type == ETHERTYPE_PPPOE_SESSION)
		return read_pppoe(in, out);
	if (type < ETHERTYPE_FIRST)
		return read_llc(in, out);
	return DECODE_OTHER_PROTOCOL;
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

static enum decode_result read_framed_ppp(struct cursor in, struct link_layer *out)
{
	struct cursor behind = in;

	/* Address and control may be left out: RFC 1661 6.6. No protocol begins with that byte. */
	if (cursor_u8(&behind) != PPP_ADDRESS)
		return read_ppp(in, out);
	cursor_skip(&behind, 1); /* control */
	return read_ppp(behind, out);
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
		return read_ethernet(in, out);

	out->source = (struct mac){ 0 };
	out->destination = (struct mac){ 0 };
	return read_link(frame->link_type, in, out);
}
