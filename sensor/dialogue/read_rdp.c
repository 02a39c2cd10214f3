#include "dissectors/rdp.h"
#include "dissectors/utf16.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/session_readers.h"

enum { TPKT_VERSION = 3, NAME_LEN = 24 };

struct rdp_notes {
	bool has_request; /* TLS may follow */
};

_Static_assert(sizeof(struct rdp_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static enum dissect opens(const struct session_opening *opening)
{
	struct cursor in = opening->stream;
	struct rdp message;
	enum dissect got = dissect_rdp(&in, &message);

	if (got == DISSECT_OK)
		return message.kind == (opening->from_client ? RDP_CONNECTION_REQUEST
							     : RDP_CONNECTION_CONFIRM)
			       ? DISSECT_OK
			       : DISSECT_OTHER;
	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

/* [MS-RDPBCGR] 2.2.1.1.1 */
static void add_protocols(struct attributes *said, uint32_t protocols, bool is_choice)
{
	static const struct {
		enum rdp_protocol protocol;
		const char *name;
	} names[] = {
		{ RDP_PROTOCOL_TLS, "PROTOCOL_SSL" },
		{ RDP_PROTOCOL_CREDSSP, "PROTOCOL_HYBRID" },
		{ RDP_PROTOCOL_RDSTLS, "PROTOCOL_RDSTLS" },
		{ RDP_PROTOCOL_CREDSSP_EX, "PROTOCOL_HYBRID_EX" },
		{ RDP_PROTOCOL_ENTRA, "PROTOCOL_RDSAAD" },
	};

	if (protocols == RDP_PROTOCOL_STANDARD || !is_choice)
		attributes_add_text(said, ATTRIBUTE_PROTOCOLS, "PROTOCOL_RDP");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((protocols & (uint32_t)names[i].protocol) != 0)
			attributes_add_text(said, ATTRIBUTE_PROTOCOLS, names[i].name);
	}
}

static void tell_request(struct hearing *hearing, const struct rdp *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_RDP_REQUEST);

	attributes_add_wire(said, ATTRIBUTE_COOKIE, message->cookie);
	attributes_add_wire(said, ATTRIBUTE_ROUTING_TOKEN, message->routing_token);
	if (message->has_negotiation)
		add_protocols(said, message->protocols, false);
	hearing_tell(hearing);
}

/* [MS-RDPBCGR] 2.2.1.2.2 */
static void add_failure(struct attributes *said, uint32_t code)
{
	static const char *const names[] = {
		[RDP_TLS_REQUIRED] = "SSL_REQUIRED_BY_SERVER",
		[RDP_TLS_NOT_ALLOWED] = "SSL_NOT_ALLOWED_BY_SERVER",
		[RDP_NO_CERTIFICATE] = "SSL_CERT_NOT_ON_SERVER",
		[RDP_INCONSISTENT_FLAGS] = "INCONSISTENT_FLAGS",
		[RDP_CREDSSP_REQUIRED] = "HYBRID_REQUIRED_BY_SERVER",
		[RDP_TLS_WITH_CLIENT_AUTHENTICATION_REQUIRED] =
			"SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
	};
	char digits[NAME_LEN];
	struct text text = text_over(digits, sizeof(digits));

	if (code < sizeof(names) / sizeof(names[0])) {
		attributes_add_text(said, ATTRIBUTE_FAILURE, names[code]);
		return;
	}
	text_format(&text, "0x%08x", code);
	attributes_add_text(said, ATTRIBUTE_FAILURE, digits);
}

static void tell_confirm(struct hearing *hearing, const struct rdp *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_RDP_CONFIRM);

	if (message->failure_code != 0)
		add_failure(said, message->failure_code);
	else if (message->has_negotiation)
		add_protocols(said, message->protocols, true);
	hearing_tell(hearing);
}

static void add_computer_name(struct attributes *said, struct span name)
{
	enum { UTF8_MAX = 64 }; /* of 15 characters */
	char text[UTF8_MAX];

	(void)utf16_to_utf8(name, text, sizeof(text));
	attributes_add_text(said, ATTRIBUTE_COMPUTER_NAME, text);
}

static void tell_settings(struct hearing *hearing, const struct rdp *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_RDP_CLIENT);
	char digits[NAME_LEN];
	struct text text = text_over(digits, sizeof(digits));

	add_computer_name(said, message->client_name);
	text_format(&text, "0x%08x", message->version);
	attributes_add_text(said, ATTRIBUTE_VERSION, digits);
	attributes_add_number(said, ATTRIBUTE_BUILD, message->client_build);
	text = text_over(digits, sizeof(digits));
	text_format(&text, "0x%08x", message->keyboard_layout);
	attributes_add_text(said, ATTRIBUTE_KEYBOARD_LAYOUT, digits);
	attributes_add_number(said, ATTRIBUTE_WIDTH, message->desktop_width);
	attributes_add_number(said, ATTRIBUTE_HEIGHT, message->desktop_height);
	for (uint8_t i = 0; i < message->channel_count; i++)
		attributes_add_wire(said, ATTRIBUTE_CHANNELS, message->channels[i]);
	hearing_tell(hearing);
}

/* What comes behind a message that was read. */
static struct reading tell(struct session_turn *turn, struct rdp_notes *notes,
			   const struct rdp *message, size_t consumed)
{
	switch (message->kind) {
	case RDP_CONNECTION_REQUEST:
		tell_request(turn->hearing, message);
		notes->has_request = true;
		return reading_on(consumed);
	case RDP_CONNECTION_CONFIRM:
		tell_confirm(turn->hearing, message);
		if (message->failure_code == 0 && message->protocols != RDP_PROTOCOL_STANDARD)
			return (struct reading){ .state = READING_SWITCH, .consumed = consumed };
		return reading_end(); /* the client's settings are yet to come */
	case RDP_CLIENT_SETTINGS:
		tell_settings(turn->hearing, message);
		break;
	}
	return reading_end();
}

static struct reading read_rdp(struct session_turn *turn)
{
	struct rdp_notes *notes = turn->notes;
	struct cursor first = turn->stream;
	struct cursor in = turn->stream;
	struct rdp message;
	enum dissect got;

	/* The server's confirm is missing, and they have agreed. */
	if (notes->has_request && cursor_u8(&first) != TPKT_VERSION)
		return (struct reading){ .state = READING_SWITCH };
	got = dissect_rdp(&in, &message);
	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (!hearing_is_readable(turn->hearing, got))
		return reading_end();
	return tell(turn, notes, &message, cursor_offset(&in, &turn->stream));
}

const struct session_reader session_reader_rdp = {
	.opens = opens,
	.read = read_rdp,
};
