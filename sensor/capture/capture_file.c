#include "sensor/capture/capture_file.h"

#include "sensor/capture/byte_stream.h"
#include "sensor/capture/pcap_file.h"
#include "sensor/capture/pcapng_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAGIC_LEN = 4,
};

/* Either byte order; the values are those of pcap-savefile(5). */
static const uint32_t pcap_magics[] = {
	UINT32_C(0xa1b2c3d4), UINT32_C(0xd4c3b2a1), /* microseconds */
	UINT32_C(0xa1b23c4d), UINT32_C(0x4d3cb2a1), /* nanoseconds */
	UINT32_C(0xa1b2cd34), UINT32_C(0x34cdb2a1), /* Kuznetzov's longer packet headers */
};

static const uint32_t pcapng_magic = UINT32_C(0x0a0d0d0a);

struct capture_file {
	struct byte_stream *stream; /* NULL: could not be opened */
	struct pcap_file *pcap;     /* at most one of the two, once the magic is known */
	struct pcapng_file *pcapng;
	enum capture_read last;
	uint64_t frames;
	char reason[CAPTURE_REASON_MAX];
};

__attribute__((format(printf, 2, 3))) static enum capture_read fail(struct capture_file *file,
								    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(file->reason, sizeof(file->reason), format, args);
	va_end(args);
	file->last = CAPTURE_FAILED;
	return CAPTURE_FAILED;
}

static enum capture_read fail_errno(struct capture_file *file, int error)
{
	return fail(file, "%s", strerror(error));
}

/* `at_end`: the reader found nothing missing. The stream may still say that it was not whole. */
static enum capture_read stop(struct capture_file *file, bool at_end)
{
	const char *packing = byte_stream_packing(file->stream);
	uint64_t number = file->frames + 1;

	switch (byte_stream_state(file->stream)) {
	case BYTE_STREAM_UNREADABLE:
		return fail_errno(file, byte_stream_error(file->stream));
	case BYTE_STREAM_DAMAGED:
		return fail(file, "%s: damaged at packet %" PRIu64, packing, number);
	case BYTE_STREAM_TOO_WIDE:
		return fail(file, "%s: packed with a window of more than 8 MiB", packing);
	case BYTE_STREAM_CUT:
		at_end = false;
		break;
	case BYTE_STREAM_OPEN:
	case BYTE_STREAM_END:
		break;
	}
	if (!at_end)
		return fail(file, "truncated at packet %" PRIu64, number);
	file->last = CAPTURE_END;
	return CAPTURE_END;
}

static bool is_pcap(uint32_t magic)
{
	for (size_t i = 0; i < sizeof(pcap_magics) / sizeof(pcap_magics[0]); i++)
		if (magic == pcap_magics[i])
			return true;
	return false;
}

/* Chooses the reader; CAPTURE_FRAME when there is one to ask. */
static enum capture_read start(struct capture_file *file)
{
	struct span head = byte_stream_peek(file->stream, MAGIC_LEN);
	struct cursor in = cursor_over(head.data, head.len);
	uint32_t magic = cursor_be32(&in);
	enum err err;

	if (head.len < MAGIC_LEN && byte_stream_state(file->stream) != BYTE_STREAM_END)
		return stop(file, false);
	if (head.len == 0)
		return fail(file, "empty file");
	if (magic == pcapng_magic)
		err = pcapng_file_new(&file->pcapng, file->stream);
	else if (is_pcap(magic))
		err = pcap_file_new(&file->pcap, file->stream);
	else
		return fail(file, "not a capture file (pcap or pcapng expected)");
	return err == ERR_OK ? CAPTURE_FRAME : fail(file, "%s", err_text(err));
}

/* What a reader answered in place of a frame. */
static enum capture_read finish(struct capture_file *file, enum reader_answer answer)
{
	if (answer == READER_DAMAGED)
		return fail(file, "damaged at packet %" PRIu64 ": %s", file->frames + 1,
			    file->pcap ? pcap_file_damage(file->pcap)
				       : pcapng_file_damage(file->pcapng));
	return stop(file, answer == READER_END);
}

static bool is_ready(struct capture_file *file)
{
	return file->last == CAPTURE_FRAME &&
	       (file->pcap || file->pcapng || start(file) == CAPTURE_FRAME);
}

enum capture_read capture_file_next(struct capture_file *file, struct frame *out)
{
	if (!is_ready(file))
		return file->last;

	enum reader_answer answer =
		file->pcap ? pcap_file_next(file->pcap, out) : pcapng_file_next(file->pcapng, out);

	if (answer != READER_FRAME)
		return finish(file, answer);
	out->link_type = link_type_of(out->link_type);
	file->frames++;
	return CAPTURE_FRAME;
}

enum capture_read capture_file_read(struct capture_file *file, size_t most, frame_take_fn *take,
				    void *arg)
{
	struct frame frame;
	uint64_t count;

	if (is_ready(file) && file->pcap) {
		enum reader_answer answer =
			pcap_file_read(file->pcap, (int)most, take, arg, &count);

		file->frames += count;
		return answer == READER_FRAME ? CAPTURE_FRAME : finish(file, answer);
	}
	for (size_t i = 0; i < most; i++) {
		if (capture_file_next(file, &frame) != CAPTURE_FRAME)
			break;
		take(arg, &frame);
	}
	return file->last;
}

const char *capture_file_reason(const struct capture_file *file)
{
	return file->reason;
}

uint64_t capture_file_clamped_times(const struct capture_file *file)
{
	if (file->pcap)
		return pcap_file_clamped_times(file->pcap);
	return file->pcapng ? pcapng_file_clamped_times(file->pcapng) : 0;
}

uint64_t capture_file_consumed(const struct capture_file *file)
{
	return file->stream ? byte_stream_consumed(file->stream) : 0;
}

uint64_t capture_file_size(const struct capture_file *file)
{
	return file->stream ? byte_stream_size(file->stream) : 0;
}

enum err capture_file_new(struct capture_file **out, const char *path)
{
	struct byte_stream *stream = NULL;
	enum err err = byte_stream_open(&stream, path);
	int error = errno;

	if (err == ERR_MEMORY)
		return err;

	enum err made = capture_file_from_stream(out, stream);

	if (made != ERR_OK)
		byte_stream_free(stream);
	else if (err != ERR_OK)
		(void)fail_errno(*out, error);
	return made;
}

enum err capture_file_from_stream(struct capture_file **out, struct byte_stream *stream)
{
	struct capture_file *file = calloc(1, sizeof(*file));

	if (!file)
		return ERR_MEMORY;
	file->stream = stream;
	*out = file;
	return ERR_OK;
}

void capture_file_free(struct capture_file *file)
{
	if (!file)
		return;
	pcap_file_free(file->pcap);
	pcapng_file_free(file->pcapng);
	byte_stream_free(file->stream);
	free(file);
}
