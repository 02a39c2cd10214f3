#define ZLIB_CONST /* zlib then takes its input through a const pointer */

#include "sensor/capture/byte_stream.h"

#include "sensor/capture/byte_source.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
	WINDOW_BYTES = 64 * 1024,
	MAGIC_LEN = 4,
	GZIP_MAGIC = 0x1f8b,        /* RFC 1952 */
	GZIP_WINDOW_BITS = 15 + 16, /* zlib: the widest window; a gzip header only */
	ZSTD_WINDOW_LOG_MAX = 23,   /* RFC 8878 3.1.1.1.2 asks for 8 MiB at least */
};

#define ZSTD_FRAME_MAGIC UINT32_C(0x28b52ffd) /* RFC 8878 3.1.1, as the bytes stand */

enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct byte_stream {
	struct byte_source source;
	enum packing packing;
	enum byte_stream_state state;
	int error;
	bool inside;         /* a gzip member or zstd frame that has begun and not ended */
	struct cursor raw;   /* read and not unpacked yet; in raw_bytes */
	struct cursor ready; /* unpacked and not asked for yet; in ready_bytes */
	z_stream inflater;
	ZSTD_DStream *zstd;
	uint8_t raw_bytes[WINDOW_BYTES];
	uint8_t ready_bytes[WINDOW_BYTES];
};

/* The first reason stands: what follows from it is no news. */
static void stop(struct byte_stream *stream, enum byte_stream_state state)
{
	if (stream->state == BYTE_STREAM_OPEN)
		stream->state = state;
}

static void stop_unreadable(struct byte_stream *stream, int error)
{
	stream->error = error;
	stop(stream, BYTE_STREAM_UNREADABLE);
}

static size_t source_read(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	size_t got = byte_source_read(&stream->source, into, cap);

	if (stream->source.error != 0)
		stop_unreadable(stream, stream->source.error);
	return got;
}

/* Reads on until `raw` holds `want` bytes or the source ends; answers what it holds. */
static size_t raw_reach(struct byte_stream *stream, size_t want)
{
	while (cursor_left(&stream->raw) < want && !stream->source.ended) {
		size_t left = cursor_left(&stream->raw);

		if (left > 0)
			memmove(stream->raw_bytes, stream->raw.rest.data, left);
		left += source_read(stream, stream->raw_bytes + left, WINDOW_BYTES - left);
		stream->raw = cursor_over(stream->raw_bytes, left);
	}
	return cursor_left(&stream->raw);
}

static bool is_gzip_next(struct cursor raw)
{
	return cursor_be16(&raw) == GZIP_MAGIC;
}

/* A zstd frame or a skippable one, 0x50..0x5f 2a 4d 18. The library also reads older formats. */
static bool is_zstd_next(struct cursor raw)
{
	uint32_t magic = cursor_be32(&raw);

	return magic == ZSTD_FRAME_MAGIC || (magic & UINT32_C(0xf0ffffff)) == UINT32_C(0x502a4d18);
}

static bool start_gzip(struct byte_stream *stream)
{
	if (inflateInit2(&stream->inflater, GZIP_WINDOW_BITS) != Z_OK)
		return false;
	stream->packing = PACKING_GZIP;
	return true;
}

static bool start_zstd(struct byte_stream *stream)
{
	stream->zstd = ZSTD_createDStream();
	if (!stream->zstd)
		return false;
	stream->packing = PACKING_ZSTD;
	return !ZSTD_isError(
		ZSTD_DCtx_setParameter(stream->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX));
}

static void start(struct byte_stream *stream)
{
	bool started = true;

	(void)raw_reach(stream, MAGIC_LEN);
	if (is_gzip_next(stream->raw))
		started = start_gzip(stream);
	else if (is_zstd_next(stream->raw))
		started = start_zstd(stream);
	else
		stream->packing = PACKING_NONE;
	if (!started)
		stop_unreadable(stream, ENOMEM);
}

static size_t copy_some(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	size_t got = byte_source_move(&stream->raw, into, cap);

	if (got == 0)
		got = source_read(stream, into, cap);
	if (got == 0)
		stop(stream, BYTE_STREAM_END);
	return got;
}

/* Zeros may follow a member, as on a tape; anything else that is no member is damage. */
static bool enter_member(struct byte_stream *stream)
{
	while (raw_reach(stream, 1) > 0 && stream->raw.rest.data[0] == 0)
		cursor_skip(&stream->raw, 1);
	if (cursor_left(&stream->raw) == 0) {
		stop(stream, BYTE_STREAM_END);
		return false;
	}
	(void)raw_reach(stream, 2);
	if (!is_gzip_next(stream->raw) || inflateReset(&stream->inflater) != Z_OK) {
		stop(stream, cursor_left(&stream->raw) < 2 ? BYTE_STREAM_CUT : BYTE_STREAM_DAMAGED);
		return false;
	}
	stream->inside = true;
	return true;
}

/* Each turn eats a packed byte, gives an unpacked one, or stops. */
static size_t inflate_some(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	z_stream *z = &stream->inflater;

	z->next_out = into;
	z->avail_out = (uInt)cap;
	while (z->avail_out == cap && stream->state == BYTE_STREAM_OPEN) {
		if (!stream->inside && !enter_member(stream))
			break;

		size_t packed = raw_reach(stream, 1);

		z->next_in = stream->raw.rest.data;
		z->avail_in = (uInt)packed;
		int status = inflate(z, Z_NO_FLUSH);

		cursor_skip(&stream->raw, packed - z->avail_in);
		if (status == Z_STREAM_END)
			stream->inside = false;
		else if (status == Z_MEM_ERROR)
			stop_unreadable(stream, ENOMEM);
		else if (status != Z_OK && status != Z_BUF_ERROR)
			stop(stream, BYTE_STREAM_DAMAGED);
		else if (packed == 0 && z->avail_out == cap)
			stop(stream, BYTE_STREAM_CUT);
	}
	return cap - z->avail_out;
}

static bool enter_frame(struct byte_stream *stream)
{
	size_t left = raw_reach(stream, MAGIC_LEN);

	stream->inside = is_zstd_next(stream->raw);
	if (left == 0)
		stop(stream, BYTE_STREAM_END);
	else if (!stream->inside)
		stop(stream, left < MAGIC_LEN ? BYTE_STREAM_CUT : BYTE_STREAM_DAMAGED);
	return stream->inside;
}

static void stop_zstd(struct byte_stream *stream, ZSTD_ErrorCode code)
{
	if (code == ZSTD_error_memory_allocation)
		stop_unreadable(stream, ENOMEM);
	else if (code == ZSTD_error_frameParameter_windowTooLarge)
		stop(stream, BYTE_STREAM_TOO_WIDE);
	else
		stop(stream, BYTE_STREAM_DAMAGED);
}

/* Each turn eats a packed byte, gives an unpacked one, or stops. */
static size_t decompress_some(struct byte_stream *stream, void *into, size_t cap)
{
	ZSTD_outBuffer unpacked = { .dst = into, .size = cap };

	while (unpacked.pos == 0 && stream->state == BYTE_STREAM_OPEN) {
		if (!stream->inside && !enter_frame(stream))
			break;

		size_t left = raw_reach(stream, 1);
		ZSTD_inBuffer packed = { .src = stream->raw.rest.data, .size = left };
		size_t status = ZSTD_decompressStream(stream->zstd, &unpacked, &packed);

		cursor_skip(&stream->raw, packed.pos);
		if (ZSTD_isError(status))
			stop_zstd(stream, ZSTD_getErrorCode(status));
		else if (status == 0)
			stream->inside = false;
		else if (left == 0 && unpacked.pos == 0)
			stop(stream, BYTE_STREAM_CUT);
	}
	return unpacked.pos;
}

/* Unpacks what is at hand; 0 only where the stream ends or fails. */
static size_t unpack_some(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	if (stream->packing == PACKING_UNKNOWN && stream->state == BYTE_STREAM_OPEN)
		start(stream);
	if (stream->state != BYTE_STREAM_OPEN)
		return 0;
	if (stream->packing == PACKING_GZIP)
		return inflate_some(stream, into, cap);
	if (stream->packing == PACKING_ZSTD)
		return decompress_some(stream, into, cap);
	return copy_some(stream, into, cap);
}

/* A request as wide as the window is unpacked where it is wanted. */
static size_t read_some(struct byte_stream *stream, uint8_t *into, size_t cap)
{
	if (cursor_left(&stream->ready) == 0) {
		if (cap >= WINDOW_BYTES)
			return unpack_some(stream, into, WINDOW_BYTES);
		stream->ready = cursor_over(stream->ready_bytes,
					    unpack_some(stream, stream->ready_bytes, WINDOW_BYTES));
	}
	return byte_source_move(&stream->ready, into, cap);
}

size_t byte_stream_read(struct byte_stream *stream, void *into, size_t len)
{
	uint8_t *to = into;
	size_t done = 0;

	while (done < len) {
		size_t got = read_some(stream, to + done, len - done);

		if (got == 0)
			break;
		done += got;
	}
	return done;
}

size_t byte_stream_skip(struct byte_stream *stream, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t left = cursor_left(&stream->ready);
		size_t step = left < len - done ? left : len - done;

		cursor_skip(&stream->ready, step);
		done += step;
		if (done < len && byte_stream_peek(stream, 1).len == 0)
			break;
	}
	return done;
}

struct span byte_stream_peek(struct byte_stream *stream, size_t len)
{
	size_t left = cursor_left(&stream->ready);

	assert(len <= BYTE_STREAM_PEEK_MAX);
	while (left < len) {
		if (left > 0)
			memmove(stream->ready_bytes, stream->ready.rest.data, left);
		size_t got = unpack_some(stream, stream->ready_bytes + left, WINDOW_BYTES - left);

		left += got;
		stream->ready = cursor_over(stream->ready_bytes, left);
		if (got == 0)
			break;
	}
	return (struct span){ .data = stream->ready.rest.data, .len = left < len ? left : len };
}

static ssize_t read_as_file(void *cookie, char *into, size_t len)
{
	struct byte_stream *stream = cookie;
	size_t got = read_some(stream, (uint8_t *)into, len);

	if (got > 0 || stream->state == BYTE_STREAM_END)
		return (ssize_t)got;
	errno = stream->state == BYTE_STREAM_UNREADABLE ? stream->error : EIO;
	return -1;
}

/* A plain file is left to the C library: a cookie costs 80 instructions more a packet. */
FILE *byte_stream_as_file(struct byte_stream *stream)
{
	if (stream->source.is_on_disk && stream->packing == PACKING_NONE) {
		size_t unread = cursor_left(&stream->raw) + cursor_left(&stream->ready);

		stream->raw = stream->ready = (struct cursor){ 0 };
		return byte_source_as_file(&stream->source, unread);
	}
	return fopencookie(stream, "rb", (cookie_io_functions_t){ .read = read_as_file });
}

enum byte_stream_state byte_stream_state(const struct byte_stream *stream)
{
	FILE *file = stream->source.file;

	if (!file)
		return stream->state;
	if (ferror(file))
		return BYTE_STREAM_UNREADABLE;
	return feof(file) ? BYTE_STREAM_END : BYTE_STREAM_OPEN;
}

int byte_stream_error(const struct byte_stream *stream)
{
	return stream->source.file ? byte_source_error(&stream->source) : stream->error;
}

const char *byte_stream_packing(const struct byte_stream *stream)
{
	if (stream->packing == PACKING_GZIP)
		return "gzip";
	return stream->packing == PACKING_ZSTD ? "zstd" : "plain";
}

uint64_t byte_stream_consumed(const struct byte_stream *stream)
{
	return byte_source_consumed(&stream->source);
}

uint64_t byte_stream_size(const struct byte_stream *stream)
{
	return stream->source.size;
}

static enum err new_stream(struct byte_stream **out, const struct byte_source *source)
{
	struct byte_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return ERR_MEMORY;
	stream->source = *source;
	*out = stream;
	return ERR_OK;
}

enum err byte_stream_open(struct byte_stream **out, const char *path)
{
	struct byte_source source;
	enum err err = byte_source_open(&source, path);

	if (err != ERR_OK)
		return err;
	err = new_stream(out, &source);
	if (err != ERR_OK)
		byte_source_close(&source);
	return err;
}

enum err byte_stream_from_memory(struct byte_stream **out, struct span bytes)
{
	struct byte_source source = byte_source_over(bytes);

	return new_stream(out, &source);
}

void byte_stream_free(struct byte_stream *stream)
{
	if (!stream)
		return;
	if (stream->packing == PACKING_GZIP)
		(void)inflateEnd(&stream->inflater);
	(void)ZSTD_freeDStream(stream->zstd);
	byte_source_close(&stream->source);
	free(stream);
}
