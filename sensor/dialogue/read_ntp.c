#include "dissectors/ntp.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

enum {
	PORT_NTP = 123,
	STRATUM_PRIMARY = 1, /* up to it `reference` is letters: a clock's name or a kiss code */
	FRACTION_BITS = 32,
};

static const struct code_word mode_rows[] = {
	{ NTP_SYMMETRIC_ACTIVE, "symmetric active" },
	{ NTP_SYMMETRIC_PASSIVE, "symmetric passive" },
	{ NTP_CLIENT, "client" },
	{ NTP_SERVER, "server" },
	{ NTP_BROADCAST, "broadcast" },
};
static const struct code_words modes = CODE_WORDS(mode_rows);

static const struct code_word version_rows[] = {
	{ 1, "NTPv1" },
	{ 2, "NTPv2" },
	{ 3, "NTPv3" },
	{ 4, "NTPv4" },
};
static const struct code_words versions = CODE_WORDS(version_rows);

static void say_reference(struct attributes *said, const struct ntp *message)
{
	struct span letters = { .data = message->reference, .len = NTP_REFERENCE_LEN };
	struct address address = address_v4(message->reference);
	char text[ADDRESS_TEXT_LEN + 1];

	if (address_is_unspecified(&address))
		return;
	if (message->stratum <= STRATUM_PRIMARY) {
		while (letters.len > 0 && letters.data[letters.len - 1] == '\0')
			letters.len--;
		attributes_add_wire(said, ATTRIBUTE_REFERENCE, letters);
		return;
	}
	text[address_text(&address, text)] = '\0';
	attributes_add_text(said, ATTRIBUTE_REFERENCE, text);
}

/* Clients send what they like: only one who gives the time says what it is. */
static void say_time(struct attributes *said, const struct ntp *message)
{
	int64_t seconds = ntp_unix_seconds(message->transmit_seconds);
	uint64_t fraction = (uint64_t)message->transmit_fraction * NANOTIME_SECOND >> FRACTION_BITS;
	char text[NANOTIME_TEXT_LEN + 1];

	if (message->mode == NTP_CLIENT || message->transmit_seconds == 0 || seconds < 0)
		return;
	text[nanotime_text((nanotime)seconds * NANOTIME_SECOND + fraction, text)] = '\0';
	attributes_add_text(said, ATTRIBUTE_TRANSMIT_TIME, text);
}

static enum datagram_service read_ntp(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct attributes *said;
	struct ntp message;

	if (!hearing_is_readable(hearing, dissect_ntp(datagram->payload, &message)))
		return DATAGRAM_NONE;
	said = hearing_message(hearing, MESSAGE_NTP);
	code_words_say(&versions, said, ATTRIBUTE_VERSION, message.version);
	code_words_say(&modes, said, ATTRIBUTE_TYPE, message.mode);
	if (message.mode != NTP_CLIENT) {
		attributes_add_number(said, ATTRIBUTE_STRATUM, message.stratum);
		say_reference(said, &message);
		say_time(said, &message);
	}
	hearing_tell(hearing);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_ntp = {
	.ports = { PORT_NTP },
	.read = read_ntp,
};
