#include "sensor/capture/pcapng_file.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct byte_stream *stream = NULL;
	struct pcapng_file *file = NULL;
	struct frame frame;

	if (byte_stream_from_memory(&stream, (struct span){ .data = data, .len = len }) != ERR_OK ||
	    pcapng_file_new(&file, stream) != ERR_OK)
		abort();

	enum reader_answer answer;

	while ((answer = pcapng_file_next(file, &frame)) == READER_FRAME) {
		assert(frame.wire_len >= frame.bytes.len);
		assert(frame.bytes.len <= READER_PACKET_MAX);
		fuzz_touch_span(frame.bytes);
	}
	assert((answer == READER_DAMAGED) == (strlen(pcapng_file_damage(file)) > 0));
	pcapng_file_free(file);
	byte_stream_free(stream);
	return 0;
}
