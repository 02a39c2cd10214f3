#include "sensor/capture/byte_stream.h"
#include "sensor/capture/capture_file.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct byte_stream *stream = NULL;
	struct capture_file *file = NULL;
	struct frame frame;

	if (byte_stream_from_memory(&stream, (struct span){ .data = data, .len = len }) != ERR_OK ||
	    capture_file_from_stream(&file, stream) != ERR_OK)
		abort();

	enum capture_read answer;

	while ((answer = capture_file_next(file, &frame)) == CAPTURE_FRAME) {
		assert(frame.wire_len >= frame.bytes.len);
		fuzz_touch_span(frame.bytes);
	}
	assert((answer == CAPTURE_FAILED) == (strlen(capture_file_reason(file)) > 0));
	assert(!strchr(capture_file_reason(file), '\n'));
	assert(capture_file_consumed(file) <= len);
	capture_file_free(file);
	return 0;
}
