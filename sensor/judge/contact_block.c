#include "sensor/judge/contact_block.h"

#include "sensor/base/kept_table.h"
#include "sensor/detect/statistics.h"
#include "sensor/inventory/devices.h"

#include <string.h>

/* A block begins with its layout and the sum of all behind it. */
enum { LAYOUT = 1, HEAD = 9, SEVEN_BITS = 0x7f, MORE = 0x80, BITS_MOST = 63 };

void contact_join(struct contact *into, const struct contact *more)
{
	into->first = more->first < into->first ? more->first : into->first;
	into->last = more->last > into->last ? more->last : into->last;
	/* One contact by another name, or by none, is enough to doubt it. */
	into->flags = (uint8_t)((into->flags | more->flags) & ~CONTACT_KNOWN_NAME) |
		      (into->flags & more->flags & CONTACT_KNOWN_NAME);
	into->flows += more->flows;
	into->lookups += more->lookups;
	into->bytes_up += more->bytes_up;
	into->bytes_down += more->bytes_down;
}

int contact_compare(const struct contact *a, const struct contact *b)
{
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == CONTACT_NAME)
		return strcmp(a->name, b->name);
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return memcmp(a->address.bytes, b->address.bytes, ADDRESS_LEN);
}

static void put_sum(uint8_t *bytes, size_t len)
{
	uint64_t sum = distinct_hash(bytes + HEAD, len - HEAD);

	for (unsigned i = 0; i < sizeof(sum); i++)
		bytes[1 + i] = (uint8_t)(sum >> 8 * i);
}

void contact_block_begin(struct contact_block *block)
{
	block->first = UINT64_MAX;
	block->last = 0;
	block->rows = 0;
	block->len = HEAD;
	block->bytes[0] = LAYOUT;
}

static size_t put_number(uint8_t *to, uint64_t n)
{
	size_t len = 0;

	while (n > SEVEN_BITS) {
		to[len++] = (uint8_t)(n | MORE);
		n >>= 7;
	}
	to[len++] = (uint8_t)n;
	return len;
}

/* An address of IPv4 by its last four bytes. */
static size_t put_item(uint8_t *to, const struct contact *c)
{
	bool is_v4 = address_is_v4(&c->address);
	size_t len = 0;
	size_t item;

	if (c->kind == CONTACT_NAME) {
		item = strnlen(c->name, sizeof(c->name) - 1);
		memcpy(to, c->name, item);
		return item;
	}
	len = put_number(to, c->port);
	item = is_v4 ? 4 : ADDRESS_LEN;
	memcpy(to + len, c->address.bytes + ADDRESS_LEN - item, item);
	return len + item;
}

static size_t put_row(uint8_t *to, const struct contact *c)
{
	nanotime first = c->first / NANOTIME_SECOND;
	const uint64_t numbers[] = { c->device,   c->kind * (unsigned)CONTACT_FLAGS + c->flags,
				     first,       c->last / NANOTIME_SECOND - first,
				     c->flows,    c->lookups,
				     c->bytes_up, c->bytes_down };
	size_t len = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		len += put_number(to + len, numbers[i]);
	return len + put_item(to + len, c);
}

bool contact_block_add(struct contact_block *block, const struct contact *contact)
{
	size_t row;

	if (block->len + CONTACT_ROW_MOST > sizeof(block->bytes))
		return false;
	row = put_row(block->bytes + block->len + 1, contact);
	block->bytes[block->len] = (uint8_t)row;
	block->len += row + 1;
	block->rows++;
	block->first = contact->first < block->first ? contact->first : block->first;
	block->last = contact->last > block->last ? contact->last : block->last;
	return true;
}

struct span contact_block_end(struct contact_block *block)
{
	put_sum(block->bytes, block->len);
	return (struct span){ block->bytes, block->len };
}

bool contact_rows_open(struct contact_rows *rows, struct span bytes)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	uint8_t layout = cursor_u8(&in);
	uint64_t sum = cursor_le64(&in);

	*rows = (struct contact_rows){ .in = in };
	if (cursor_ok(&in) && layout == LAYOUT &&
	    sum == distinct_hash(bytes.data + HEAD, bytes.len - HEAD))
		return true;
	rows->in = cursor_over(bytes.data, 0);
	return false;
}

/* At most 63 bits, so that sums of a month cannot run over. */
static uint64_t read_number(struct cursor *in)
{
	uint64_t n = 0;

	for (unsigned shift = 0; shift < BITS_MOST; shift += 7) {
		uint8_t byte = cursor_u8(in);

		n |= (uint64_t)(byte & SEVEN_BITS) << shift;
		if ((byte & MORE) == 0)
			return n;
	}
	in->failed = true;
	return 0;
}

static bool read_name(struct cursor *in, struct contact *c)
{
	size_t len = cursor_left(in);

	if (len == 0 || len >= sizeof(c->name))
		return false;
	cursor_copy(in, (uint8_t *)c->name, len);
	return strlen(c->name) == len && kept_is_text(c->name, sizeof(c->name));
}

static bool read_address(struct cursor *in, struct contact *c)
{
	uint64_t port = read_number(in);
	size_t len = cursor_left(in);

	if (port > UINT16_MAX || (len != 4 && len != ADDRESS_LEN))
		return false;
	c->port = (uint16_t)port;
	if (len == 4) {
		uint8_t v4[4];

		cursor_copy(in, v4, sizeof(v4));
		c->address = address_v4(v4);
	} else {
		cursor_copy(in, c->address.bytes, ADDRESS_LEN);
	}
	return !address_is_unspecified(&c->address);
}

static bool read_row(struct cursor in, struct contact *c)
{
	const nanotime seconds_most = UINT64_MAX / NANOTIME_SECOND / 2;
	uint64_t device = read_number(&in);
	uint64_t what = read_number(&in);
	uint64_t first = read_number(&in);
	uint64_t lasts = read_number(&in);

	memset(c, 0, sizeof(*c));
	c->flows = read_number(&in);
	c->lookups = read_number(&in);
	c->bytes_up = read_number(&in);
	c->bytes_down = read_number(&in);
	if (!cursor_ok(&in) || device == 0 || device > DEVICE_NUMBER_MOST ||
	    what >= (uint64_t)CONTACT_KINDS * CONTACT_FLAGS || first > seconds_most ||
	    lasts > seconds_most)
		return false;
	c->device = (uint32_t)device;
	c->kind = (uint8_t)(what / CONTACT_FLAGS);
	c->flags = (uint8_t)(what % CONTACT_FLAGS);
	c->first = first * NANOTIME_SECOND;
	c->last = (first + lasts) * NANOTIME_SECOND;
	return c->kind == CONTACT_NAME ? read_name(&in, c) : read_address(&in, c);
}

bool contact_rows_next(struct contact_rows *rows, struct contact *out)
{
	while (cursor_left(&rows->in) > 0) {
		uint8_t len = cursor_u8(&rows->in);
		struct cursor row = cursor_sub(&rows->in, len);

		if (cursor_ok(&rows->in) && read_row(row, out))
			return true;
		rows->unsound++;
	}
	return false;
}
