#include "dissectors/socks.h"

enum {
	VERSION_4 = 4,
	VERSION_4_REPLY = 0, /* a reply of version 4 says so */
	VERSION_5 = 5,
	VERSION_LOGIN = 1,
	LOGIN_ACCEPTED = 0,
};

enum address_type {
	ADDRESS_IPV4 = 1,
	ADDRESS_NAME = 3,
	ADDRESS_IPV6 = 4,
};

enum { IPV4_LEN = 4 };

enum {
	REPLY_5_GRANTED = 0,
	REPLY_5_MAX = 8, /* RFC 1928 6; tor goes on to 0xf7 */
	REPLY_TOR_MIN = 0xf0,
	REPLY_4_GRANTED = 90,
	REPLY_4_MAX = 93,
};

enum dissect dissect_socks_greeting(struct cursor in, struct socks_greeting *out)
{
	const struct cursor start = in;
	struct socks_greeting msg = { 0 };
	uint8_t version = cursor_u8(&in);

	if (cursor_ok(&in) && version != VERSION_5)
		return DISSECT_OTHER;
	msg.method_count = cursor_u8(&in);
	if (cursor_ok(&in) && msg.method_count == 0)
		return DISSECT_OTHER;

	struct cursor methods = cursor_sub(&in, msg.method_count);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	while (cursor_left(&methods) > 0 && msg.methods_kept < SOCKS_METHODS_MAX)
		msg.methods[msg.methods_kept++] = cursor_u8(&methods);
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

enum dissect dissect_socks_choice(struct cursor in, struct socks_choice *out)
{
	const struct cursor start = in;
	uint8_t version = cursor_u8(&in);

	if (cursor_ok(&in) && version != VERSION_5)
		return DISSECT_OTHER;

	uint8_t method = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	*out = (struct socks_choice){ .method = method, .consumed = cursor_offset(&in, &start) };
	return DISSECT_OK;
}

enum dissect dissect_socks_login(struct cursor in, struct socks_login *out)
{
	const struct cursor start = in;
	struct socks_login msg = { 0 };
	uint8_t version = cursor_u8(&in);

	if (cursor_ok(&in) && version != VERSION_LOGIN)
		return DISSECT_OTHER;
	msg.user = cursor_take(&in, cursor_u8(&in));
	msg.password_len = cursor_u8(&in);
	cursor_skip(&in, msg.password_len);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

/* Some servers answer with version 5 in place of 1. */
enum dissect dissect_socks_login_result(struct cursor in, struct socks_login_result *out)
{
	const struct cursor start = in;
	uint8_t version = cursor_u8(&in);

	if (cursor_ok(&in) && version != VERSION_LOGIN && version != VERSION_5)
		return DISSECT_OTHER;

	uint8_t status = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	*out = (struct socks_login_result){ .is_accepted = status == LOGIN_ACCEPTED,
					    .consumed = cursor_offset(&in, &start) };
	return DISSECT_OK;
}

static void read_address(struct cursor *in, uint8_t len, struct socks_endpoint *end)
{
	end->address_len = len;
	cursor_copy(in, end->address, len);
}

/* Behind the version, the command or code and a zero: RFC 1928 5. */
static enum dissect read_endpoint(struct cursor *in, struct socks_endpoint *end)
{
	uint8_t type = cursor_u8(in);

	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;
	if (type == ADDRESS_IPV4)
		read_address(in, IPV4_LEN, end);
	else if (type == ADDRESS_IPV6)
		read_address(in, SOCKS_ADDRESS_LEN, end);
	else if (type == ADDRESS_NAME)
		end->name = cursor_take(in, cursor_u8(in));
	else
		return DISSECT_OTHER;
	end->port = cursor_be16(in);
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect read_text(struct cursor *in, struct span *text)
{
	struct cursor ahead = *in;

	*text = cursor_take_until(&ahead, '\0');
	if (!cursor_ok(&ahead))
		return cursor_left(in) > SOCKS_TEXT_MAX ? DISSECT_MALFORMED : DISSECT_TRUNCATED;
	*in = ahead;
	return text->len > SOCKS_TEXT_MAX ? DISSECT_MALFORMED : DISSECT_OK;
}

/* Version 4a: an address of 0.0.0.x, x not 0, says that a name follows. */
static bool is_named(const struct socks_endpoint *target)
{
	static const uint8_t zeroes[] = { 0, 0, 0 };

	return memcmp(target->address, zeroes, sizeof(zeroes)) == 0 &&
	       target->address[IPV4_LEN - 1] != 0;
}

static enum dissect read_request_4(struct cursor *in, struct socks_request *msg)
{
	msg->target.port = cursor_be16(in);
	read_address(in, IPV4_LEN, &msg->target);
	if (!cursor_ok(in))
		return DISSECT_TRUNCATED;

	enum dissect got = read_text(in, &msg->user);

	if (got != DISSECT_OK || !is_named(&msg->target))
		return got;
	memset(msg->target.address, 0, sizeof(msg->target.address));
	msg->target.address_len = 0;
	return read_text(in, &msg->target.name);
}

static enum dissect read_request_5(struct cursor *in, struct socks_request *msg)
{
	uint8_t reserved = cursor_u8(in);

	if (cursor_ok(in) && reserved != 0)
		return DISSECT_OTHER;
	return read_endpoint(in, &msg->target);
}

static bool is_command(uint8_t version, uint8_t command)
{
	if (command == SOCKS_TOR_RESOLVE || command == SOCKS_TOR_RESOLVE_PTR)
		return true;
	return command >= SOCKS_CONNECT &&
	       command <= (version == VERSION_5 ? SOCKS_ASSOCIATE : SOCKS_BIND);
}

enum dissect dissect_socks_request(struct cursor in, struct socks_request *out)
{
	const struct cursor start = in;
	struct socks_request msg = { .version = cursor_u8(&in) };

	if (cursor_ok(&in) && msg.version != VERSION_4 && msg.version != VERSION_5)
		return DISSECT_OTHER;

	uint8_t command = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	if (!is_command(msg.version, command))
		return DISSECT_OTHER;
	msg.command = (enum socks_command)command;

	enum dissect got =
		msg.version == VERSION_4 ? read_request_4(&in, &msg) : read_request_5(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}

static enum dissect read_reply_4(struct cursor *in, struct socks_reply *msg)
{
	msg->version = VERSION_4;
	msg->is_granted = msg->code == REPLY_4_GRANTED;
	if (msg->code < REPLY_4_GRANTED || msg->code > REPLY_4_MAX)
		return DISSECT_OTHER;
	msg->bound.port = cursor_be16(in);
	read_address(in, IPV4_LEN, &msg->bound);
	return cursor_ok(in) ? DISSECT_OK : DISSECT_TRUNCATED;
}

static enum dissect read_reply_5(struct cursor *in, struct socks_reply *msg)
{
	msg->is_granted = msg->code == REPLY_5_GRANTED;
	if (msg->code > REPLY_5_MAX && msg->code < REPLY_TOR_MIN)
		return DISSECT_OTHER;

	uint8_t reserved = cursor_u8(in);

	if (cursor_ok(in) && reserved != 0)
		return DISSECT_OTHER;
	return read_endpoint(in, &msg->bound);
}

enum dissect dissect_socks_reply(struct cursor in, struct socks_reply *out)
{
	const struct cursor start = in;
	struct socks_reply msg = { .version = cursor_u8(&in) };

	if (cursor_ok(&in) && msg.version != VERSION_4_REPLY && msg.version != VERSION_5)
		return DISSECT_OTHER;
	msg.code = cursor_u8(&in);
	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;

	enum dissect got =
		msg.version == VERSION_5 ? read_reply_5(&in, &msg) : read_reply_4(&in, &msg);

	if (got != DISSECT_OK)
		return got;
	msg.consumed = cursor_offset(&in, &start);

	*out = msg;
	return DISSECT_OK;
}
