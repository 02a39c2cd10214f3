#include "dissectors/vnc.h"

#include "dissectors/line.h"

enum {
	VERSION_DIGITS = 3,
	MAJOR_3 = 3,
	MINOR_3 = 3,
	MINOR_7 = 7,
	MINOR_8 = 8,
	CHALLENGE_LEN = 16,
	PIXEL_FORMAT_LEN = 16,
	RESULT_OK = 0,
	RESULT_FAILED = 1,
	RESULT_TOO_MANY = 2,
};

/* "RFB 003.008\n" */
static enum dissect read_version(struct cursor *in, struct vnc_version *version)
{
	static const char prefix[] = { 'R', 'F', 'B', ' ' };
	struct cursor ahead = *in;
	struct span start = cursor_take_up_to(&ahead, sizeof(prefix));
	uint64_t major = 0;
	uint64_t minor = 0;

	if (start.len > 0 && memcmp(start.data, prefix, start.len) != 0)
		return DISSECT_OTHER;

	struct span major_digits = cursor_take(&ahead, VERSION_DIGITS);
	uint8_t dot = cursor_u8(&ahead);
	struct span minor_digits = cursor_take(&ahead, VERSION_DIGITS);
	uint8_t end = cursor_u8(&ahead);

	if (!cursor_ok(&ahead))
		return DISSECT_TRUNCATED;
	if (!span_decimal(major_digits, &major) || dot != '.' ||
	    !span_decimal(minor_digits, &minor) || end != '\n')
		return DISSECT_OTHER;
	*version = (struct vnc_version){ .major = (uint16_t)major, .minor = (uint16_t)minor };
	*in = ahead;
	return DISSECT_OK;
}

/* Which of the three is spoken (RFC 6143 7.1.1); RealVNC's 4.1 and 5.0 begin like 3.8. */
static uint16_t minor_of(struct vnc_version version)
{
	if (version.major > MAJOR_3)
		return MINOR_8;
	if (version.minor == MINOR_7)
		return MINOR_7;
	return version.minor >= MINOR_8 ? MINOR_8 : MINOR_3;
}

enum dissect dissect_vnc_client(struct cursor stream, struct vnc_client *out)
{
	const struct cursor start = stream;
	struct vnc_client msg = { 0 };
	enum dissect got = read_version(&stream, &msg.version);

	if (got != DISSECT_OK)
		return got;
	if (minor_of(msg.version) != MINOR_3 && cursor_left(&stream) > 0) {
		msg.has_choice = true;
		msg.security = cursor_u8(&stream);
	}
	msg.consumed = cursor_offset(&stream, &start);

	*out = msg;
	return DISSECT_OK;
}

/* A length and so many bytes. */
static bool read_text(struct cursor *in, struct span *text)
{
	uint32_t len = cursor_be32(in);

	if (len > VNC_TEXT_MAX)
		return false;
	*text = cursor_take(in, len);
	return cursor_ok(in);
}

static void keep_offer(struct vnc_server *msg, struct cursor types)
{
	while (cursor_left(&types) > 0 && msg->security_kept < VNC_SECURITY_TYPES_MAX)
		msg->security[msg->security_kept++] = cursor_u8(&types);
	msg->has_offer = true;
}

/* In 3.3 one type in four bytes, else a list. False when what follows is not to be read. */
static bool read_offer(struct cursor *in, uint16_t minor, struct vnc_server *msg)
{
	struct cursor types;

	if (minor == MINOR_3) {
		uint32_t type = cursor_be32(in);

		if (!cursor_ok(in) || type > UINT8_MAX)
			return false;
		msg->security_count = type != VNC_SECURITY_INVALID ? 1 : 0;
		msg->security_kept = msg->security_count;
		msg->security[0] = (uint8_t)type;
		msg->has_offer = true;
	} else {
		uint8_t count = cursor_u8(in);

		types = cursor_sub(in, count);
		if (!cursor_ok(in))
			return false;
		msg->security_count = count;
		keep_offer(msg, types);
	}
	if (msg->security_count > 0)
		return true;
	msg->outcome = VNC_OUTCOME_REFUSED;
	msg->lacks_reason = !read_text(in, &msg->reason);
	return false;
}

static bool read_result(struct cursor *in, uint16_t minor, struct vnc_server *msg)
{
	uint32_t result = cursor_be32(in);

	if (!cursor_ok(in))
		return false;
	if (result == RESULT_OK) {
		msg->outcome = VNC_OUTCOME_ACCEPTED;
		return true;
	}
	if (result == RESULT_FAILED)
		msg->outcome = VNC_OUTCOME_REFUSED;
	else if (result == RESULT_TOO_MANY)
		msg->outcome = VNC_OUTCOME_TOO_MANY;
	if (minor == MINOR_8)
		msg->lacks_reason = !read_text(in, &msg->reason);
	return false;
}

/* ServerInit: RFC 6143 7.3.2. */
static void read_desktop(struct cursor *in, struct vnc_server *msg)
{
	struct span name;
	uint16_t width = cursor_be16(in);
	uint16_t height = cursor_be16(in);

	cursor_skip(in, PIXEL_FORMAT_LEN);
	if (!read_text(in, &name))
		return;
	msg->has_desktop = true;
	msg->width = width;
	msg->height = height;
	msg->desktop_name = name;
}

/* Each step only where the one before says what it is. */
static void read_handshake(struct cursor *in, const struct vnc_client *client,
			   struct vnc_server *msg)
{
	/* The client answers, so its word holds. */
	uint16_t minor = minor_of(client->version.major > 0 ? client->version : msg->version);

	if (!read_offer(in, minor, msg))
		return;

	uint8_t security = minor == MINOR_3 ? msg->security[0] : client->security;

	if (minor != MINOR_3 && !client->has_choice)
		return;
	if (security == VNC_SECURITY_VNC)
		cursor_skip(in, CHALLENGE_LEN);
	else if (security != VNC_SECURITY_NONE)
		return;
	if (security == VNC_SECURITY_VNC || minor == MINOR_8) {
		if (!read_result(in, minor, msg))
			return;
	} else {
		msg->outcome = VNC_OUTCOME_ACCEPTED;
	}
	read_desktop(in, msg);
}

enum dissect dissect_vnc_server(struct cursor stream, const struct vnc_client *client,
				struct vnc_server *out)
{
	struct vnc_server msg = { 0 };
	enum dissect got = read_version(&stream, &msg.version);

	if (got != DISSECT_OK)
		return got;
	read_handshake(&stream, client, &msg);

	*out = msg;
	return DISSECT_OK;
}
