#include "dissectors/attack_text.h"
#include "dissectors/base64.h"
#include "dissectors/chunked.h"
#include "dissectors/declared_type.h"
#include "dissectors/http.h"
#include "dissectors/magic.h"
#include "dissectors/shell_text.h"
#include "sensor/dialogue/gss_words.h"
#include "sensor/dialogue/session_readers.h"
#include "sensor/dialogue/uri_words.h"

#include <string.h>

enum { REQUESTS_MAX = 8 /* without their answers, whose methods are remembered */ };

/* Where one direction stands. */
struct http_side {
	bool is_in_body;
	bool is_chunked;
	bool is_begun;         /* the kind of the body's first bytes was told */
	uint8_t declared;      /* enum declared_type */
	struct chunked chunks; /* when is_chunked */
	uint64_t left;         /* else: bytes of the body to come */
};

struct http_notes {
	struct http_side client;
	struct http_side server;
	uint8_t methods[REQUESTS_MAX]; /* enum http_method, the oldest first */
	uint8_t method_count;
	uint16_t forgotten; /* requests behind those */
};

_Static_assert(sizeof(struct http_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* Of a line that the capture cut, what there is of it. */
static enum dissect take_request(struct cursor in, bool is_last, struct http_request *out)
{
	enum dissect got = dissect_http_request(in, out);

	return got == DISSECT_TRUNCATED && is_last ? dissect_http_request_cut(in, out) : got;
}

static enum dissect opens(const struct session_opening *opening)
{
	struct http_request request;
	struct http_response response;
	enum dissect got = opening->from_client
				   ? take_request(opening->stream, opening->is_last, &request)
				   : dissect_http_response(opening->stream, &response);

	return got == DISSECT_MALFORMED ? DISSECT_OTHER : got;
}

/* One whose first line goes on in the next packet begins, too. */
static bool begins(bool from_client, struct cursor bytes)
{
	const struct session_opening opening = { .stream = bytes,
						 .from_client = from_client,
						 .is_last = true };

	return opens(&opening) == DISSECT_OK;
}

/* The user alone: a password is never kept. */
static void add_basic_user(struct attributes *said, struct span credentials)
{
	uint8_t plain[ATTRIBUTE_TEXT_MAX / 8];
	size_t len;
	struct cursor in;

	if (!base64_decode(credentials, plain, sizeof(plain), &len))
		return;
	in = cursor_over(plain, len);
	attributes_add_wire(said, ATTRIBUTE_USER, cursor_take_until(&in, ':'));
	attributes_add_flag(said, ATTRIBUTE_PASSWORD);
}

static void add_auth(struct attributes *said, const struct http_auth *auth, bool is_request)
{
	static const struct {
		enum http_auth_scheme scheme;
		const char *name;
	} schemes[] = {
		{ HTTP_AUTH_BASIC, "basic" },   { HTTP_AUTH_DIGEST, "digest" },
		{ HTTP_AUTH_NTLM, "ntlm" },     { HTTP_AUTH_NEGOTIATE, "negotiate" },
		{ HTTP_AUTH_BEARER, "bearer" }, { HTTP_AUTH_OTHER, "other" },
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if ((auth->schemes & schemes[i].scheme) != 0)
			attributes_add_text(said, ATTRIBUTE_AUTH, schemes[i].name);
	}
	if (is_request && auth->schemes == HTTP_AUTH_BASIC)
		add_basic_user(said, auth->credentials);
}

/* `head` is all of it as it was sent: of most fields nothing is kept. */
static void tell_request(struct hearing *hearing, const struct http_request *request,
			 struct span head)
{
	enum attack_text attack = attack_text_in_head(head);
	struct attributes *said = hearing_message(hearing, MESSAGE_HTTP_REQUEST);

	attributes_add_wire(said, ATTRIBUTE_METHOD, request->method_name);
	if (request->minor_version == 0)
		attributes_add_text(said, ATTRIBUTE_VERSION, "HTTP/1.0");
	attributes_add_host(said, request->host_is_target ? ATTRIBUTE_TARGET_HOST : ATTRIBUTE_HOST,
			    request->host);
	uri_add(said, ATTRIBUTE_URI, request->target);
	attributes_add_wire(said, ATTRIBUTE_USER_AGENT, request->user_agent);
	uri_add(said, ATTRIBUTE_REFERER, request->referer);
	attributes_add_wire(said, ATTRIBUTE_ACCEPT_LANGUAGE, request->accept_language);
	attributes_add_wire(said, ATTRIBUTE_ACCEPT_ENCODING, request->accept_encoding);
	if (request->has_cookie)
		attributes_add_flag(said, ATTRIBUTE_COOKIES);
	attributes_add_wire(said, ATTRIBUTE_CONTENT_TYPE, request->content_type);
	if (request->has_content_length)
		attributes_add_number(said, ATTRIBUTE_CONTENT_LENGTH, request->content_length);
	attributes_add_wire(said, ATTRIBUTE_UPGRADE, request->upgrade);
	add_auth(said, &request->auth, true);
	add_auth(said, &request->proxy_auth, true);
	if (http_is_winrm(request))
		attributes_add_flag(said, ATTRIBUTE_WINRM);
	attributes_add_text(said, ATTRIBUTE_ATTACK, attack_text_name(attack));
	if (hearing->has_conflict || request->is_ambiguous)
		attributes_add_flag(said, ATTRIBUTE_CONFLICT);
	if (request->head_len == 0)
		attributes_cut(said);
	hearing_tell(hearing);
}

static void tell_response(struct hearing *hearing, const struct http_response *response)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_HTTP_RESPONSE);

	attributes_add_number(said, ATTRIBUTE_STATUS, response->status);
	attributes_add_wire(said, ATTRIBUTE_CONTENT_TYPE, response->content_type);
	if (response->has_content_length)
		attributes_add_number(said, ATTRIBUTE_CONTENT_LENGTH, response->content_length);
	attributes_add_wire(said, ATTRIBUTE_FILE_NAME, response->file_name);
	attributes_add_wire(said, ATTRIBUTE_SERVER, response->server);
	uri_add(said, ATTRIBUTE_LOCATION, response->location);
	attributes_add_wire(said, ATTRIBUTE_UPGRADE, response->upgrade);
	add_auth(said, &response->auth, false);
	add_auth(said, &response->proxy_auth, false);
	hearing_tell(hearing);
}

/* A login that HTTP carries for Windows; WinRM calls its own way "Kerberos". */
static void tell_login(struct session_turn *turn, const struct http_auth *auth)
{
	if ((auth->schemes & (HTTP_AUTH_NTLM | HTTP_AUTH_NEGOTIATE | HTTP_AUTH_OTHER)) != 0)
		gss_tell_base64(turn, auth->credentials);
}

/* What a body is by its first bytes, where that can be told, and that it is not what was said. */
static void tell_body(struct hearing *hearing, const struct http_side *side, struct span first)
{
	enum magic magic = magic_of(first);
	bool fits = declared_type_fits((enum declared_type)side->declared, first, magic);
	enum attack_text attack =
		hearing->from_client ? attack_text_in_body(first) : ATTACK_TEXT_NONE;
	bool is_output = !hearing->from_client && shell_text_is_output(first);
	struct attributes *said;

	if (magic == MAGIC_UNKNOWN && fits && attack == ATTACK_TEXT_NONE && !is_output)
		return;
	said = hearing_message(hearing, MESSAGE_HTTP_BODY);
	attributes_add_text(said, ATTRIBUTE_FILE_KIND, magic_name(magic));
	if (magic_is_executable(magic))
		attributes_add_flag(said, ATTRIBUTE_EXECUTABLE);
	if (!fits)
		attributes_add_flag(said, ATTRIBUTE_MISMATCH);
	attributes_add_text(said, ATTRIBUTE_ATTACK, attack_text_name(attack));
	if (is_output)
		attributes_add_flag(said, ATTRIBUTE_COMMAND_OUTPUT);
	hearing_tell(hearing);
}

/* Once one was forgotten, so are those behind it until it is answered: each answer has its own. */
static void push_method(struct http_notes *notes, enum http_method method)
{
	if (notes->method_count < REQUESTS_MAX && notes->forgotten == 0)
		notes->methods[notes->method_count++] = (uint8_t)method;
	else if (notes->forgotten < UINT16_MAX)
		notes->forgotten++;
}

/* HTTP_OTHER when its request was not seen. Answers of 100 to 199 come before the one that counts.
 */
static enum http_method method_answered(struct http_notes *notes, uint16_t status)
{
	enum { INFORMATIONAL_MAX = 199, SWITCHING = 101 };
	bool is_final = status > INFORMATIONAL_MAX || status == SWITCHING;
	enum http_method method;

	if (notes->method_count == 0) {
		if (is_final && notes->forgotten > 0)
			notes->forgotten--;
		return HTTP_OTHER;
	}
	method = (enum http_method)notes->methods[0];
	if (is_final)
		memmove(notes->methods, notes->methods + 1, --notes->method_count);
	return method;
}

/* What follows a head of `head_len` bytes. */
static struct reading begin_body(struct http_side *side, enum http_body body, uint64_t length,
				 size_t head_len)
{
	*side = (struct http_side){ 0 };
	switch (body) {
	case HTTP_BODY_NONE:
		break;
	case HTTP_BODY_LENGTH:
		side->is_in_body = length > 0;
		side->left = length;
		break;
	case HTTP_BODY_CHUNKED:
		side->is_in_body = true;
		side->is_chunked = true;
		break;
	case HTTP_BODY_TO_CLOSE:
		side->is_in_body = true;
		side->left = UINT64_MAX;
		break;
	case HTTP_BODY_TUNNEL:
		return (struct reading){ .state = READING_SWITCH, .consumed = head_len };
	}
	return reading_on(head_len);
}

static struct span head_of(struct cursor stream, size_t head_len)
{
	return cursor_take_up_to(&stream, head_len);
}

static struct reading read_request(struct session_turn *turn, struct http_notes *notes)
{
	struct http_request request;
	enum dissect got = take_request(turn->stream, turn->is_last, &request);

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	if (request.head_len == 0 && !turn->is_last)
		return reading_wait();
	tell_request(turn->hearing, &request, head_of(turn->stream, request.head_len));
	tell_login(turn, &request.auth);
	tell_login(turn, &request.proxy_auth);
	push_method(notes, request.method);
	if (request.head_len == 0)
		return reading_lost();

	struct reading reading = begin_body(&notes->client, http_request_body(&request),
					    request.content_length, request.head_len);

	notes->client.declared = (uint8_t)declared_type_of(request.content_type);
	return reading;
}

static struct reading read_response(struct session_turn *turn, struct http_notes *notes)
{
	struct http_response response;
	enum dissect got = dissect_http_response(turn->stream, &response);
	enum http_method method;

	if (got == DISSECT_TRUNCATED && !turn->is_last)
		return reading_wait();
	if (got != DISSECT_OK)
		return reading_lost();
	if (response.head_len == 0 && !turn->is_last)
		return reading_wait();
	tell_response(turn->hearing, &response);
	tell_login(turn, &response.auth);
	tell_login(turn, &response.proxy_auth);
	method = method_answered(notes, response.status);
	if (response.head_len == 0)
		return reading_lost();

	struct reading reading = begin_body(&notes->server, http_response_body(&response, method),
					    response.content_length, response.head_len);

	if (response.content_encoding.len == 0)
		notes->server.declared = (uint8_t)declared_type_of(response.content_type);
	return reading;
}

/* The first bytes may come one by one; what is enough of them is told, the rest is skipped. */
static struct reading read_sized_body(struct session_turn *turn, struct http_side *side)
{
	uint64_t wanted = side->left < MAGIC_LEN ? side->left : MAGIC_LEN;
	struct cursor in = turn->stream;
	struct span shown = cursor_take_up_to(&in, side->left < SIZE_MAX ? side->left : SIZE_MAX);

	if (shown.len < wanted && !turn->is_last)
		return reading_wait();
	tell_body(turn->hearing, side, shown);
	side->is_in_body = false;
	if (side->left == UINT64_MAX)
		return reading_end();
	return (struct reading){ .state = READING_ON, .skip = side->left };
}

/* Whatever the chunks that they come in; false while more of them are to be awaited. */
static bool tell_first_chunks(struct session_turn *turn, const struct http_side *side)
{
	struct cursor in = turn->stream;
	struct chunked chunks = side->chunks;
	struct span content = { 0 };
	uint8_t joined[MAGIC_LEN];
	size_t len = 0;
	enum dissect got = chunked_take(&chunks, &in, &content);

	if (got == DISSECT_OK && content.len >= MAGIC_LEN) {
		tell_body(turn->hearing, side, content);
		return true;
	}
	while (got == DISSECT_OK && content.len > 0 && len < MAGIC_LEN) {
		struct cursor from = { .rest = content };
		struct span part = cursor_take_up_to(&from, MAGIC_LEN - len);

		memcpy(joined + len, part.data, part.len);
		len += part.len;
		got = chunked_take(&chunks, &in, &content);
	}
	if (got == DISSECT_TRUNCATED && len < MAGIC_LEN && !turn->is_last)
		return false;
	tell_body(turn->hearing, side, (struct span){ joined, len });
	return true;
}

/* Chunk by chunk; of a long one what is not at hand is skipped. */
static struct reading read_chunks(struct session_turn *turn, struct http_side *side)
{
	struct cursor in = turn->stream;
	struct span content;

	if (!side->is_begun && !tell_first_chunks(turn, side))
		return reading_wait();
	side->is_begun = true;

	enum dissect got = chunked_take(&side->chunks, &in, &content);
	struct reading reading = { .state = READING_ON,
				   .consumed = cursor_offset(&in, &turn->stream) };

	if (got == DISSECT_MALFORMED)
		return reading_lost();
	if (got == DISSECT_TRUNCATED)
		return reading;
	if (content.len == 0)
		side->is_in_body = false;
	if (content.len > 0 && side->chunks.state == CHUNKED_CONTENT && side->chunks.left > 1) {
		reading.skip = side->chunks.left - 1;
		side->chunks.left = 1;
	}
	return reading;
}

static struct reading read_http(struct session_turn *turn)
{
	struct http_notes *notes = turn->notes;
	struct http_side *side = turn->hearing->from_client ? &notes->client : &notes->server;

	if (turn->is_resumed) {
		*side = (struct http_side){ 0 };
		if (turn->hearing->from_client) /* those before were answered meanwhile */
			notes->method_count = 0;
	}
	if (side->is_in_body)
		return side->is_chunked ? read_chunks(turn, side) : read_sized_body(turn, side);
	return turn->hearing->from_client ? read_request(turn, notes) : read_response(turn, notes);
}

const struct session_reader session_reader_http = {
	.opens = opens,
	.read = read_http,
	.begins = begins,
	.first_bytes = { '\n', 'z' }, /* of a blank line before a request */
};
