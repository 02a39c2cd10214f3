#include "sensor/capture/pcapng_file.h"

#include "sensor/capture/pcapng_clock.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	BLOCK_HEAD_LEN = 8,      /* type and length */
	BLOCK_OVERHEAD_LEN = 12, /* those and the length again */
	BLOCK_ALIGN = 4,
	/* what is kept of a block: any packet with its fields; options beyond are passed over */
	BODY_KEPT_MAX = READER_PACKET_MAX + 64,
	DAMAGE_TEXT_LEN = 96,
	MAGIC_LEN = 4,
	VERSION_MAJOR = 1,
};

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_OBSOLETE_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
};

enum option {
	OPTION_END = 0,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
};

#define BYTE_ORDER_BIG    UINT32_C(0x1a2b3c4d)
#define BYTE_ORDER_LITTLE UINT32_C(0x4d3c2b1a)

struct interface {
	uint32_t link_type;
	uint32_t snap_len; /* 0: no limit */
	struct pcapng_clock clock;
};

struct block {
	uint32_t type;
	struct cursor body; /* at most BODY_KEPT_MAX of it; of blocks that are skipped nothing */
};

struct pcapng_file {
	struct byte_stream *stream;
	bool in_section;
	bool is_little;
	enum reader_answer answer; /* why there is no block, or no frame in one */
	nanotime last_time;
	uint64_t clamped_times;
	size_t interface_count;
	struct interface interfaces[PCAPNG_INTERFACES_MAX];
	char damage[DAMAGE_TEXT_LEN];
	uint8_t body[BODY_KEPT_MAX];
};

static uint32_t read_u32(const struct pcapng_file *file, struct cursor *in)
{
	uint32_t value = cursor_be32(in);

	return file->is_little ? __builtin_bswap32(value) : value;
}

static uint16_t read_u16(const struct pcapng_file *file, struct cursor *in)
{
	uint16_t value = cursor_be16(in);

	return file->is_little ? __builtin_bswap16(value) : value;
}

static bool cut(struct pcapng_file *file)
{
	file->answer = READER_CUT;
	return false;
}

__attribute__((format(printf, 2, 3))) static bool damaged(struct pcapng_file *file,
							  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(file->damage, sizeof(file->damage), format, args);
	va_end(args);
	file->answer = READER_DAMAGED;
	return false;
}

/* A section says its byte order inside its own block, and its block's length is in that order. */
static bool read_byte_order(struct pcapng_file *file)
{
	struct span magic = byte_stream_peek(file->stream, MAGIC_LEN);
	struct cursor in = cursor_over(magic.data, magic.len);
	uint32_t order = cursor_be32(&in);

	if (!cursor_ok(&in))
		return cut(file);
	if (order != BYTE_ORDER_BIG && order != BYTE_ORDER_LITTLE)
		return damaged(file, "section of unknown byte order %08" PRIx32, order);
	file->is_little = order == BYTE_ORDER_LITTLE;
	return true;
}

/* The type and how long the body is, checked. */
static bool read_head(struct pcapng_file *file, uint32_t *type, size_t *body_len)
{
	uint8_t head[BLOCK_HEAD_LEN];
	size_t got = byte_stream_read(file->stream, head, sizeof(head));
	struct cursor in = cursor_over(head, got);

	if (got == 0) {
		file->answer = READER_END;
		return false;
	}
	if (got < sizeof(head))
		return cut(file);
	*type = read_u32(file, &in);
	if (*type == BLOCK_SECTION && !read_byte_order(file))
		return false;
	if (*type != BLOCK_SECTION && !file->in_section)
		return damaged(file, "block outside of a section");

	uint32_t len = read_u32(file, &in);

	if (len < BLOCK_OVERHEAD_LEN || len > PCAPNG_BLOCK_MAX || len % BLOCK_ALIGN != 0)
		return damaged(file, "block of %" PRIu32 " bytes", len);
	*body_len = len - BLOCK_OVERHEAD_LEN;
	return true;
}

static bool is_known(uint32_t type)
{
	return type == BLOCK_ENHANCED_PACKET || type == BLOCK_INTERFACE || type == BLOCK_SECTION ||
	       type == BLOCK_SIMPLE_PACKET || type == BLOCK_OBSOLETE_PACKET;
}

static bool read_block(struct pcapng_file *file, struct block *out)
{
	uint32_t type = 0;
	size_t body_len = 0;
	uint8_t tail[sizeof(uint32_t)];

	if (!read_head(file, &type, &body_len))
		return false;

	size_t kept = is_known(type) ? body_len : 0;

	if (kept > BODY_KEPT_MAX)
		kept = BODY_KEPT_MAX;
	if (byte_stream_read(file->stream, file->body, kept) < kept ||
	    byte_stream_skip(file->stream, body_len - kept) < body_len - kept ||
	    byte_stream_read(file->stream, tail, sizeof(tail)) < sizeof(tail))
		return cut(file);

	struct cursor in = cursor_over(tail, sizeof(tail));
	uint32_t len_again = read_u32(file, &in);

	if (len_again != body_len + BLOCK_OVERHEAD_LEN)
		return damaged(file, "block of %zu bytes that ends as one of %" PRIu32,
			       body_len + BLOCK_OVERHEAD_LEN, len_again);
	*out = (struct block){ .type = type, .body = cursor_over(file->body, kept) };
	return true;
}

static bool begin_section(struct pcapng_file *file, struct cursor in)
{
	cursor_skip(&in, MAGIC_LEN);
	unsigned major = read_u16(file, &in);
	unsigned minor = read_u16(file, &in);

	if (!cursor_ok(&in))
		return damaged(file, "section header too short");
	if (major != VERSION_MAJOR || (minor != 0 && minor != 2)) /* 1.2 was written for 1.0 */
		return damaged(file, "section of version %u.%u", major, minor);
	file->in_section = true;
	file->interface_count = 0;
	return true;
}

static int64_t read_i64(const struct pcapng_file *file, struct cursor *in)
{
	uint64_t first = read_u32(file, in);
	uint64_t second = read_u32(file, in);

	return (int64_t)(file->is_little ? second << 32 | first : first << 32 | second);
}

static bool set_resolution(struct pcapng_file *file, struct interface *interface,
			   struct cursor *value)
{
	uint8_t tsresol = cursor_u8(value);

	if (pcapng_clock_set_resolution(&interface->clock, tsresol))
		return true;
	return damaged(file, "interface with a time unit of %s^-%u s", tsresol & 0x80 ? "2" : "10",
		       tsresol & 0x7fU);
}

/* Every turn eats an option's head. */
static bool read_interface_options(struct pcapng_file *file, struct interface *interface,
				   struct cursor in)
{
	while (cursor_left(&in) > 0) {
		unsigned code = read_u16(file, &in);
		size_t len = read_u16(file, &in);
		struct cursor value = cursor_sub(&in, len);

		if (!cursor_ok(&in))
			return damaged(file, "interface options that do not fit");
		if (code == OPTION_END)
			break;
		if (code == OPTION_TSRESOL && !set_resolution(file, interface, &value))
			return false;
		if (code == OPTION_TSOFFSET)
			interface->clock.offset_seconds = read_i64(file, &value);
		if (!cursor_ok(&value))
			return damaged(file, "interface option %u too short", code);
		if (len % BLOCK_ALIGN != 0)
			cursor_skip(&in, BLOCK_ALIGN - len % BLOCK_ALIGN);
	}
	return true;
}

static bool add_interface(struct pcapng_file *file, struct cursor in)
{
	struct interface interface = { .link_type = read_u16(file, &in),
				       .clock = pcapng_clock_default() };

	cursor_skip(&in, sizeof(uint16_t));
	interface.snap_len = read_u32(file, &in);
	if (!cursor_ok(&in))
		return damaged(file, "interface description too short");
	if (file->interface_count == PCAPNG_INTERFACES_MAX)
		return damaged(file, "more than %d interfaces", PCAPNG_INTERFACES_MAX);
	if (!read_interface_options(file, &interface, in))
		return false;
	file->interfaces[file->interface_count++] = interface;
	return true;
}

/* The bytes of a packet, which `in` stands at. */
static bool take_frame(struct pcapng_file *file, struct cursor in, size_t captured,
		       struct frame *out)
{
	if (captured > READER_PACKET_MAX)
		return damaged(file, "packet of %zu bytes", captured);
	out->bytes = cursor_take(&in, captured);
	if (!cursor_ok(&in))
		return damaged(file, "packet longer than its block");
	if (out->wire_len < captured)
		out->wire_len = (uint32_t)captured;
	return true;
}

/* The enhanced packet block and the one it replaced differ only in how they name the interface. */
static bool read_timed_packet(struct pcapng_file *file, const struct block *block,
			      struct frame *out)
{
	struct cursor in = block->body;
	uint32_t id;

	if (block->type == BLOCK_OBSOLETE_PACKET) {
		id = read_u16(file, &in);
		cursor_skip(&in, sizeof(uint16_t)); /* packets dropped */
	} else {
		id = read_u32(file, &in);
	}

	uint64_t ticks_high = read_u32(file, &in);
	uint64_t ticks = ticks_high << 32 | read_u32(file, &in);
	size_t captured = read_u32(file, &in);

	out->wire_len = read_u32(file, &in);
	if (!cursor_ok(&in))
		return damaged(file, "packet block too short");
	if (id >= file->interface_count)
		return damaged(file, "packet of unknown interface %" PRIu32, id);
	if (!take_frame(file, in, captured, out))
		return false;

	const struct interface *interface = &file->interfaces[id];

	out->link_type = interface->link_type;
	if (!pcapng_clock_time(&interface->clock, ticks, &out->time))
		file->clamped_times++;
	return true;
}

/* Of the first interface; how much was captured follows from its limit. */
static bool read_simple_packet(struct pcapng_file *file, struct cursor in, struct frame *out)
{
	const struct interface *interface = &file->interfaces[0];

	out->wire_len = read_u32(file, &in);
	if (!cursor_ok(&in))
		return damaged(file, "packet block too short");
	if (file->interface_count == 0)
		return damaged(file, "packet without an interface");

	size_t captured = out->wire_len;

	if (interface->snap_len != 0 && captured > interface->snap_len)
		captured = interface->snap_len;
	out->link_type = interface->link_type;
	out->time = file->last_time;
	return take_frame(file, in, captured, out);
}

/* True with a frame; false without, and `answer` is READER_FRAME where reading may go on. */
static bool handle(struct pcapng_file *file, const struct block *block, struct frame *out)
{
	switch (block->type) {
	case BLOCK_ENHANCED_PACKET:
	case BLOCK_OBSOLETE_PACKET:
		return read_timed_packet(file, block, out);
	case BLOCK_SIMPLE_PACKET:
		return read_simple_packet(file, block->body, out);
	case BLOCK_INTERFACE:
		(void)add_interface(file, block->body);
		return false;
	case BLOCK_SECTION:
		(void)begin_section(file, block->body);
		return false;
	default:
		return false;
	}
}

/* Every turn eats a block. */
enum reader_answer pcapng_file_next(struct pcapng_file *file, struct frame *out)
{
	struct block block = { 0 };
	struct frame frame = { 0 };

	file->answer = READER_FRAME;
	while (read_block(file, &block)) {
		if (handle(file, &block, &frame)) {
			file->last_time = frame.time;
			*out = frame;
			return READER_FRAME;
		}
		if (file->answer != READER_FRAME)
			break;
	}
	return file->answer;
}

enum err pcapng_file_new(struct pcapng_file **out, struct byte_stream *stream)
{
	struct pcapng_file *file = calloc(1, sizeof(*file));

	if (!file)
		return ERR_MEMORY;
	file->stream = stream;
	*out = file;
	return ERR_OK;
}

void pcapng_file_free(struct pcapng_file *file)
{
	free(file);
}

const char *pcapng_file_damage(const struct pcapng_file *file)
{
	return file->damage;
}

uint64_t pcapng_file_clamped_times(const struct pcapng_file *file)
{
	return file->clamped_times;
}
