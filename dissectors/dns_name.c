#include "dissectors/dns_name.h"

#include <assert.h>

enum {
	LABEL_KIND = 0xc0, /* the two bits that tell a label (00) from a pointer (11) */
	POINTER_HIGH = 0x3f,
	NO_POINTER = 0xffff, /* beyond what fourteen bits can point at */
	JUMPS_MAX = 127,     /* as many as a name has labels: sound senders need no more */
	PLAIN_BLOCK = 16,
	TEXT_MAX = 1003, /* four labels of 63, 63, 63 and 61 octets, each octet as \ddd */
};

static bool append_label(struct flat_name *name, struct span label)
{
	assert(label.data); /* a label has at least an octet */
	if (label.len + 1 > sizeof(name->octets) - name->len)
		return false;
	name->octets[name->len] = (uint8_t)label.len;
	memcpy(&name->octets[name->len + 1], label.data, label.len);
	name->len += label.len + 1;
	return true;
}

/* Appends labels up to the root or the first pointer, whose target it gives, else NO_POINTER. */
static enum dissect read_labels(struct cursor *in, struct flat_name *name, size_t *target)
{
	*target = NO_POINTER;
	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(in);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (len == 0)
			return DISSECT_OK;
		if ((len & LABEL_KIND) == DNS_POINTER) {
			*target = (size_t)(len & POINTER_HIGH) << 8 | cursor_u8(in);
			return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
		}
		if ((len & LABEL_KIND) != 0)
			return DISSECT_MALFORMED;

		struct span label = cursor_take(in, len);

		if (!cursor_ok(in))
			return DISSECT_TRUNCATED;
		if (!append_label(name, label))
			return DISSECT_MALFORMED;
	}
}

static enum dissect read_pieces(struct cursor message, struct cursor *in, struct flat_name *name)
{
	size_t limit = cursor_offset(in, &message);
	size_t target;
	enum dissect got = read_labels(in, name, &target);

	while (got == DISSECT_OK && target != NO_POINTER) {
		if (name->jumps == JUMPS_MAX || target < DNS_HEADER_LEN || target >= limit)
			return DISSECT_MALFORMED;

		struct cursor labels = cursor_at(message, target);

		name->jumps++;
		limit = target;
		got = read_labels(&labels, name, &target);
	}
	return got;
}

/* False, and `in` anywhere, for a name with pointers and for one that cannot be read. */
static bool read_in_one_piece(struct cursor *in, struct span *labels)
{
	struct cursor ahead = *in;
	struct cursor longest = { .rest = cursor_take_up_to(&ahead, DNS_OCTETS_MAX) };
	struct cursor at = longest;

	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(&at);

		if (len == 0 || (len & LABEL_KIND) != 0)
			break;
		cursor_skip(&at, len);
	}

	if (!cursor_ok(&at))
		return false;
	*labels = cursor_take(in, cursor_offset(&at, &longest) - 1);
	return cursor_u8(in) == 0;
}

enum dissect dns_name_read(struct cursor message, struct cursor *in, struct flat_name *room,
			   struct span *labels)
{
	struct cursor at = *in;

	room->len = 0;
	room->jumps = 0;
	if (read_in_one_piece(&at, labels)) {
		*in = at;
		return DISSECT_OK;
	}

	enum dissect got = read_pieces(message, in, room);

	*labels = (struct span){ .data = room->octets, .len = room->len };
	return got;
}

static size_t write_octet(char *to, uint8_t octet)
{
	if (octet >= 'A' && octet <= 'Z') {
		to[0] = (char)(octet - 'A' + 'a');
		return 1;
	}
	if (octet > ' ' && octet <= '~' && octet != '.' && octet != '\\') {
		to[0] = (char)octet;
		return 1;
	}
	to[0] = '\\';
	to[1] = (char)('0' + octet / 100);
	to[2] = (char)('0' + octet / 10 % 10);
	to[3] = (char)('0' + octet % 10);
	return 4;
}

static size_t write_text(char text[static TEXT_MAX], struct span labels)
{
	struct cursor in = cursor_over(labels.data, labels.len);
	size_t len = 0;

	while (cursor_left(&in) > 0) {
		struct cursor label = cursor_sub(&in, cursor_u8(&in));

		if (len > 0)
			text[len++] = '.';
		while (cursor_left(&label) > 0)
			len += write_octet(&text[len], cursor_u8(&label));
	}
	return len;
}

/* What names are made of, in lower case; whoever asks knows where the dots are. */
static inline bool is_plain(uint8_t c)
{
	return (uint8_t)(c - 'a') < 26 || (uint8_t)(c - '0') < 10 || c == '-' || c == '_';
}

/* Lower case; false when not all are plain then. Constant lengths, so that it is vectorised. */
static bool make_plain(uint8_t block[static PLAIN_BLOCK])
{
	uint8_t foreign = 0;

	for (size_t i = 0; i < PLAIN_BLOCK; i++) {
		uint8_t c = block[i];

		c |= (uint8_t)(((uint8_t)(c - 'A') < 26) << 5);
		foreign |= !is_plain(c);
		block[i] = c;
	}
	return !foreign;
}

/*
 * Nearly every name on the wire is plain: copied whole, the lengths between its labels set aside
 * and put back as dots. Half the instructions of going from octet to octet. False when a label
 * holds something else: then `text` is to be written anew.
 */
static bool write_plain(uint8_t text[static DNS_NAME_TEXT_LEN], struct span labels)
{
	uint8_t dots[DNS_OCTETS_MAX / 2];
	size_t dot_count = 0;
	struct cursor in = cursor_over(labels.data, labels.len);
	size_t at = cursor_u8(&in);
	size_t len = cursor_left(&in); /* 253 at most */

	cursor_copy(&in, text, len);
	memset(text + len, '_', PLAIN_BLOCK - len % PLAIN_BLOCK);
	while (at < len) { /* labels have an octet at least: every other one is a length at most */
		size_t next = at + text[at] + 1;

		text[at] = '_';
		dots[dot_count++] = (uint8_t)at;
		at = next;
	}
	for (size_t i = 0; i < len; i += PLAIN_BLOCK) {
		if (!make_plain(text + i))
			return false;
	}
	while (dot_count > 0)
		text[dots[--dot_count]] = '.';
	text[len] = '\0';
	return true;
}

void dns_name_set(struct dns_name *to, struct span labels)
{
	char text[TEXT_MAX];

	to->octets = (uint8_t)(labels.len + 1);
	to->is_cut = false;
	if (write_plain((uint8_t *)to->text, labels))
		return;

	size_t len = write_text(text, labels);
	size_t dropped = len < sizeof(to->text) ? 0 : len - (sizeof(to->text) - 1);

	memset(to->text, 0, sizeof(to->text));
	memcpy(to->text, &text[dropped], len - dropped);
	to->is_cut = dropped > 0;
}

bool dns_name_skip(struct cursor *in)
{
	for (;;) { /* each turn eats at least a byte */
		uint8_t len = cursor_u8(in);

		if (!cursor_ok(in) || len == 0)
			return cursor_ok(in);
		if ((len & LABEL_KIND) == DNS_POINTER) {
			cursor_skip(in, 1);
			return cursor_ok(in);
		}
		if ((len & LABEL_KIND) != 0)
			return false;
		cursor_skip(in, len);
	}
}

bool dns_name_from_labels(struct cursor in, struct dns_name *to)
{
	struct flat_name name = { .len = 0 };

	while (cursor_left(&in) > 0) {
		uint8_t len = cursor_u8(&in);

		if (len == 0)
			break;
		if ((len & LABEL_KIND) != 0)
			return false;

		struct span label = cursor_take(&in, len);

		if (!cursor_ok(&in) || !append_label(&name, label))
			return false;
	}
	if (name.len == 0)
		return false;
	dns_name_set(to, (struct span){ .data = name.octets, .len = name.len });
	return true;
}
