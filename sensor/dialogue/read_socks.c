#include "dissectors/socks.h"
#include "sensor/dialogue/session_readers.h"

enum stage {
	STAGE_OPENING, /* a greeting, or a request of version 4 */
	STAGE_LOGIN,   /* where the method that was chosen asks for one */
	STAGE_REQUEST,
	STAGE_DONE,
};

struct socks_notes {
	uint8_t client; /* enum stage: what comes next */
	uint8_t server;
};

_Static_assert(sizeof(struct socks_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

enum { VERSION_4 = 4, VERSION_5 = 5 };

/* A method is one of IANA's or a private one (RFC 1928 3). */
static bool has_likely_methods(const struct socks_greeting *greeting)
{
	enum { ASSIGNED_MAX = 9, PRIVATE_MIN = 0x80, PRIVATE_MAX = 0xfe };

	for (uint8_t i = 0; i < greeting->methods_kept; i++) {
		uint8_t method = greeting->methods[i];

		if (method > ASSIGNED_MAX && (method < PRIVATE_MIN || method > PRIVATE_MAX))
			return false;
	}
	return true;
}

/* Nothing else, or at once what comes next, without waiting for the choice. */
static enum dissect greeting_opens(struct cursor stream)
{
	struct socks_greeting greeting;
	enum dissect got = dissect_socks_greeting(stream, &greeting);

	if (got != DISSECT_OK)
		return got;

	struct cursor rest = cursor_at(stream, greeting.consumed);
	uint8_t next = cursor_u8(&rest);

	return has_likely_methods(&greeting) &&
			       (!cursor_ok(&rest) || next == 1 || next == VERSION_5)
		       ? DISSECT_OK
		       : DISSECT_OTHER;
}

static enum dissect request_opens(struct cursor stream)
{
	struct socks_request request;
	enum dissect got = dissect_socks_request(stream, &request);

	if (got != DISSECT_OK)
		return got == DISSECT_TRUNCATED ? got : DISSECT_OTHER;
	return request.version == VERSION_4 && request.target.port != 0 &&
			       request.command <= SOCKS_BIND
		       ? DISSECT_OK
		       : DISSECT_OTHER;
}

/* What a server says is two bytes: only the client tells. */
static enum dissect opens(const struct session_opening *opening)
{
	struct cursor first = opening->stream;
	uint8_t version = cursor_u8(&first);

	if (!opening->from_client)
		return DISSECT_OTHER;
	if (version == VERSION_5)
		return greeting_opens(opening->stream);
	return version == VERSION_4 ? request_opens(opening->stream) : DISSECT_OTHER;
}

static void add_version(struct attributes *said, uint8_t version)
{
	attributes_add_text(said, ATTRIBUTE_VERSION, version == VERSION_4 ? "4" : "5");
}

static void add_endpoint(struct attributes *said, const struct socks_endpoint *end)
{
	char text[ADDRESS_TEXT_LEN];
	struct address address;

	attributes_add_host(said, ATTRIBUTE_HOST, end->name);
	if (end->address_len > 0) {
		address = end->address_len == SOCKS_ADDRESS_LEN ? address_v6(end->address)
								: address_v4(end->address);
		(void)address_text(&address, text);
		attributes_add_text(said, ATTRIBUTE_HOST, text);
	}
	attributes_add_number(said, ATTRIBUTE_PORT, end->port);
}

static const char *command_name(enum socks_command command)
{
	switch (command) {
	case SOCKS_CONNECT:
		return "CONNECT";
	case SOCKS_BIND:
		return "BIND";
	case SOCKS_ASSOCIATE:
		return "UDP ASSOCIATE";
	case SOCKS_TOR_RESOLVE:
		return "RESOLVE";
	case SOCKS_TOR_RESOLVE_PTR:
		return "RESOLVE_PTR";
	}
	return "";
}

static void tell_request(struct hearing *hearing, const struct socks_request *request)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SOCKS_REQUEST);

	add_version(said, request->version);
	attributes_add_text(said, ATTRIBUTE_COMMAND, command_name(request->command));
	add_endpoint(said, &request->target);
	attributes_add_wire(said, ATTRIBUTE_USER, request->user);
	hearing_tell(hearing);
}

static void tell_reply(struct hearing *hearing, const struct socks_reply *reply)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SOCKS_REPLY);

	add_version(said, reply->version);
	attributes_add_number(said, ATTRIBUTE_STATUS, reply->code);
	attributes_add_text(said, ATTRIBUTE_OUTCOME, reply->is_granted ? "accepted" : "refused");
	hearing_tell(hearing);
}

/* The client's half; how it went follows from the server. */
static void tell_login(struct hearing *hearing, const struct socks_login *login)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SOCKS_LOGIN);

	attributes_add_wire(said, ATTRIBUTE_USER, login->user);
	if (login->password_len > 0)
		attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	hearing_tell(hearing);
}

static void tell_login_result(struct hearing *hearing, bool is_accepted)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_SOCKS_LOGIN);

	attributes_add_text(said, ATTRIBUTE_OUTCOME, is_accepted ? "accepted" : "refused");
	hearing_tell(hearing);
}

/* A step that was not whole, or not what it should be. */
static struct reading not_read(const struct session_turn *turn, enum dissect got)
{
	return got == DISSECT_TRUNCATED && !turn->is_last ? reading_wait() : reading_end();
}

static struct reading read_request(struct session_turn *turn, struct socks_notes *notes)
{
	struct socks_request request;
	enum dissect got = dissect_socks_request(turn->stream, &request);

	if (got != DISSECT_OK)
		return not_read(turn, got);
	tell_request(turn->hearing, &request);
	notes->client = STAGE_DONE;
	return reading_on(request.consumed);
}

static struct reading read_opening(struct session_turn *turn, struct socks_notes *notes)
{
	struct cursor first = turn->stream;
	struct socks_greeting greeting;
	enum dissect got;

	if (cursor_u8(&first) == VERSION_4) {
		notes->server = STAGE_REQUEST;
		return read_request(turn, notes);
	}
	got = dissect_socks_greeting(turn->stream, &greeting);
	if (got != DISSECT_OK)
		return not_read(turn, got);
	notes->client = STAGE_LOGIN;
	return reading_on(greeting.consumed);
}

/* The first byte tells a login from a request, whatever was chosen. */
static struct reading read_login(struct session_turn *turn, struct socks_notes *notes)
{
	struct cursor first = turn->stream;
	struct socks_login login;
	enum dissect got;

	if (cursor_u8(&first) == VERSION_5)
		return read_request(turn, notes);
	got = dissect_socks_login(turn->stream, &login);
	if (got != DISSECT_OK)
		return not_read(turn, got);
	tell_login(turn->hearing, &login);
	notes->client = STAGE_REQUEST;
	return reading_on(login.consumed);
}

static struct reading read_client(struct session_turn *turn, struct socks_notes *notes)
{
	switch ((enum stage)notes->client) {
	case STAGE_OPENING:
		return read_opening(turn, notes);
	case STAGE_LOGIN:
		return read_login(turn, notes);
	case STAGE_REQUEST:
		return read_request(turn, notes);
	case STAGE_DONE:
		break;
	}
	/* What is tunnelled: it is read when the server has agreed. */
	return turn->is_last ? reading_lost() : reading_wait();
}

static struct reading read_choice(struct session_turn *turn, struct socks_notes *notes)
{
	struct socks_choice choice;
	enum dissect got = dissect_socks_choice(turn->stream, &choice);

	if (got != DISSECT_OK)
		return not_read(turn, got);
	if (choice.method != SOCKS_METHOD_NONE && choice.method != SOCKS_METHOD_LOGIN)
		return reading_end();
	notes->server = choice.method == SOCKS_METHOD_LOGIN ? STAGE_LOGIN : STAGE_REQUEST;
	return reading_on(choice.consumed);
}

static struct reading read_login_result(struct session_turn *turn, struct socks_notes *notes)
{
	struct socks_login_result result;
	enum dissect got = dissect_socks_login_result(turn->stream, &result);

	if (got != DISSECT_OK)
		return not_read(turn, got);
	tell_login_result(turn->hearing, result.is_accepted);
	notes->server = STAGE_REQUEST;
	return reading_on(result.consumed);
}

static struct reading read_reply(struct session_turn *turn)
{
	struct socks_reply reply;
	enum dissect got = dissect_socks_reply(turn->stream, &reply);

	if (got != DISSECT_OK)
		return not_read(turn, got);
	tell_reply(turn->hearing, &reply);
	if (!reply.is_granted)
		return reading_end();
	return (struct reading){ .state = READING_SWITCH, .consumed = reply.consumed };
}

static struct reading read_server(struct session_turn *turn, struct socks_notes *notes)
{
	switch ((enum stage)notes->server) {
	case STAGE_OPENING:
		return read_choice(turn, notes);
	case STAGE_LOGIN:
		return read_login_result(turn, notes);
	case STAGE_REQUEST:
	case STAGE_DONE:
		break;
	}
	return read_reply(turn);
}

static struct reading read_socks(struct session_turn *turn)
{
	struct socks_notes *notes = turn->notes;

	return turn->hearing->from_client ? read_client(turn, notes) : read_server(turn, notes);
}

const struct session_reader session_reader_socks = {
	.opens = opens,
	.read = read_socks,
};
