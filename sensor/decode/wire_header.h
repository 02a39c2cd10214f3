/*
 * The fixed part of the headers that nearly every packet has, off the wire: Ethernet (RFC 894), the
 * tag (802.1Q), IPv4 (RFC 791), IPv6 (RFC 8200), TCP (RFC 9293), UDP (RFC 768).
 *
 * What stands here is the layout alone; whether a value may be believed is the caller's to ask. A
 * header is a span of at least its fixed length, which the caller has asked for once with
 * header_take(); each field is then one load, with no check left, where it is wanted. Numbers are
 * in host order. Spans borrow from the cursor.
 */
#pragma once

#include "dissectors/cursor.h"
#include "sensor/base/address.h"

#include <endian.h>

enum {
	ETHERNET_HEADER_LEN = 14,
	TAG_LEN = 4,
	IPV4_HEADER_LEN = 20,
	IPV6_HEADER_LEN = 40,
	TCP_HEADER_LEN = 20,
	UDP_HEADER_LEN = 8,

	ETHERTYPE_TAG = 0x8100,
	TAG_ID_MASK = 0x0fff,

	FRAGMENT_MORE = 0x2000, /* IPv4's flags and offset, in units of 8 bytes */
	FRAGMENT_OFFSET = 0x1fff,
};

/* The next `len` bytes as a header; false, and the cursor has failed, when they are not there. */
static inline bool header_take(struct cursor *in, size_t len, struct span *out)
{
	*out = cursor_take(in, len);
	return out->len == len;
}

static inline struct cursor header_at(struct span header, size_t offset)
{
	return cursor_at(cursor_over(header.data, header.len), offset);
}

static inline struct span header_span(struct span header, size_t offset, size_t len)
{
	struct cursor in = header_at(header, offset);

	return cursor_take(&in, len);
}

static inline uint8_t header_u8(struct span header, size_t offset)
{
	struct cursor in = header_at(header, offset);

	return cursor_u8(&in);
}

static inline uint16_t header_be16(struct span header, size_t offset)
{
	struct cursor in = header_at(header, offset);

	return cursor_be16(&in);
}

static inline uint32_t header_be32(struct span header, size_t offset)
{
	struct cursor in = header_at(header, offset);

	return cursor_be32(&in);
}

/* A field of a header: its name, how it is read, where it stands. */
#define HEADER_FIELD(type, name, read, offset)        \
	static inline type name(struct span header)   \
	{                                             \
		return header_##read(header, offset); \
	}

HEADER_FIELD(uint16_t, ethernet_type, be16, 12) /* or length, IEEE 802.3 3.2.6 */

HEADER_FIELD(uint16_t, tag_control, be16, 0)
HEADER_FIELD(uint16_t, tag_type, be16, 2) /* of what follows */

HEADER_FIELD(uint8_t, ipv4_version_and_len, u8, 0) /* the length in words of 4 bytes */
HEADER_FIELD(uint16_t, ipv4_len, be16, 2)
HEADER_FIELD(uint32_t, ipv4_id_and_fragment, be32, 4) /* the id above flags and offset */
HEADER_FIELD(uint8_t, ipv4_ttl, u8, 8)
HEADER_FIELD(uint8_t, ipv4_protocol, u8, 9)
HEADER_FIELD(uint32_t, ipv4_source, be32, 12)
HEADER_FIELD(uint32_t, ipv4_destination, be32, 16)

HEADER_FIELD(uint8_t, ipv6_version_and_class, u8, 0)
HEADER_FIELD(uint16_t, ipv6_payload_len, be16, 4)
HEADER_FIELD(uint8_t, ipv6_next, u8, 6)
HEADER_FIELD(uint8_t, ipv6_hop_limit, u8, 7)

HEADER_FIELD(uint16_t, tcp_source_port, be16, 0)
HEADER_FIELD(uint16_t, tcp_destination_port, be16, 2)
HEADER_FIELD(uint32_t, tcp_sequence, be32, 4)
HEADER_FIELD(uint32_t, tcp_acknowledged, be32, 8)
HEADER_FIELD(uint8_t, tcp_data_offset, u8, 12) /* words of 4 bytes, in the upper half */
HEADER_FIELD(uint8_t, tcp_flags, u8, 13)
HEADER_FIELD(uint16_t, tcp_window, be16, 14)
HEADER_FIELD(uint16_t, tcp_checksum, be16, 16)

HEADER_FIELD(uint16_t, udp_source_port, be16, 0)
HEADER_FIELD(uint16_t, udp_destination_port, be16, 2)
HEADER_FIELD(uint16_t, udp_len, be16, 4)
HEADER_FIELD(uint16_t, udp_checksum, be16, 6)

#undef HEADER_FIELD

static inline struct span ethernet_destination(struct span header)
{
	return header_span(header, 0, MAC_LEN);
}

static inline struct span ethernet_source(struct span header)
{
	return header_span(header, MAC_LEN, MAC_LEN);
}

static inline struct span ipv6_source(struct span header)
{
	return header_span(header, 8, ADDRESS_LEN);
}

static inline struct span ipv6_destination(struct span header)
{
	return header_span(header, 8 + ADDRESS_LEN, ADDRESS_LEN);
}

/* With the options. */
static inline uint32_t tcp_header_len(struct span header)
{
	return (tcp_data_offset(header) >> 4) * 4U;
}

/* What address_v4() gives, in line and by words: three stores instead of sixteen bytes. */
static inline void address_set_v4(struct address *out, uint32_t host_order)
{
	const uint64_t zeros = 0;
	const uint32_t mapped = htobe32(0xffff);
	const uint32_t bytes = htobe32(host_order);

	memcpy(out->bytes, &zeros, sizeof(zeros));
	memcpy(out->bytes + 8, &mapped, sizeof(mapped));
	memcpy(out->bytes + 12, &bytes, sizeof(bytes));
}

/*
 * struct packet's identity. `id_and_fragment` is the id (its low half in IPv6, 0 without a fragment
 * header) above the 16 bits of flags and offset; `checksum` the transport's, where there is one.
 */
static inline uint64_t packet_identity(uint32_t id_and_fragment, uint16_t checksum, uint32_t ip_len)
{
	return (uint64_t)id_and_fragment << 32 | (uint32_t)checksum << 16 | (ip_len & UINT16_MAX);
}
