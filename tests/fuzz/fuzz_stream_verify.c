#include "sensor/delivery/stream_verify.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

static void take(void *arg, const struct verify_finding *finding)
{
	uint64_t *counted = arg;

	*counted += finding->last - finding->first + 1;
	if (finding->fault == VERIFY_UNREADABLE
		    ? finding->sensor[0] != '\0'
		    : finding->first == 0 || finding->last < finding->first)
		abort();
}

/* Lines of a received stream; the seeds are signed by this key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct verify_key key = {
		.public.key = { 0x6c, 0x35, 0x42, 0x8f, 0x6f, 0xd7, 0xb1, 0xac, 0x1f, 0xcb, 0xd4,
				0x7f, 0x97, 0x04, 0x6c, 0xd0, 0xbe, 0x92, 0xca, 0xc5, 0xe8, 0x95,
				0x0f, 0x1d, 0x22, 0x81, 0x88, 0x09, 0x63, 0x3a, 0x3e, 0x9b }
	};
	uint64_t counted = 0;
	uint64_t faults = 0;
	const struct verify_setup setup = {
		.keys = &key, .key_count = 1, .most_parcels = MOST, .found = take, .arg = &counted
	};
	struct stream_verify *verify;
	struct verify_totals totals;

	if (sign_start() != ERR_OK || stream_verify_new(&verify, &setup) != ERR_OK)
		abort();
	sign_key_id(key.public.key, key.public.id);
	while (len > 0) {
		const uint8_t *end = memchr(data, '\n', len);
		size_t line_len = end ? (size_t)(end - data) : len;

		if (stream_verify_line(verify, (const char *)data, line_len) != ERR_OK)
			break;
		data += end ? line_len + 1 : line_len;
		len -= end ? line_len + 1 : line_len;
	}
	stream_verify_end(verify, &totals);
	for (unsigned i = 0; i < VERIFY_FAULTS; i++)
		faults += totals.faults[i];
	if (faults != counted || totals.is_whole != (faults == 0) || totals.genuine > MOST)
		abort();
	stream_verify_free(verify);
	return 0;
}
