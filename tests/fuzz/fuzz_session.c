/*
 * The input: which port, how many segments, then of each five bytes (flags, where, how long), the
 * length of the client's words, and the words of both sides. Each segment lies in a block of its
 * own size.
 */
#include "sensor/dialogue/session.h"
#include "sensor/dialogue/session_readers.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum {
	SEGMENTS_MAX = 64,
	FROM_CLIENT = 1,
	ALONE = 2,
	CUT = 4, /* by the capture: half of it is shown */
	ALTERED = 8,
	KNOWN_FIRST = 16,
	WITHOUT_ACKNOWLEDGEMENT = 32,
	NEXT = 64, /* goes on where this side's last ended */
	FAR = 128, /* behind a great deal that was not shown */
};

static const uint16_t ports[] = { 80,   443,  53,   21,   22,   23,   25,   88,   110,  135,
				  139,  143,  389,  445,  502,  587,  993,  1080, 88,   636,
				  1883, 1194, 3128, 3268, 3389, 5900, 5985, 8080, 8443, 40000 };

struct side {
	struct span words;
	uint32_t first;
	uint32_t end; /* of the last segment, from the first byte */
};

struct trial {
	struct sessions *sessions;
	uint32_t handle;
	struct hearing hearing;
	struct side sides[2];
};

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

/* What a reader would take up, its first bytes must not hide. */
static void check_first_bytes(bool from_client, struct span bytes)
{
	for (size_t i = 0; i < session_readers_count; i++) {
		const struct session_reader *reader = session_readers[i];

		if (reader->begins &&
		    reader->begins(from_client, cursor_over(bytes.data, bytes.len)) &&
		    !session_reader_begins(reader, from_client, bytes))
			abort();
	}
}

static void hear(struct trial *t, struct cursor *in)
{
	uint8_t flags = cursor_u8(in);
	uint32_t at = cursor_be16(in);
	size_t len = cursor_be16(in);
	struct side *side = &t->sides[flags & FROM_CLIENT];
	const struct side *other = &t->sides[!(flags & FROM_CLIENT)];
	struct cursor words = { .rest = side->words };
	struct span shown;
	uint8_t *block;

	at = (flags & NEXT) != 0 ? side->end : at;
	cursor_skip(&words, at < cursor_left(&words) ? at : cursor_left(&words));
	shown = cursor_take_up_to(&words, len);
	side->end = at + (uint32_t)shown.len;
	at += (flags & FAR) != 0 ? UINT32_C(0x50000000) : 0;

	struct session_segment segment = {
		.payload = { .len = (flags & CUT) != 0 ? shown.len / 2 : shown.len },
		.payload_len = (uint32_t)shown.len,
		.sequence = side->first + at,
		.acknowledged = other->first + other->end,
		.has_acknowledged = (flags & WITHOUT_ACKNOWLEDGEMENT) == 0,
		.first = side->first,
		.has_first = (flags & KNOWN_FIRST) != 0,
		.is_alone = (flags & ALONE) != 0,
	};

	block = malloc(segment.payload.len + 1);
	if (!block)
		return;
	segment.payload.data = block;
	if (segment.payload.len > 0)
		memcpy(block, shown.data, segment.payload.len);
	if ((flags & ALTERED) != 0 && segment.payload.len > 0)
		block[segment.payload.len / 2] ^= flags;
	t->hearing.from_client = (flags & FROM_CLIENT) != 0;
	check_first_bytes(t->hearing.from_client, segment.payload);
	(void)session_may_begin(t->hearing.from_client, segment.payload);
	(void)sessions_hear(t->sessions, &t->handle, 1, &t->hearing, &segment);
	(void)sessions_is_tls(t->sessions, t->handle);
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct trial t;
	struct cursor in = cursor_over(data, len);
	uint8_t port = cursor_u8(&in);
	unsigned count = cursor_u8(&in) % SEGMENTS_MAX;
	struct cursor segments = cursor_sub(&in, (size_t)5 * count);
	size_t client_len = cursor_be16(&in);

	if (!cursor_ok(&in))
		return 0;
	if (!t.sessions && sessions_new(&t.sessions, gone, NULL) != ERR_OK)
		return 0;
	t.hearing.flow.server_port = ports[port % (sizeof(ports) / sizeof(ports[0]))];
	t.hearing.flow.client_port = 50000;
	t.hearing.flow.protocol = 6;
	t.hearing.told = told;
	t.sides[FROM_CLIENT] = (struct side){ .words = cursor_take_up_to(&in, client_len),
					      .first = UINT32_MAX - 100 };
	t.sides[0] = (struct side){ .words = in.rest, .first = 7 };
	while (cursor_left(&segments) > 0)
		hear(&t, &segments);
	sessions_drop(t.sessions, t.handle);
	t.handle = 0;
	return 0;
}
