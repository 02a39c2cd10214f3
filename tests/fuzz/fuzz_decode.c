/*
 * Input: a byte that picks the link type, then frames, each behind its length (16 bits,
 * big-endian). All are decoded twice through one decoder, so that what the fragment cache holds is
 * used, and beside it through one that has no short cut for plain packets, which must say the same.
 */
#include "sensor/decode/decode.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/same_packet.h"

#include <stdlib.h>
#include <string.h>

enum { FRAMES_MAX = 64 };

static const uint32_t link_types[] = {
	LINK_ETHERNET,  LINK_NULL, LINK_PPP,  LINK_RAW,        LINK_LOOP,
	LINK_LINUX_SLL, LINK_IPV4, LINK_IPV6, LINK_LINUX_SLL2, 127, /* of no use to decode */
};

/* From an exact copy: a span that reaches past the frame must not end in the next one. */
static void decode_copy(struct decoder *decoder, struct decoder *layers, uint32_t link_type,
			struct span bytes, uint64_t number)
{
	uint8_t *exact = malloc(bytes.len > 0 ? bytes.len : 1);
	struct frame frame = { .time = number * NANOTIME_SECOND,
			       .bytes = { .data = exact, .len = bytes.len },
			       .wire_len = (uint32_t)bytes.len,
			       .link_type = link_type };
	struct packet packet;
	struct packet same;

	if (!exact)
		abort();
	if (bytes.len > 0)
		memcpy(exact, bytes.data, bytes.len);

	enum decode_result result = decoder_decode(decoder, &frame, number, &packet);

	if (decoder_decode_layers(layers, &frame, number, &same) != result)
		abort();
	if (result == DECODE_OK) {
		if (!same_packet(&packet, &same))
			abort();
		fuzz_touch_span(packet.ip);
		fuzz_touch_span(packet.payload);
		if (packet.kind == PACKET_IP &&
		    (packet.ip.len > packet.ip_len || packet.payload.len > packet.payload_len ||
		     packet.payload_len > packet.ip_len))
			abort();
	}
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	uint32_t link_type =
		link_types[cursor_u8(&in) % (sizeof(link_types) / sizeof(link_types[0]))];
	struct decoder *decoder;
	struct decoder *layers;
	uint64_t number = 0;

	if (decoder_new(&decoder) != ERR_OK || decoder_new(&layers) != ERR_OK)
		abort();
	for (int pass = 0; pass < 2; pass++) {
		struct cursor rest = in;

		for (int i = 0; i < FRAMES_MAX && cursor_left(&rest) > 0; i++) {
			struct span frame = cursor_take(&rest, cursor_be16(&rest));

			if (!cursor_ok(&rest))
				break;
			decode_copy(decoder, layers, link_type, frame, ++number);
		}
	}
	decoder_free(decoder);
	decoder_free(layers);
	return 0;
}
