#include "dissectors/ikev2.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/session_desk.h"

#include <stdio.h>
#include <string.h>

enum { PORT_IKE = 500, PORT_NAT = 4500 };

struct ike_notes {
	bool has_told[2]; /* the server's first message, the client's, of this handshake */
	uint8_t initiator_spi[IKE_SPI_LEN];
};

_Static_assert(sizeof(struct ike_notes) <= DESK_NOTES_BYTES, "a flow has that much room");

struct word {
	uint16_t number;
	const char *text;
};

static const struct word exchanges[] = {
	{ IKE_V1_BASE, "BASE" },
	{ IKE_V1_MAIN, "MAIN" },
	{ IKE_V1_AUTHENTICATION, "AUTHENTICATION_ONLY" },
	{ IKE_V1_AGGRESSIVE, "AGGRESSIVE" },
	{ IKE_V1_INFORMATIONAL, "INFORMATIONAL" },
	{ IKE_V1_TRANSACTION, "TRANSACTION" },
	{ IKE_V1_QUICK, "QUICK" },
	{ IKE_V1_NEW_GROUP, "NEW_GROUP" },
	{ IKE_SA_INIT, "IKE_SA_INIT" },
	{ IKE_AUTH, "IKE_AUTH" },
	{ IKE_CREATE_CHILD_SA, "CREATE_CHILD_SA" },
	{ IKE_INFORMATIONAL, "INFORMATIONAL" },
	{ IKE_SESSION_RESUME, "IKE_SESSION_RESUME" },
	{ IKE_GSA_AUTH, "GSA_AUTH" },
	{ IKE_GSA_REGISTRATION, "GSA_REGISTRATION" },
	{ IKE_GSA_REKEY, "GSA_REKEY" },
	{ IKE_INTERMEDIATE, "IKE_INTERMEDIATE" },
	{ IKE_FOLLOWUP_KE, "IKE_FOLLOWUP_KE" },
};

static const struct word notifies[] = {
	{ IKE_NOTIFY_NO_PROPOSAL_CHOSEN, "NO_PROPOSAL_CHOSEN" },
	{ IKE_NOTIFY_INVALID_KE_PAYLOAD, "INVALID_KE_PAYLOAD" },
	{ IKE_NOTIFY_AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED" },
	{ IKE_NOTIFY_NAT_DETECTION_SOURCE, "NAT_DETECTION_SOURCE_IP" },
	{ IKE_NOTIFY_NAT_DETECTION_DESTINATION, "NAT_DETECTION_DESTINATION_IP" },
	{ IKE_NOTIFY_COOKIE, "COOKIE" },
};

static void add_word(struct attributes *said, enum attribute attribute, const struct word *words,
		     size_t count, uint16_t number)
{
	char digits[6];

	for (size_t i = 0; i < count; i++) {
		if (words[i].number == number) {
			attributes_add_text(said, attribute, words[i].text);
			return;
		}
	}
	(void)snprintf(digits, sizeof(digits), "%u", (unsigned)number);
	attributes_add_text(said, attribute, digits);
}

static void tell(struct hearing *hearing, const struct ikev2 *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_IKE);

	attributes_add_text(said, ATTRIBUTE_VERSION, message->major == 1 ? "IKEv1" : "IKEv2");
	add_word(said, ATTRIBUTE_EXCHANGE, exchanges, sizeof(exchanges) / sizeof(exchanges[0]),
		 message->exchange);
	for (uint8_t i = 0; i < message->notify_count; i++)
		add_word(said, ATTRIBUTE_NOTIFY, notifies, sizeof(notifies) / sizeof(notifies[0]),
			 message->notifies[i]);
	for (uint8_t i = 0; i < message->vendor_id_count; i++)
		attributes_add_hex(said, ATTRIBUTE_VENDOR_ID, message->vendor_ids[i]);
	hearing_tell(hearing);
}

/* Each try to get in begins anew, mostly between the same two ports. */
static void begin_anew(struct ike_notes *notes, const struct ikev2 *message)
{
	static const uint8_t none[IKE_SPI_LEN];

	if (memcmp(message->responder_spi, none, sizeof(none)) != 0 ||
	    memcmp(message->initiator_spi, notes->initiator_spi, sizeof(none)) == 0)
		return;
	memset(notes, 0, sizeof(*notes));
	memcpy(notes->initiator_spi, message->initiator_spi, sizeof(none));
}

static enum datagram_service read_ike(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct cursor in = datagram->payload;
	struct ike_notes *notes;
	struct ikev2 message;

	if ((datagram->source_port == PORT_NAT || datagram->destination_port == PORT_NAT) &&
	    !ikev2_skip_marker(&in))
		return DATAGRAM_NONE;
	if (!hearing_is_readable(hearing, dissect_ikev2(in, &message)))
		return DATAGRAM_NONE;
	notes = session_desk_notes(datagram->desk, DESK_IKE, hearing->flow.id);
	begin_anew(notes, &message);
	if (!notes->has_told[hearing->from_client])
		tell(hearing, &message);
	notes->has_told[hearing->from_client] = true;
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_ike = {
	.ports = { PORT_IKE, PORT_NAT },
	.read = read_ike,
};
