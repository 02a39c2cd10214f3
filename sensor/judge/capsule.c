#include "sensor/judge/capsule.h"

#include "sensor/fact/fact.h"

#include <stdio.h>
#include <string.h>

enum { MAGIC_LEN = sizeof(CAPSULE_MAGIC) - 1, TAG_LEN = 4, PART_HEAD_LEN = TAG_LEN + 4 };

static const char tags[CAPSULE_PARTS][TAG_LEN + 1] = {
	[CAPSULE_HEAD] = "HEAD",    [CAPSULE_PROGRAM] = "PROG", [CAPSULE_IDENTITY] = "IDEN",
	[CAPSULE_OPTIONS] = "OPTS", [CAPSULE_RULES] = "RULE",   [CAPSULE_DATA] = "DATA",
	[CAPSULE_LISTED] = "LIST",  [CAPSULE_FACT] = "FACT",    [CAPSULE_FINISHED] = "LAST",
	[CAPSULE_ROWS] = "ROWS",    [CAPSULE_VERDICT] = "VERD", [CAPSULE_PACKETS] = "PCAP",
	[CAPSULE_DIGEST] = "SHA2",
};

uint32_t capsule_layout(void)
{
	static const uint16_t order = 1;
	uint8_t low;

	memcpy(&low, &order, sizeof(low));
	return (uint32_t)sizeof(struct fact) << 9 | (uint32_t)FACT_KINDS << 1 | (low & 1U);
}

void capsule_write(struct capsule_writer *w, const void *bytes, size_t len)
{
	if (len > w->room - w->len)
		w->is_full = true;
	if (w->is_full || len == 0)
		return;
	memcpy(w->bytes + w->len, bytes, len);
	w->len += len;
}

void capsule_write_text(struct capsule_writer *w, const char *text)
{
	capsule_write(w, text, strlen(text));
}

static void write_number(struct capsule_writer *w, uint64_t number, size_t bytes)
{
	uint8_t digits[sizeof(number)];

	for (size_t i = 0; i < bytes; i++)
		digits[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
	capsule_write(w, digits, bytes);
}

/* The length of the part that ends here goes to its head. */
static void end_part(struct capsule_writer *w)
{
	size_t len = w->len - w->part_at;
	struct capsule_writer head = { .bytes = w->bytes + w->part_at - 4, .room = 4 };

	if (w->part_at > 0 && !w->is_full)
		write_number(&head, len, 4);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written to, through the writer */
void capsule_write_begin(struct capsule_writer *w, uint8_t *bytes, size_t room)
{
	*w = (struct capsule_writer){ .bytes = bytes, .room = room };
	capsule_write_text(w, CAPSULE_MAGIC);
}

void capsule_write_part(struct capsule_writer *w, enum capsule_part part)
{
	end_part(w);
	capsule_write(w, tags[part], TAG_LEN);
	write_number(w, 0, 4);
	w->part_at = w->len;
}

void capsule_write_head(struct capsule_writer *w, const struct capsule_head *head)
{
	capsule_write_part(w, CAPSULE_HEAD);
	write_number(w, head->number, 8);
	capsule_write(w, head->previous, sizeof(head->previous));
	write_number(w, (uint64_t)head->when, 8);
	write_number(w, head->layout, 4);
	write_number(w, head->revision, 4);
	write_number(w, head->not_noted, 8);
	write_number(w, head->not_made, 8);
}

/* Lengths, then what they are of; `used` says the order only, which is that of the rows. */
void capsule_write_row(struct capsule_writer *w, const struct kept_row *row)
{
	size_t name_len = strlen(row->table);

	write_number(w, name_len, 1);
	write_number(w, row->key.len, 1);
	write_number(w, row->layout, 4);
	write_number(w, row->value.len, 4);
	capsule_write(w, row->table, name_len);
	capsule_write(w, row->key.data, row->key.len);
	capsule_write(w, row->value.data, row->value.len);
}

bool capsule_write_end(struct capsule_writer *w, uint8_t out[static SHA256_LEN])
{
	end_part(w);
	w->part_at = 0;
	digest_sha256(w->bytes, w->len, out);
	capsule_write(w, tags[CAPSULE_DIGEST], TAG_LEN);
	write_number(w, SHA256_LEN, 4);
	capsule_write(w, out, SHA256_LEN);
	return !w->is_full;
}

static uint64_t read_number(struct cursor *in, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | cursor_u8(in);
	return number;
}

static bool read_head(struct span bytes, struct capsule_head *out)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);

	out->number = read_number(&in, 8);
	cursor_copy(&in, out->previous, sizeof(out->previous));
	out->when = (nanotime)read_number(&in, 8);
	out->layout = (uint32_t)read_number(&in, 4);
	out->revision = (uint32_t)read_number(&in, 4);
	out->not_noted = read_number(&in, 8);
	out->not_made = read_number(&in, 8);
	return cursor_ok(&in) && cursor_left(&in) == 0;
}

static bool read_part(struct cursor *in, enum capsule_part part, struct span *out)
{
	struct span tag = cursor_take(in, TAG_LEN);

	if (!cursor_ok(in) || memcmp(tag.data, tags[part], TAG_LEN) != 0)
		return false;
	*out = cursor_take(in, cursor_be32(in));
	return cursor_ok(in);
}

/* Before anything else is believed. */
static bool has_its_digest(struct span bytes)
{
	uint8_t digest[SHA256_LEN];
	size_t len = bytes.len - SHA256_LEN;

	digest_sha256(bytes.data, len - PART_HEAD_LEN, digest);
	return memcmp(bytes.data + len, digest, sizeof(digest)) == 0;
}

static enum err refuse(char why[static CAPSULE_WHY_LEN], const char *text)
{
	(void)snprintf(why, CAPSULE_WHY_LEN, "%s", text);
	return ERR_MALFORMED;
}

enum err capsule_open(struct capsule *out, struct span bytes, char why[static CAPSULE_WHY_LEN])
{
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct span magic = cursor_take(&in, MAGIC_LEN);
	size_t part = 0;

	*out = (struct capsule){ 0 };
	if (!cursor_ok(&in) || memcmp(magic.data, CAPSULE_MAGIC, MAGIC_LEN) != 0)
		return refuse(why, "is no capsule of this form");
	if (cursor_left(&in) < PART_HEAD_LEN + SHA256_LEN || bytes.len > CAPSULE_BYTES_MAX)
		return refuse(why, "has been changed: it is cut short, or too long");
	if (!has_its_digest(bytes))
		return refuse(why, "has been changed: its bytes do not have the digest it names");
	while (part < CAPSULE_PARTS && read_part(&in, (enum capsule_part)part, &out->parts[part]))
		part++;
	if (part < CAPSULE_PARTS || cursor_left(&in) > 0 ||
	    out->parts[CAPSULE_DIGEST].len != SHA256_LEN ||
	    !read_head(out->parts[CAPSULE_HEAD], &out->head))
		return refuse(why, "has been changed: its parts are not those of a capsule");
	return ERR_OK;
}

bool capsule_next_row(const struct capsule *capsule, size_t *at, struct capsule_row *out)
{
	struct span rows = capsule->parts[CAPSULE_ROWS];
	struct cursor all = cursor_over(rows.data, rows.len);
	struct cursor in = cursor_at(all, *at);
	size_t name_len = cursor_u8(&in);
	size_t key_len = cursor_u8(&in);
	uint32_t layout = cursor_be32(&in);
	size_t value_len = cursor_be32(&in);
	struct span name = cursor_take(&in, name_len);

	*out = (struct capsule_row){ .row = { .layout = layout } };
	out->row.key = cursor_take(&in, key_len);
	out->row.value = cursor_take(&in, value_len);
	if (!cursor_ok(&in) || name_len == 0 || name_len >= sizeof(out->table))
		return false;
	memcpy(out->table, name.data, name_len);
	out->row.table = out->table;
	*at = cursor_offset(&in, &all);
	return true;
}
