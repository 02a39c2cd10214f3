#include "dissectors/wireguard.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/session_desk.h"

/* Of one message nothing is proved; a response that names the initiation's sender is proof. */
struct wireguard_notes {
	bool has_initiation;
	bool is_from_client;
	bool is_told;
	uint32_t sender;
};

_Static_assert(sizeof(struct wireguard_notes) <= DESK_NOTES_BYTES, "a flow has that much room");

static void tell(struct hearing *hearing, bool is_answered)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_WIREGUARD);

	attributes_add_text(said, ATTRIBUTE_OUTCOME, is_answered ? "accepted" : "challenged");
	hearing_tell(hearing);
}

static enum datagram_service read_initiation(const struct datagram *datagram,
					     const struct wireguard *message)
{
	struct hearing *hearing = datagram->hearing;
	struct wireguard_notes *notes =
		session_desk_notes(datagram->desk, DESK_WIREGUARD, hearing->flow.id);

	notes->has_initiation = true;
	notes->is_from_client = hearing->from_client;
	notes->sender = message->sender;
	return DATAGRAM_OTHER;
}

static enum datagram_service read_answer(const struct datagram *datagram,
					 const struct wireguard *message)
{
	struct hearing *hearing = datagram->hearing;
	struct wireguard_notes *notes =
		session_desk_find_notes(datagram->desk, DESK_WIREGUARD, hearing->flow.id);

	if (!notes || !notes->has_initiation || notes->sender != message->receiver ||
	    notes->is_from_client == hearing->from_client)
		return DATAGRAM_NONE;
	if (!notes->is_told)
		tell(hearing, message->type == WIREGUARD_RESPONSE);
	notes->is_told = message->type == WIREGUARD_RESPONSE;
	return DATAGRAM_OTHER;
}

static enum datagram_service read_wireguard(const struct datagram *datagram)
{
	struct wireguard message;

	if (dissect_wireguard(datagram->payload, &message) != DISSECT_OK)
		return DATAGRAM_NONE;
	switch (message.type) {
	case WIREGUARD_INITIATION:
		return read_initiation(datagram, &message);
	case WIREGUARD_RESPONSE:
	case WIREGUARD_COOKIE:
		return read_answer(datagram, &message);
	case WIREGUARD_TRANSPORT:
		break; /* says nothing, and its bytes may be anybody's */
	}
	return DATAGRAM_NONE;
}

const struct datagram_reader datagram_reader_wireguard = {
	.read = read_wireguard,
};
