#include "dissectors/dns.h"
#include "dissectors/line.h"
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

/* "\ddd" is an octet of the name, which here is UTF-8 (RFC 6762 16). */
static uint8_t take_octet(struct cursor *in)
{
	enum { ESCAPE_LEN = 3 };
	uint8_t octet = cursor_u8(in);
	struct cursor digits = *in;
	uint64_t value = 0;

	if (octet != '\\' || !span_decimal(cursor_take(&digits, ESCAPE_LEN), &value) ||
	    value > UINT8_MAX)
		return octet;
	*in = digits;
	return (uint8_t)value;
}

/* Without its suffix, which it has: cut to the room there is only then, lest that be cut too. */
static void copy_host(const struct dns_name *owner, char *name, size_t size)
{
	struct cursor in = cursor_over(owner->text, strlen(owner->text) - strlen(local_suffix));
	uint8_t octets[DNS_NAME_TEXT_LEN];
	size_t len = 0;

	while (cursor_left(&in) > 0)
		octets[len++] = take_octet(&in);
	(void)text_from_wire((struct span){ octets, len }, name, size);
}

static void tell_name(struct hearing *hearing, const struct dns_name *owner)
{
	struct fact_device_name *told = &hearing_fact(hearing, FACT_DEVICE_NAME)->device_name;

	told->mac = hearing->source_mac;
	told->address = hearing->source;
	told->source = DEVICE_NAME_MDNS;
	copy_host(owner, told->name, sizeof(told->name));
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
