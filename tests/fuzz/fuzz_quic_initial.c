/*
 * The input: a byte of choices, then datagrams, each behind a length of 16 bits. By the choices the
 * bytes are a datagram as they stand, or frames that are sealed here first: no fuzzer guesses keys.
 */
#include "sensor/hello/quic_initial.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/quic_seal.h"

#include <stdlib.h>

enum {
	DATAGRAMS_MAX = 16,
	FRAMES_MAX = 4096,
	SEAL = 0x01,
	OTHER_ID = 0x02,
};

static size_t seal(uint8_t choices, struct span frames, uint8_t *out)
{
	uint8_t header[] = { 0xc0, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0 };
	uint8_t id = choices & OTHER_ID ? 9 : 8;
	size_t len = 1 + frames.len + QUIC_SEAL_TAG_LEN;
	struct quic_keys keys;

	header[13] = id;
	header[16] = (uint8_t)(0x40 | len >> 8);
	header[17] = (uint8_t)len;
	quic_keys_derive(&keys, QUIC_FAMILY_V1, (struct span){ header + 6, 8 });
	return quic_seal(&keys, (struct quic_seal_header){ header, sizeof(header), 1 }, frames,
			 out);
}

static void add(struct quic_initial *initial, struct quic_opener *opener, struct cursor *in)
{
	uint8_t choices = cursor_u8(in);
	struct span bytes = cursor_take_up_to(in, cursor_be16(in) % FRAMES_MAX);
	uint8_t *datagram = malloc(bytes.len + 64);
	size_t len = bytes.len;

	if (!datagram)
		return;
	if (choices & SEAL)
		len = seal(choices, bytes, datagram);
	else if (len > 0)
		memcpy(datagram, bytes.data, len);
	enum dissect got = quic_initial_add(initial, opener, (struct span){ datagram, len });
	struct span prefix = quic_initial_prefix(initial);

	free(datagram);
	fuzz_touch_span(prefix);
	if (got == DISSECT_OK && prefix.len == 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct quic_opener *opener;
	static struct quic_initial initial;
	struct cursor in = cursor_over(data, len);

	if (!opener && quic_opener_new(&opener) != ERR_OK)
		abort();
	quic_initial_start(&initial);
	for (int i = 0; i < DATAGRAMS_MAX && cursor_left(&in) > 0; i++)
		add(&initial, opener, &in);
	return 0;
}
