/* Capture files made in memory, and packed, for the tests of this folder. */
#pragma once

#define ZLIB_CONST /* zlib then takes its input through a const pointer */

#include "dissectors/cursor.h"
#include "tests/support/cmocka.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { CAPTURE_BYTES_MAX = 4096 };

#define PCAP_MAGIC           UINT32_C(0xa1b2c3d4)
#define PCAP_MAGIC_NANO      UINT32_C(0xa1b23c4d)
#define PCAP_MAGIC_KUZNETZOV UINT32_C(0xa1b2cd34)

struct capture_bytes {
	bool is_little;
	size_t len;
	uint8_t data[CAPTURE_BYTES_MAX];
};

static inline void put_u8(struct capture_bytes *b, unsigned value)
{
	assert_true(b->len < sizeof(b->data));
	b->data[b->len++] = (uint8_t)value;
}

static inline void put_u16(struct capture_bytes *b, unsigned value)
{
	put_u8(b, b->is_little ? value & 0xff : value >> 8);
	put_u8(b, b->is_little ? value >> 8 : value & 0xff);
}

static inline void put_u32(struct capture_bytes *b, uint32_t value)
{
	put_u16(b, b->is_little ? value & 0xffff : value >> 16);
	put_u16(b, b->is_little ? value >> 16 : value & 0xffff);
}

static inline void put_u64(struct capture_bytes *b, uint64_t value)
{
	put_u32(b, (uint32_t)(b->is_little ? value : value >> 32));
	put_u32(b, (uint32_t)(b->is_little ? value >> 32 : value));
}

/* `count` bytes that all tell the packet's number. */
static inline void put_fill(struct capture_bytes *b, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++)
		put_u8(b, number);
}

/* Writes over the u32 at `at`. */
static inline void set_u32(struct capture_bytes *b, size_t at, uint32_t value)
{
	size_t len = b->len;

	b->len = at;
	put_u32(b, value);
	b->len = len;
}

static inline void put_pcap_header(struct capture_bytes *b, uint32_t magic, uint32_t link_type)
{
	put_u32(b, magic);
	put_u16(b, 2); /* version 2.4 */
	put_u16(b, 4);
	put_u64(b, 0); /* time zone, accuracy */
	put_u32(b, 65535);
	put_u32(b, link_type);
}

static inline void put_pcap_packet(struct capture_bytes *b, uint32_t seconds, uint32_t fraction,
				   uint32_t len, unsigned number)
{
	put_u32(b, seconds);
	put_u32(b, fraction);
	put_u32(b, len);
	put_u32(b, len);
	put_fill(b, len, number);
}

/* Answers where the block stands, for end_block(). */
static inline size_t begin_block(struct capture_bytes *b, uint32_t type)
{
	size_t at = b->len;

	put_u32(b, type);
	put_u32(b, 0);
	return at;
}

static inline void end_block(struct capture_bytes *b, size_t at)
{
	while ((b->len - at) % 4 != 0)
		put_u8(b, 0);

	uint32_t len = (uint32_t)(b->len - at + 4);

	put_u32(b, len);
	set_u32(b, at + 4, len);
}

static inline void put_section(struct capture_bytes *b)
{
	size_t at = begin_block(b, 0x0a0d0d0a);

	put_u32(b, 0x1a2b3c4d);
	put_u16(b, 1); /* version 1.0 */
	put_u16(b, 0);
	put_u64(b, UINT64_MAX); /* section of unknown length */
	end_block(b, at);
}

/* `tsresol` as in if_tsresol; 0 leaves it out. */
static inline void put_interface(struct capture_bytes *b, unsigned link_type, uint32_t snap_len,
				 unsigned tsresol)
{
	size_t at = begin_block(b, 1);

	put_u16(b, link_type);
	put_u16(b, 0);
	put_u32(b, snap_len);
	if (tsresol != 0) {
		put_u16(b, 9);
		put_u16(b, 1);
		put_u8(b, tsresol);
		put_fill(b, 3, 0);
		put_u32(b, 0); /* end of options */
	}
	end_block(b, at);
}

static inline void put_enhanced(struct capture_bytes *b, uint32_t interface, uint64_t ticks,
				uint32_t len, unsigned number)
{
	size_t at = begin_block(b, 6);

	put_u32(b, interface);
	put_u32(b, (uint32_t)(ticks >> 32));
	put_u32(b, (uint32_t)ticks);
	put_u32(b, len);
	put_u32(b, len);
	put_fill(b, len, number);
	end_block(b, at);
}

static inline void put_simple(struct capture_bytes *b, uint32_t wire_len, size_t len,
			      unsigned number)
{
	size_t at = begin_block(b, 3);

	put_u32(b, wire_len);
	put_fill(b, len, number);
	end_block(b, at);
}

/* An option of a block, padded. */
static inline void put_option(struct capture_bytes *b, unsigned code, const void *value,
			      unsigned len)
{
	const uint8_t *bytes = value;

	put_u16(b, code);
	put_u16(b, len);
	for (unsigned i = 0; i < len; i++)
		put_u8(b, bytes[i]);
	while (b->len % 4 != 0)
		put_u8(b, 0);
}

/* Each answers how many bytes stand in `out`, which must hold them. */
static inline size_t pack_gzip(const void *data, size_t len, void *out, size_t cap)
{
	z_stream z = {
		.next_in = data, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)cap
	};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&z), Z_OK);
	return cap - z.avail_out;
}

static inline size_t pack_zstd(const void *data, size_t len, void *out, size_t cap)
{
	size_t packed = 0;
	ZSTD_CCtx *zstd = ZSTD_createCCtx();

	assert_non_null(zstd);
	(void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	packed = ZSTD_compress2(zstd, out, cap, data, len);
	assert_false(ZSTD_isError(packed));
	(void)ZSTD_freeCCtx(zstd);
	return packed;
}

/* With a window of 16 MiB, in two steps: else the frame narrows it to what it holds. */
static inline size_t pack_zstd_wide(const void *data, size_t len, void *out, size_t cap)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	ZSTD_inBuffer in = { .src = data, .size = len };
	ZSTD_outBuffer packed = { .dst = out, .size = cap };

	assert_non_null(zstd);
	(void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, 24);
	(void)ZSTD_compressStream2(zstd, &packed, &in, ZSTD_e_flush);
	assert_int_equal(ZSTD_compressStream2(zstd, &packed, &in, ZSTD_e_end), 0);
	(void)ZSTD_freeCCtx(zstd);
	return packed.pos;
}
