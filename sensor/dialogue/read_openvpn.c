#include "dissectors/openvpn.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/openvpn_tls.h"
#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/session_readers.h"

/* A client's reset may be any datagram of its size; what names its session is an answer. */
struct openvpn_notes {
	bool has_reset;
	bool is_from_client;
	bool is_told;
	uint8_t opcode; /* of the reset, as are the next two */
	uint8_t protection;
	uint8_t session_id[OPENVPN_SESSION_LEN];
};

_Static_assert(sizeof(struct openvpn_notes) <= DESK_NOTES_BYTES, "a flow has that much room");
_Static_assert(sizeof(struct openvpn_notes) <= SESSION_NOTES_BYTES, "a session likewise");

/* What an unknown flow may begin with, or what follows in one that is a tunnel's. */
static bool is_control(uint8_t first, bool is_tunnel)
{
	enum { OPCODE_SHIFT = 3 };
	uint8_t opcode = first >> OPCODE_SHIFT;

	return opcode == OPENVPN_RESET_CLIENT_V1 || opcode == OPENVPN_RESET_SERVER_V1 ||
	       opcode == OPENVPN_RESET_CLIENT_V2 || opcode == OPENVPN_RESET_SERVER_V2 ||
	       opcode == OPENVPN_RESET_CLIENT_V3 || (opcode == OPENVPN_CONTROL && is_tunnel);
}

static void tell(struct hearing *hearing, const struct openvpn *answer)
{
	static const char *const texts[] = {
		[OPENVPN_PLAIN] = "none",
		[OPENVPN_TLS_AUTH] = "tls-auth",
		[OPENVPN_TLS_CRYPT] = "tls-crypt",
	};
	struct attributes *said = hearing_message(hearing, MESSAGE_OPENVPN);

	attributes_add_text(said, ATTRIBUTE_PROTECTION, texts[answer->protection]);
	hearing_tell(hearing);
}

static void note_reset(struct hearing *hearing, struct session_desk *desk,
		       struct openvpn_notes *notes, const struct openvpn *packet)
{
	if (!notes->has_reset ||
	    memcmp(notes->session_id, packet->session_id, sizeof(notes->session_id)) != 0) {
		openvpn_tls_begin_anew(hearing, desk);
		notes->is_told = false;
	}
	notes->has_reset = true;
	notes->is_from_client = hearing->from_client;
	notes->opcode = (uint8_t)packet->opcode;
	notes->protection = (uint8_t)packet->protection;
	memcpy(notes->session_id, packet->session_id, sizeof(notes->session_id));
}

/* False when it answers nobody. */
static bool note_answer(struct hearing *hearing, struct openvpn_notes *notes,
			const struct openvpn *packet)
{
	struct openvpn client = { .opcode = (enum openvpn_opcode)notes->opcode,
				  .protection = (enum openvpn_protection)notes->protection };

	memcpy(client.session_id, notes->session_id, sizeof(client.session_id));
	if (!notes->has_reset || notes->is_from_client == hearing->from_client ||
	    !openvpn_answers(packet, &client))
		return false;
	if (!notes->is_told)
		tell(hearing, packet);
	notes->is_told = true;
	return true;
}

static enum datagram_service read_datagram(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct openvpn_notes *notes =
		session_desk_find_notes(datagram->desk, DESK_OPENVPN, hearing->flow.id);
	struct openvpn packet;
	struct cursor peek = datagram->payload;

	if (!is_control(cursor_u8(&peek), notes != NULL) ||
	    dissect_openvpn(datagram->payload, &packet) != DISSECT_OK)
		return DATAGRAM_NONE;
	if (openvpn_is_client_reset(&packet)) {
		note_reset(hearing, datagram->desk,
			   session_desk_notes(datagram->desk, DESK_OPENVPN, hearing->flow.id),
			   &packet);
		return DATAGRAM_OTHER;
	}
	if (!notes)
		return DATAGRAM_NONE;
	if (note_answer(hearing, notes, &packet))
		return DATAGRAM_OTHER;
	if (!notes->is_told)
		return DATAGRAM_NONE;
	(void)openvpn_tls_hear(hearing, datagram->desk, &packet);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_openvpn = {
	.read = read_datagram,
};

/* By a client's reset: its length, its opcode and all that it holds must fit one another. */
static enum dissect opens(const struct session_opening *opening)
{
	enum { LENGTH_HIGH_MAX = 7 };
	struct cursor in = opening->stream;
	struct openvpn packet;
	enum dissect got;

	if (!opening->from_client || cursor_u8(&in) > LENGTH_HIGH_MAX)
		return DISSECT_OTHER;
	cursor_skip(&in, 1);
	if (cursor_left(&in) > 0 && !is_control(cursor_u8(&in), false))
		return DISSECT_OTHER;
	got = dissect_openvpn_stream(opening->stream, &packet);
	return got != DISSECT_OK || openvpn_is_client_reset(&packet) ? got : DISSECT_OTHER;
}

static struct reading read_stream(struct session_turn *turn)
{
	struct openvpn_notes *notes = turn->notes;
	struct openvpn packet;
	enum dissect got = dissect_openvpn_stream(turn->stream, &packet);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_end();
	if (openvpn_is_client_reset(&packet))
		note_reset(turn->hearing, turn->desk, notes, &packet);
	else if (!note_answer(turn->hearing, notes, &packet) && !notes->is_told)
		return reading_end();
	return openvpn_tls_hear(turn->hearing, turn->desk, &packet) ? reading_on(packet.consumed)
								    : reading_end();
}

const struct session_reader session_reader_openvpn = {
	.opens = opens,
	.read = read_stream,
};
