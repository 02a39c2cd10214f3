/*
 * Read-only cursor over packet bytes: the only code here that does offset arithmetic.
 *
 * A read past the end returns zero, empties the cursor and sets `failed` for good, so a
 * dissector reads straight through and asks cursor_ok() once before it trusts a value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes borrowed from the packet: not NUL-terminated, valid until the next packet. */
struct span {
	const uint8_t *data;
	size_t len;
};

struct cursor {
	struct span rest;
	bool failed;
};

static inline struct cursor cursor_over(const void *data, size_t len)
{
	return (struct cursor){ .rest = { .data = data, .len = len } };
}

static inline bool cursor_ok(const struct cursor *c)
{
	return !c->failed;
}

static inline size_t cursor_left(const struct cursor *c)
{
	return c->rest.len;
}

/* The next `len` bytes; on a short read an empty span, and the cursor fails. */
static inline struct span cursor_take(struct cursor *c, size_t len)
{
	if (len > c->rest.len) {
		*c = (struct cursor){ .failed = true };
		return (struct span){ 0 };
	}

	struct span taken = { .data = c->rest.data, .len = len };

	if (len > 0) {
		c->rest.data += len;
		c->rest.len -= len;
	}
	return taken;
}

/* A child that cannot see past `len` bytes; failed when the parent is short. */
static inline struct cursor cursor_sub(struct cursor *c, size_t len)
{
	struct span inner = cursor_take(c, len);

	return (struct cursor){ .rest = inner, .failed = c->failed };
}

/* The next `len` bytes, or all there are when fewer: for what a capture may cut. Never fails. */
static inline struct span cursor_take_up_to(struct cursor *c, size_t len)
{
	struct span taken = c->rest;

	if (len < taken.len)
		taken.len = len;
	if (taken.len > 0) {
		c->rest.data += taken.len;
		c->rest.len -= taken.len;
	}
	return taken;
}

/* The bytes before the next `end`, which is eaten too; without one as on a short read. */
static inline struct span cursor_take_until(struct cursor *c, uint8_t end)
{
	const uint8_t *found = c->rest.len > 0 ? memchr(c->rest.data, end, c->rest.len) : NULL;

	if (!found)
		return cursor_take(c, SIZE_MAX);

	struct span before = cursor_take(c, (size_t)(found - c->rest.data));

	(void)cursor_take(c, 1);
	return before;
}

static inline void cursor_skip(struct cursor *c, size_t len)
{
	(void)cursor_take(c, len);
}

/* Copies the next `len` bytes; on a short read `to` stays as it was, and the cursor fails. */
static inline void cursor_copy(struct cursor *c, uint8_t *to, size_t len)
{
	struct span bytes = cursor_take(c, len);

	if (bytes.len > 0)
		memcpy(to, bytes.data, bytes.len);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	struct span b = cursor_take(c, 1);

	return b.len == 1 ? b.data[0] : (uint8_t)0;
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	struct span b = cursor_take(c, 2);

	if (b.len != 2)
		return 0;
	return (uint16_t)(b.data[0] << 8 | b.data[1]);
}

static inline uint32_t cursor_be24(struct cursor *c)
{
	struct span b = cursor_take(c, 3);

	if (b.len != 3)
		return 0;
	return (uint32_t)b.data[0] << 16 | (uint32_t)b.data[1] << 8 | b.data[2];
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	struct span b = cursor_take(c, 4);

	if (b.len != 4)
		return 0;
	return (uint32_t)b.data[0] << 24 | (uint32_t)b.data[1] << 16 | (uint32_t)b.data[2] << 8 |
	       b.data[3];
}

static inline uint16_t cursor_le16(struct cursor *c)
{
	struct span b = cursor_take(c, 2);

	if (b.len != 2)
		return 0;
	return (uint16_t)(b.data[1] << 8 | b.data[0]);
}

static inline uint32_t cursor_le32(struct cursor *c)
{
	struct span b = cursor_take(c, 4);

	if (b.len != 4)
		return 0;
	return (uint32_t)b.data[3] << 24 | (uint32_t)b.data[2] << 16 | (uint32_t)b.data[1] << 8 |
	       b.data[0];
}

static inline uint64_t cursor_le64(struct cursor *c)
{
	struct cursor b = cursor_sub(c, 8);
	uint64_t low = cursor_le32(&b);

	return (uint64_t)cursor_le32(&b) << 32 | low;
}

/* A cursor `offset` bytes into what `whole` still holds; failed when that is past its end. */
static inline struct cursor cursor_at(struct cursor whole, size_t offset)
{
	cursor_skip(&whole, offset);
	return whole;
}

/* How far `c`, which began as a copy of `whole`, has moved from it. */
static inline size_t cursor_offset(const struct cursor *c, const struct cursor *whole)
{
	return whole->rest.len - c->rest.len;
}

/* Without the spaces, tabs and carriage returns at both ends; all blank becomes empty. */
static inline struct span span_trim(struct span s)
{
	static const char blanks[] = { ' ', '\t', '\r' };

	while (s.len > 0 && memchr(blanks, s.data[s.len - 1], sizeof(blanks)))
		s.len--;
	while (s.len > 0 && memchr(blanks, s.data[0], sizeof(blanks))) {
		s.data++;
		s.len--;
	}
	return s;
}
