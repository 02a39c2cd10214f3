#include "dissectors/quic_frame.h"

#include "dissectors/quic_varint.h"

static const uint64_t offset_max = (UINT64_C(1) << 62) - 1; /* RFC 9000 19.6 */

/* Most of an Initial is padding. */
static void skip_padding(struct cursor *in)
{
	static const uint8_t zeros[64];
	struct cursor peek = *in;

	while (cursor_left(&peek) >= sizeof(zeros)) {
		if (memcmp(cursor_take(&peek, sizeof(zeros)).data, zeros, sizeof(zeros)) != 0)
			break;
		*in = peek;
	}
	peek = *in;
	while (cursor_left(&peek) > 0 && cursor_u8(&peek) == QUIC_PADDING)
		*in = peek;
}

static void skip_ack(struct cursor *in, bool has_ecn)
{
	enum { LARGEST_AND_DELAY = 2, GAP_AND_LENGTH = 2, ECN_COUNTS = 3 };

	for (int i = 0; i < LARGEST_AND_DELAY; i++)
		(void)quic_varint(in);

	uint64_t ranges = quic_varint(in);

	(void)quic_varint(in);                        /* the first range */
	for (; ranges > 0 && cursor_ok(in); ranges--) /* each eats two bytes, or ends it */
		for (int i = 0; i < GAP_AND_LENGTH; i++)
			(void)quic_varint(in);
	for (int i = 0; has_ecn && i < ECN_COUNTS; i++)
		(void)quic_varint(in);
}

static void read_close(struct cursor *in, struct quic_frame *frame)
{
	frame->error = quic_varint(in);
	(void)quic_varint(in); /* the frame that is to blame */
	frame->bytes = quic_take_counted(in);
}

/* False for a frame that an Initial may not carry. */
static bool read_body(struct cursor *in, uint64_t type, struct quic_frame *frame)
{
	switch (type) {
	case QUIC_PADDING:
		skip_padding(in);
		break;
	case QUIC_PING:
		break;
	case QUIC_ACK:
	case QUIC_ACK_ECN:
		skip_ack(in, type == QUIC_ACK_ECN);
		break;
	case QUIC_CRYPTO:
		frame->offset = quic_varint(in);
		frame->bytes = quic_take_counted(in);
		break;
	case QUIC_CONNECTION_CLOSE:
		read_close(in, frame);
		break;
	default:
		return false;
	}
	return frame->bytes.len <= offset_max - frame->offset;
}

enum dissect dissect_quic_frame(struct cursor *payload, struct quic_frame *out)
{
	struct quic_frame frame = { 0 };
	struct cursor in = *payload;
	uint64_t type = quic_varint(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (!read_body(&in, type, &frame))
		return DISSECT_MALFORMED;
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	frame.type = (enum quic_frame_type)type;
	*payload = in;
	*out = frame;
	return DISSECT_OK;
}
