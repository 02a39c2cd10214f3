#include "dissectors/vnc.h"
#include "sensor/base/text.h"
#include "sensor/dialogue/session_readers.h"

enum { NAME_LEN = 24 };

struct vnc_notes {
	struct vnc_client client; /* what it has said: the server's words hang on it */
	bool has_told_offer;
	bool has_told_login;
};

_Static_assert(sizeof(struct vnc_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

static enum dissect opens(const struct session_opening *opening)
{
	struct vnc_client client;

	return dissect_vnc_client(opening->stream, &client); /* both begin with the version */
}

static bool is_tls_handshake(struct cursor bytes)
{
	enum { HANDSHAKE = 22, MAJOR = 3 };
	uint8_t type = cursor_u8(&bytes);

	return type == HANDSHAKE && cursor_u8(&bytes) == MAJOR;
}

/* Not a message of VNC's: the TLS behind a negotiation that is not read. */
static bool begins(bool from_client, struct cursor bytes)
{
	(void)from_client;
	return is_tls_handshake(bytes);
}

static void add_version(struct attributes *said, struct vnc_version version)
{
	char digits[NAME_LEN];
	struct text text = text_over(digits, sizeof(digits));

	text_format(&text, "%u.%u", version.major, version.minor);
	attributes_add_text(said, ATTRIBUTE_VERSION, digits);
}

static void add_security(struct attributes *said, uint8_t security)
{
	static const struct {
		uint8_t security;
		const char *name; /* RFC 6143 7.1.2 and IANA's list */
	} names[] = {
		{ VNC_SECURITY_INVALID, "Invalid" }, { VNC_SECURITY_NONE, "None" },
		{ VNC_SECURITY_VNC, "VNC" },         { VNC_SECURITY_RA2, "RA2" },
		{ VNC_SECURITY_TIGHT, "Tight" },     { VNC_SECURITY_ULTRA, "Ultra" },
		{ VNC_SECURITY_TLS, "TLS" },         { VNC_SECURITY_VENCRYPT, "VeNCrypt" },
		{ VNC_SECURITY_APPLE, "Apple" },
	};
	char digits[NAME_LEN];
	struct text text = text_over(digits, sizeof(digits));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].security == security) {
			attributes_add_text(said, ATTRIBUTE_SECURITY, names[i].name);
			return;
		}
	}
	text_format(&text, "%u", security);
	attributes_add_text(said, ATTRIBUTE_SECURITY, digits);
}

static void tell_client(struct hearing *hearing, const struct vnc_client *client)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_VNC_CLIENT);

	add_version(said, client->version);
	if (client->has_choice)
		add_security(said, client->security);
	hearing_tell(hearing);
}

static void tell_offer(struct hearing *hearing, const struct vnc_server *server)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_VNC_SERVER);

	add_version(said, server->version);
	for (uint8_t i = 0; i < server->security_kept; i++)
		add_security(said, server->security[i]);
	hearing_tell(hearing);
}

static void tell_login(struct hearing *hearing, const struct vnc_server *server)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_VNC_LOGIN);

	attributes_add_text(said, ATTRIBUTE_OUTCOME,
			    server->outcome == VNC_OUTCOME_ACCEPTED ? "accepted" : "refused");
	if (server->outcome == VNC_OUTCOME_TOO_MANY && server->reason.len == 0)
		attributes_add_text(said, ATTRIBUTE_REASON, "too many attempts");
	attributes_add_wire(said, ATTRIBUTE_REASON, server->reason);
	hearing_tell(hearing);
}

static void tell_desktop(struct hearing *hearing, const struct vnc_server *server)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_VNC_DESKTOP);

	attributes_add_wire(said, ATTRIBUTE_DESKTOP_NAME, server->desktop_name);
	attributes_add_number(said, ATTRIBUTE_WIDTH, server->width);
	attributes_add_number(said, ATTRIBUTE_HEIGHT, server->height);
	hearing_tell(hearing);
}

/* A version before 3.7 leaves nothing to choose. */
static bool may_choose(struct vnc_version version)
{
	enum { MAJOR_3 = 3, MINOR_7 = 7 };

	return version.major > MAJOR_3 || version.minor >= MINOR_7;
}

/* What follows is not read, but it may lead to TLS. */
static struct reading leave(uint8_t security)
{
	return security == VNC_SECURITY_TLS || security == VNC_SECURITY_VENCRYPT ? reading_lost()
										 : reading_end();
}

static struct reading read_client(struct session_turn *turn, struct vnc_notes *notes)
{
	struct vnc_client client;
	enum dissect got = dissect_vnc_client(turn->stream, &client);

	if (got == DISSECT_OK)
		notes->client = client;
	if (!turn->is_last &&
	    (got == DISSECT_TRUNCATED ||
	     (got == DISSECT_OK && may_choose(client.version) && !client.has_choice)))
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_end();
	tell_client(turn->hearing, &client);
	return leave(client.security);
}

static bool is_secured_otherwise(const struct vnc_client *client)
{
	return client->has_choice && client->security != VNC_SECURITY_NONE &&
	       client->security != VNC_SECURITY_VNC;
}

static struct reading read_server(struct session_turn *turn, struct vnc_notes *notes)
{
	struct vnc_server server;
	enum dissect got = dissect_vnc_server(turn->stream, &notes->client, &server);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_end();
	if (server.has_offer && !notes->has_told_offer) {
		notes->has_told_offer = true;
		tell_offer(turn->hearing, &server);
	}
	if (server.lacks_reason && !turn->is_last)
		return reading_wait();
	if (server.outcome != VNC_OUTCOME_NONE && !notes->has_told_login) {
		notes->has_told_login = true;
		tell_login(turn->hearing, &server);
	}
	if (server.has_desktop)
		tell_desktop(turn->hearing, &server);
	if (is_secured_otherwise(&notes->client))
		return leave(notes->client.security);
	if (turn->is_last || server.has_desktop ||
	    (notes->has_told_login && server.outcome != VNC_OUTCOME_ACCEPTED))
		return reading_end();
	return reading_wait();
}

static struct reading read_vnc(struct session_turn *turn)
{
	struct vnc_notes *notes = turn->notes;

	if (is_tls_handshake(turn->stream))
		return (struct reading){ .state = READING_SWITCH };
	return turn->hearing->from_client ? read_client(turn, notes) : read_server(turn, notes);
}

const struct session_reader session_reader_vnc = {
	.opens = opens,
	.read = read_vnc,
	.begins = begins,
	.first_bytes = { 22, 22 }, /* a record of the handshake */
};
