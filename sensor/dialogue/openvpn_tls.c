#include "sensor/dialogue/openvpn_tls.h"

#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/session_readers.h"

/* The window has what was not read yet, from the first byte on that is wanted. */
static bool read_on(struct hearing *hearing, struct session_desk *desk, struct desk_stream *stream)
{
	struct span held = stream_window_prefix(&stream->bytes);
	struct session_turn turn = { .hearing = hearing,
				     .desk = desk,
				     .notes = stream->notes,
				     .stream = cursor_over(held.data, held.len) };
	struct reading reading = session_read_tls(&turn, TLS_OVER_OPENVPN);

	if (reading.state != READING_ON && reading.state != READING_WAIT)
		return false;
	if (reading.consumed > 0)
		stream_window_advance(&stream->bytes, (uint32_t)reading.consumed);
	return stream_window_prefix(&stream->bytes).len < STREAM_WINDOW_BYTES;
}

bool openvpn_tls_hear(struct hearing *hearing, struct session_desk *desk,
		      const struct openvpn *packet)
{
	struct desk_stream *stream;

	if (packet->protection == OPENVPN_TLS_CRYPT)
		return false;
	if (packet->opcode != OPENVPN_CONTROL || packet->key_id != 0 || packet->payload.len == 0)
		return packet->opcode != OPENVPN_DATA_V1 && packet->opcode != OPENVPN_DATA_V2;
	stream = session_desk_stream(desk, hearing->flow.id, hearing->from_client);
	if (!stream->has_begun) {
		stream->has_begun = true;
		stream->next_piece = 1;
		stream_window_start(&stream->bytes, 0);
	}
	if (stream->is_over || packet->packet_id != stream->next_piece)
		return !stream->is_over;
	stream->next_piece++;
	(void)stream_window_add(&stream->bytes, stream->len, packet->payload);
	stream->len += (uint32_t)packet->payload.len;
	stream->is_over = !read_on(hearing, desk, stream);
	return !stream->is_over;
}

void openvpn_tls_begin_anew(const struct hearing *hearing, struct session_desk *desk)
{
	session_desk_drop_stream(desk, hearing->flow.id, false);
	session_desk_drop_stream(desk, hearing->flow.id, true);
}
