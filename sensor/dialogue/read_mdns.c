#include "dissectors/dns.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/dns_words.h"

#include <string.h>

enum { PORT_MDNS = 5353, PORT_LLMNR = 5355 };

static const char local_suffix[] = ".local"; /* RFC 6762 3 */

static struct address address_of(const struct dns_answer *answer)
{
	return answer->address_len == 4 ? address_v4(answer->address) : address_v6(answer->address);
}

/* A responder also answers for others (a sleep proxy): only its own address names it. */
static bool speaks_of_itself(const struct dns *message, const struct hearing *hearing)
{
	bool has_address = false;

	for (uint8_t i = 0; i < message->answers_kept; i++) {
		if (message->answers[i].address_len == 0)
			continue;

		struct address a = address_of(&message->answers[i]);

		if (address_equal(&a, &hearing->source))
			return true;
		has_address = true;
	}
	return !has_address;
}

static bool is_local_host(const struct dns_name *name)
{
	return text_host_under(name->text, local_suffix + 1) &&
	       strlen(name->text) > strlen(local_suffix);
}

static void tell_name(struct hearing *hearing, const struct dns_name *owner)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->mac = hearing->source_mac;
	told->address = hearing->source;
	told->source = DEVICE_NAME_MDNS;
	text_host_copy(owner->text, told->name, sizeof(told->name));
	told->name[strlen(told->name) - strlen(local_suffix)] = '\0';
	if (told->name[0] != '\0')
		hearing_tell(hearing);
}

static void tell_message(struct hearing *hearing, enum message kind, const struct dns *message,
			 struct cursor in)
{
	struct attributes *said = hearing_message(hearing, kind);

	if (message->is_response)
		attributes_add_flag(said, ATTRIBUTE_RESPONSE);
	dns_say_records(said, in);
	hearing_tell(hearing);
}

static bool is_llmnr(const struct datagram *datagram)
{
	return datagram->destination_port == PORT_LLMNR || datagram->source_port == PORT_LLMNR;
}

static enum datagram_service read_mdns(const struct datagram *datagram)
{
	struct hearing *hearing = datagram->hearing;
	struct dns message;

	if (!hearing_is_readable(hearing, dissect_dns(datagram->payload, &message)))
		return DATAGRAM_NONE;
	if (message.is_response && is_local_host(&message.address_owner) &&
	    speaks_of_itself(&message, hearing))
		tell_name(hearing, &message.address_owner);
	tell_message(hearing, is_llmnr(datagram) ? MESSAGE_LLMNR : MESSAGE_MDNS, &message,
		     datagram->payload);
	return is_llmnr(datagram) ? DATAGRAM_LLMNR : DATAGRAM_MDNS;
}

const struct datagram_reader datagram_reader_mdns = {
	.ports = { PORT_MDNS, PORT_LLMNR },
	.read = read_mdns,
};
