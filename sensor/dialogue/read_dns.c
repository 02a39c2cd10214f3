#include "dissectors/dns.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/dns_words.h"
#include "sensor/dialogue/session_readers.h"

#include <string.h>

enum { PORT_DNS = 53, PORT_MDNS = 5353 };

static struct address address_of(const struct dns_answer *answer)
{
	return answer->address_len == 4 ? address_v4(answer->address) : address_v6(answer->address);
}

/* Asked for by name, these types bring home whatever the other side likes to say. */
static bool is_bulk_type(uint16_t type)
{
	static const uint16_t types[] = {
		DNS_CNAME, DNS_NULL, DNS_MX, DNS_TXT, DNS_KEY, DNS_PRIVATE
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (type == types[i])
			return true;
	}
	return false;
}

/* `out` is all zero. */
static void fill_dns(struct fact_dns *out, const struct dns *message)
{
	out->is_response = message->is_response;
	out->rcode = message->rcode;
	out->type = message->question_type;
	out->answer_count = message->answers_whole;
	out->answer_bytes = message->answers_rdata_bytes;
	if (is_bulk_type(message->question_type))
		out->bulk_answers = message->answers_whole;
	out->lowest_ttl = UINT32_MAX;
	for (uint8_t i = 0; i < message->answers_kept; i++) {
		const struct dns_answer *answer = &message->answers[i];

		if (answer->ttl_seconds < out->lowest_ttl)
			out->lowest_ttl = answer->ttl_seconds;
		if (answer->address_len > 0 && out->address_count < FACT_ANSWERS_MAX)
			out->addresses[out->address_count++] = address_of(answer);
	}
	out->name_octets = message->question.octets;
	memcpy(out->name, message->question.text, strlen(message->question.text));
}

static bool read_message(struct hearing *hearing, struct cursor in)
{
	struct dns message;

	if (!hearing_is_readable(hearing, dissect_dns(in, &message)))
		return false;
	if (message.question_count == 0)
		return true;

	struct fact_dns *told = &hearing_fact(hearing, FACT_DNS)->dns;

	fill_dns(told, &message);
	if (hearing->tells_all)
		dns_say_records(&told->records, in);
	hearing_tell(hearing);
	return true;
}

static enum datagram_service read_datagram(const struct datagram *datagram)
{
	return read_message(datagram->hearing, datagram->payload) ? DATAGRAM_DNS : DATAGRAM_NONE;
}

const struct datagram_reader datagram_reader_dns = {
	.ports = { PORT_DNS },
	.read = read_datagram,
};

/* Letters, digits, '-' and '_' in two labels at least: what a host or service is called. */
static bool is_usual_name(const struct dns_name *name)
{
	static const char usual[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

	return !name->is_cut && strchr(name->text, '.') &&
	       strspn(name->text, usual) == strlen(name->text);
}

static bool is_usual_type(uint16_t type)
{
	enum { ANY = 255 };
	static const uint16_t types[] = { DNS_A,   DNS_NS,    DNS_CNAME, DNS_SOA, DNS_NULL,
					  DNS_PTR, DNS_MX,    DNS_TXT,   DNS_KEY, DNS_AAAA,
					  DNS_SRV, DNS_HTTPS, ANY };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (type == types[i])
			return true;
	}
	return false;
}

/* A standard query with one question, or an answer to one, as far as the header tells. */
static bool may_be_dns(struct cursor in)
{
	enum {
		ID_LEN = 2,
		NEVER = 0x7840, /* opcodes but QUERY, and the bit that must be zero */
		RESPONSE = 0x8000,
		ANSWERS_MAX = 64,
		ADDITIONAL_MAX = 2, /* of a query: EDNS and a signature */
	};

	cursor_skip(&in, ID_LEN);

	uint16_t flags = cursor_be16(&in);
	uint16_t questions = cursor_be16(&in);
	uint16_t answers = cursor_be16(&in);
	uint16_t authorities = cursor_be16(&in);
	uint16_t additional = cursor_be16(&in);

	if (!cursor_ok(&in) || (flags & NEVER) != 0 || questions != 1)
		return false;
	if ((flags & RESPONSE) != 0)
		return answers <= ANSWERS_MAX && authorities <= ANSWERS_MAX;
	return answers == 0 && authorities == 0 && additional <= ADDITIONAL_MAX;
}

/* Resolvers on odd ports, where nothing but the message itself says what it is. */
static enum datagram_service read_elsewhere(const struct datagram *datagram)
{
	enum { CLASS_IN = 1 };
	struct dns message;

	if (!may_be_dns(datagram->payload) ||
	    dissect_dns(datagram->payload, &message) != DISSECT_OK ||
	    message.question_class != CLASS_IN || !is_usual_type(message.question_type) ||
	    !is_usual_name(&message.question) || message.answers_truncated)
		return DATAGRAM_NONE;
	return read_datagram(datagram);
}

const struct datagram_reader datagram_reader_dns_elsewhere = { .read = read_elsewhere };

/* Over TCP each message has its length in front (RFC 1035 4.2.2). */
static enum dissect opens(const struct session_opening *opening)
{
	struct cursor in = opening->stream;
	struct cursor message = cursor_sub(&in, cursor_be16(&in));
	struct dns ignored;

	if (opening->server_port != PORT_DNS && opening->server_port != PORT_MDNS)
		return DISSECT_OTHER;
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	return dissect_dns(message, &ignored) == DISSECT_OK ? DISSECT_OK : DISSECT_OTHER;
}

/* The rest of the message was not captured. */
static void read_what_there_is(struct session_turn *turn)
{
	struct cursor in = turn->stream;

	cursor_skip(&in, sizeof(uint16_t));
	if (cursor_left(&in) > 0)
		(void)read_message(turn->hearing, in);
}

static struct reading read_stream(struct session_turn *turn)
{
	struct cursor in = turn->stream;
	struct cursor message = cursor_sub(&in, cursor_be16(&in));

	if (!cursor_ok(&in) && !turn->is_last)
		return reading_wait();
	if (!cursor_ok(&in)) {
		read_what_there_is(turn);
		return reading_lost();
	}
	(void)read_message(turn->hearing, message);
	return reading_on(cursor_offset(&in, &turn->stream));
}

const struct session_reader session_reader_dns = {
	.opens = opens,
	.read = read_stream,
};
