/* The input: flags, both ports, then datagrams, each behind its length. */
#include "sensor/dialogue/datagram.h"
#include "sensor/dialogue/session.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { TO_SERVER = 1, CUT = 2, FROM_LINK_LOCAL = 4, DATAGRAMS_MAX = 16 };

static void told(void *arg, const struct fact *fact)
{
	const struct attributes *said = fact_attributes_of(fact);
	struct attribute_value value;
	size_t at = 0;

	(void)arg;
	if (said && said->used > ATTRIBUTES_BYTES)
		abort();
	while (said && attributes_next(said, &at, &value)) {
		if (value.text)
			fuzz_touch_span(
				(struct span){ (const uint8_t *)value.text, strlen(value.text) });
	}
}

static void gone(void *arg, uint32_t owner)
{
	(void)arg;
	(void)owner;
}

static void read_one(struct datagram *datagram, struct span bytes)
{
	uint8_t *block = malloc(bytes.len + 1);

	if (!block)
		return;
	if (bytes.len > 0)
		memcpy(block, bytes.data, bytes.len);
	datagram->payload = cursor_over(block, bytes.len);
	(void)datagram_read(datagram);
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct sessions *sessions;
	static struct hearing hearing;
	struct cursor in = cursor_over(data, len);
	uint8_t flags = cursor_u8(&in);
	uint16_t source_port = cursor_be16(&in);
	uint16_t destination_port = cursor_be16(&in);

	if (!sessions && sessions_new(&sessions, gone, NULL) != ERR_OK)
		return 0;

	struct datagram datagram = {
		.hearing = &hearing,
		.desk = sessions_desk(sessions),
		.source_port = source_port,
		.destination_port = destination_port,
		.is_cut = (flags & CUT) != 0,
	};

	hearing.from_client = (flags & TO_SERVER) != 0;
	hearing.flow.protocol = 17;
	hearing.flow.client_port = hearing.from_client ? source_port : destination_port;
	hearing.flow.server_port = hearing.from_client ? destination_port : source_port;
	hearing.source.bytes[0] = (flags & FROM_LINK_LOCAL) != 0 ? 0xfe : 0;
	hearing.told = told;
	for (unsigned i = 0; i < DATAGRAMS_MAX && cursor_left(&in) > 0; i++) {
		size_t wanted = cursor_be16(&in);

		read_one(&datagram, cursor_take_up_to(&in, wanted));
	}
	return 0;
}
