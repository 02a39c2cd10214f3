#include "dissectors/quic.h"
#include "sensor/dialogue/datagram_readers.h"
#include "sensor/dialogue/session_desk.h"
#include "sensor/dialogue/tls_words.h"

#include <stdio.h>
#include <string.h>

enum {
	LONG_HEADER = 0x80,
	/* Datagrams in which a hello is looked for: the longest takes 14, some of them twice. */
	READS_MAX = 64,
};

struct quic_notes {
	uint8_t told; /* kinds of packets: a bit each, by enum quic_type */
	bool is_over; /* no hello is awaited any more */
	bool has_hello;
	bool is_answered; /* the server goes on with a hello */
	uint8_t reads;
	uint16_t read;      /* bytes of the client's messages that were read */
	uint32_t beginning; /* of those messages: quic_initial_beginning() */
	uint64_t name;      /* of the last hello: a digest */
};

_Static_assert(sizeof(struct quic_notes) <= DESK_NOTES_BYTES, "a flow has that much room");

static void add_version(struct attributes *said, enum attribute attribute, uint32_t version)
{
	const char *name = quic_version_name(version);
	char number[11];

	(void)snprintf(number, sizeof(number), "0x%08x", (unsigned)version);
	attributes_add_text(said, attribute, strcmp(name, "unknown") == 0 ? number : name);
}

static void add_versions(struct attributes *said, struct span versions)
{
	struct cursor in = { .rest = versions };

	while (cursor_left(&in) >= sizeof(uint32_t))
		add_version(said, ATTRIBUTE_VERSIONS, cursor_be32(&in));
}

/* Once for each kind in a flow: later ones say the same. */
static void tell_packet(struct hearing *hearing, struct quic_notes *notes,
			const struct quic_packet *packet)
{
	static const char *const types[] = {
		[QUIC_INITIAL] = "initial",
		[QUIC_RETRY] = "retry",
		[QUIC_VERSION_NEGOTIATION] = "version_negotiation",
		[QUIC_OPAQUE] = "opaque",
	};
	const unsigned told = 1U << QUIC_INITIAL | 1U << QUIC_RETRY |
			      1U << QUIC_VERSION_NEGOTIATION | 1U << QUIC_OPAQUE;
	unsigned bit = 1U << packet->type;
	struct attributes *said;

	if ((told & bit) == 0 || (notes->told & bit) != 0)
		return;
	notes->told |= (uint8_t)bit;
	said = hearing_message(hearing, MESSAGE_QUIC);
	attributes_add_text(said, ATTRIBUTE_TYPE, types[packet->type]);
	if (packet->type == QUIC_VERSION_NEGOTIATION)
		add_versions(said, packet->versions);
	else
		add_version(said, ATTRIBUTE_VERSION, packet->version);
	hearing_tell(hearing);
}

static uint64_t digest_of(struct span name)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		digest = (digest ^ name.data[i]) * UINT64_C(0x100000001b3);
	return digest;
}

/*
 * After a Retry, or with another version, the same hello comes again, and is not told. One for
 * another name, where nobody has answered the first, contradicts it: one of the two may be made to
 * get lost on its way to the server.
 */
static void tell_hello(const struct datagram *datagram, struct quic_notes *notes,
		       const struct tls_client_hello *hello, bool is_anew, bool has_conflict)
{
	uint64_t name = digest_of(hello->sni);

	if (is_anew && name == notes->name)
		return;
	datagram->hearing->has_conflict = has_conflict || (is_anew && !notes->is_answered);
	tls_tell_client_hello(datagram->hearing, datagram->desk, hello, TLS_OVER_QUIC);
	notes->name = name;
	notes->has_hello = true;
}

/* A client that is asked to retry its hello within the handshake says a second one behind it. */
static void tell_hellos(const struct datagram *datagram, struct quic_notes *notes,
			const struct quic_initial *initial)
{
	struct span messages = quic_initial_prefix(initial);
	struct cursor in = cursor_over(messages.data, messages.len);
	bool is_anew = notes->has_hello && notes->read == 0;

	cursor_skip(&in, notes->read);
	while (cursor_left(&in) > 0) { /* each turn eats a message */
		struct cursor body;
		struct tls_client_hello hello;
		enum dissect got = tls_message_body(in, TLS_CLIENT_HELLO, &body);

		if (got == DISSECT_TRUNCATED)
			return;
		notes->is_over = true;
		if (!hearing_is_readable(datagram->hearing, got) ||
		    !hearing_is_readable(datagram->hearing,
					 tls_read_client_hello(body, false, &hello)))
			return;
		tell_hello(datagram, notes, &hello, is_anew, quic_initial_conflicts(initial));
		cursor_skip(&in, TLS_MESSAGE_HEADER_LEN + cursor_left(&body));
		notes->read = (uint16_t)(messages.len - cursor_left(&in));
	}
}

static void read_hello(const struct datagram *datagram, struct quic_notes *notes)
{
	struct session_desk *desk = datagram->desk;
	uint64_t flow = datagram->hearing->flow.id;
	struct quic_initial *initial = session_desk_find_quic(desk, flow);
	enum dissect got;

	/* Behind the hello most Initials only acknowledge, and its window may be another's now. */
	if (!initial && notes->is_over)
		return;
	if (!initial)
		initial = session_desk_quic(desk, flow);
	got = quic_initial_add(initial, desk->quic, datagram->payload.rest);
	datagram->hearing->malformed += got == DISSECT_MALFORMED;
	if (notes->beginning != quic_initial_beginning(initial)) {
		notes->beginning = quic_initial_beginning(initial);
		notes->read = 0;
	}
	if (got == DISSECT_OK)
		tell_hellos(datagram, notes, initial);
	if (notes->reads < READS_MAX && ++notes->reads == READS_MAX)
		notes->is_over = true;
	if (notes->is_over && (!notes->has_hello || notes->reads == READS_MAX))
		session_desk_drop_quic(desk, flow);
}

/* What a datagram holds, one bit for each enum quic_type. */
static unsigned read_packets(const struct datagram *datagram, struct quic_notes *notes)
{
	struct cursor in = datagram->payload;
	struct quic_packet packet;
	unsigned types = 0;

	for (int i = 0; i < QUIC_PACKETS_MAX && cursor_left(&in) > 0; i++) {
		if (dissect_quic(&in, &packet) != DISSECT_OK)
			break;
		types |= 1U << packet.type;
		tell_packet(datagram->hearing, notes, &packet);
	}
	return types;
}

static bool has_packet(struct cursor payload)
{
	struct quic_packet packet;
	struct cursor peek = payload;

	return (cursor_u8(&peek) & LONG_HEADER) != 0 &&
	       dissect_quic(&payload, &packet) == DISSECT_OK;
}

static enum datagram_service read_quic(const struct datagram *datagram)
{
	struct quic_notes *notes;
	unsigned types;

	if (!has_packet(datagram->payload))
		return DATAGRAM_NONE;
	notes = session_desk_notes(datagram->desk, DESK_QUIC, datagram->hearing->flow.id);
	types = read_packets(datagram, notes);
	if ((types & 1U << QUIC_OPAQUE) != 0)
		return DATAGRAM_OTHER; /* Google's own versions: nDPI knows some of them */
	/* The server has all of a hello that it goes on with. */
	if (!datagram->hearing->from_client && (types & 1U << QUIC_HANDSHAKE) != 0)
		notes->is_over = notes->is_answered = true;
	if (datagram->hearing->from_client && (types & 1U << QUIC_INITIAL) != 0)
		read_hello(datagram, notes);
	return notes->is_over ? DATAGRAM_QUIC : DATAGRAM_QUIC_AWAITED;
}

const struct datagram_reader datagram_reader_quic = {
	.read = read_quic,
};
