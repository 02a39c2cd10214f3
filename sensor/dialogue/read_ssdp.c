#include "dissectors/ssdp.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

enum { PORT_SSDP = 1900 };

static const struct code_word type_rows[] = {
	{ SSDP_SEARCH, "M-SEARCH" },
	{ SSDP_NOTIFY, "NOTIFY" },
	{ SSDP_RESPONSE, "response" },
};
static const struct code_words types = CODE_WORDS(type_rows);

static enum datagram_service read_ssdp(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct attributes *said;
	struct ssdp message;

	if (!hearing_is_readable(hearing, dissect_ssdp(datagram->payload, &message)))
		return DATAGRAM_NONE;
	said = hearing_message(hearing, MESSAGE_SSDP);
	code_words_say(&types, said, ATTRIBUTE_TYPE, message.kind);
	attributes_add_wire(said, ATTRIBUTE_TARGET, message.target);
	attributes_add_wire(said, ATTRIBUTE_NTS, message.nts);
	attributes_add_wire(said, ATTRIBUTE_USN, message.usn);
	attributes_add_wire(said, ATTRIBUTE_SERVER, message.server);
	attributes_add_wire(said, ATTRIBUTE_LOCATION, message.location);
	attributes_add_wire(said, ATTRIBUTE_USER_AGENT, message.user_agent);
	if (message.headers_truncated)
		attributes_add_flag(said, ATTRIBUTE_DAMAGED);
	hearing_tell(hearing);
	return DATAGRAM_OTHER;
}

const struct datagram_reader datagram_reader_ssdp = {
	.ports = { PORT_SSDP },
	.read = read_ssdp,
};
