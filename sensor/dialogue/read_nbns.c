#include "dissectors/nbns.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/datagram_readers.h"

#include <stdio.h>
#include <string.h>

enum { PORT_NBNS = 137, SERVER_SUFFIX = 0x20 };

static const struct code_word type_rows[] = {
	{ NBNS_QUERY, "query" },
	{ NBNS_REGISTRATION, "registration" },
	{ NBNS_RELEASE, "release" },
	{ NBNS_WAIT, "wait" },
	{ NBNS_REFRESH, "refresh" },
	{ NBNS_REFRESH_ALSO, "refresh" },
	{ NBNS_MULTIHOMED_REGISTRATION, "multihomed registration" },
};
static const struct code_words types = CODE_WORDS(type_rows);

static bool is_own_name(const struct nbns *message)
{
	bool is_claim = message->opcode == NBNS_REGISTRATION || message->opcode == NBNS_REFRESH ||
			message->opcode == NBNS_REFRESH_ALSO ||
			message->opcode == NBNS_MULTIHOMED_REGISTRATION;

	return is_claim && !message->is_response && !message->is_group &&
	       (message->suffix == 0 || message->suffix == SERVER_SUFFIX);
}

static struct span name_of(const struct nbns *message)
{
	return (struct span){ .data = (const uint8_t *)message->name,
			      .len = strlen(message->name) };
}

static void tell_name(struct hearing *hearing, const struct nbns *message)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->mac = hearing->source_mac;
	told->address = hearing->source;
	told->source = DEVICE_NAME_NBNS;
	(void)text_from_wire(name_of(message), told->name, sizeof(told->name));
	if (told->name[0] != '\0')
		hearing_tell(hearing);
}

static void tell_message(struct hearing *hearing, const struct nbns *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_NBNS);
	char suffix[8];

	if (message->opcode == NBNS_QUERY && message->type == NBNS_TYPE_STATUS)
		attributes_add_text(said, ATTRIBUTE_TYPE, "node status");
	else
		code_words_say(&types, said, ATTRIBUTE_TYPE, message->opcode);
	if (message->is_response) {
		attributes_add_flag(said, ATTRIBUTE_RESPONSE);
		attributes_add_number(said, ATTRIBUTE_RCODE, message->rcode);
	}
	attributes_add_wire(said, ATTRIBUTE_NAME, name_of(message));
	(void)snprintf(suffix, sizeof(suffix), "0x%02x", (unsigned)message->suffix);
	attributes_add_text(said, ATTRIBUTE_SUFFIX, suffix);
	if (message->has_address) {
		struct address address = address_v4(message->address);

		attributes_add_address(said, ATTRIBUTE_ADDRESS, &address);
	}
	if (message->is_group)
		attributes_add_flag(said, ATTRIBUTE_GROUP);
	hearing_tell(hearing);
}

static enum datagram_service read_nbns(const struct datagram *datagram)
{
	struct nbns message;

	if (!hearing_is_readable(datagram->hearing, dissect_nbns(datagram->payload, &message)))
		return DATAGRAM_NONE;
	if (is_own_name(&message))
		tell_name(datagram->hearing, &message);
	tell_message(datagram->hearing, &message);
	return DATAGRAM_NBNS;
}

const struct datagram_reader datagram_reader_nbns = {
	.ports = { PORT_NBNS },
	.read = read_nbns,
};
