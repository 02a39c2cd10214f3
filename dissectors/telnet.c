#include "dissectors/telnet.h"

#include "dissectors/line.h"

/* RFC 854, page 14 */
enum {
	IAC = 0xff,
	DONT = 0xfe,
	WILL = 0xfb,
	SB = 0xfa,
	SE = 0xf0,
};

enum {
	OPTION_MAX = 49, /* IANA's list; and 255, which extends it */
	OPTION_EXTENDED = 255,
	OPTION_TERMINAL_TYPE = 24,
	TERMINAL_TYPE_IS = 0,
};

/* In lower case. */
static const char *const user_prompts[] = { "login:", "username:", "user name:",
					    "user:",  "account:",  "user id:" };
static const char *const no_prompts[] = { "last login:", "successful login:" };
static const char *const password_prompts[] = { "password:", "passwd:", "passcode:" };
static const char *const refusals[] = {
	"login incorrect",      "incorrect login",       "login failed",
	"access denied",        "authentication failed", "authentication failure",
	"bad password",         "invalid password",      "incorrect password",
	"wrong password",       "password incorrect",    "bad passwords",
	"login invalid",        "invalid login",         "permission denied",
	"user was locked",      "too many attempts",     "not allowed",
	"username or password", "user name or password", "fail to login",
};
static const char *const welcomes[] = {
	"last login",     "welcome to",   "last successful login",  "busybox v",
	"built-in shell", "enter 'help'", "microsoft telnet server"
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum dissect dissect_telnet(struct cursor in)
{
	uint8_t first = cursor_u8(&in);

	if (cursor_ok(&in) && first != IAC)
		return DISSECT_OTHER;

	uint8_t command = cursor_u8(&in);

	if (cursor_ok(&in) && (command < SB || command > DONT))
		return DISSECT_OTHER;

	uint8_t option = cursor_u8(&in);

	if (!cursor_ok(&in))
		return DISSECT_TRUNCATED;
	return option <= OPTION_MAX || option == OPTION_EXTENDED ? DISSECT_OK : DISSECT_OTHER;
}

static struct span line_of(const struct telnet *telnet)
{
	return span_trim((struct span){ .data = telnet->line, .len = telnet->line_len });
}

/* At the line's end, where a prompt stands. */
static bool ends_with(struct span line, const char *const *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(phrases[i]);

		if (line.len < len)
			continue;

		struct cursor end = cursor_at((struct cursor){ .rest = line }, line.len - len);

		if (span_is(end.rest, phrases[i]))
			return true;
	}
	return false;
}

/* Most bytes begin no phrase, which their first letter says. */
static bool begins_one(struct span text, const char *const *phrases, size_t count)
{
	uint8_t first = ascii_lower(text.data[0]);

	for (size_t i = 0; i < count; i++) {
		if (first == (uint8_t)phrases[i][0] && span_begins(text, phrases[i]))
			return true;
	}
	return false;
}

static bool holds(struct span line, const char *const *phrases, size_t count)
{
	struct cursor in = { .rest = line };

	for (; cursor_left(&in) > 0; cursor_skip(&in, 1)) {
		if (begins_one(in.rest, phrases, count))
			return true;
	}
	return false;
}

/* A shell waits: "user@host:~$", "#", "C:\Users\x>". */
static bool is_shell_prompt(struct span line)
{
	static const char ends[] = { '$', '#', '>', '%' };

	return line.len > 0 && memchr(ends, line.data[line.len - 1], sizeof(ends)) != NULL;
}

/* A line is judged once, when it ends. */
static void judge_line(struct telnet *telnet)
{
	struct span line = line_of(telnet);

	if (!telnet->asks_for_password || telnet->is_refused || telnet->is_accepted)
		return;
	telnet->is_refused = holds(line, refusals, COUNT(refusals));
	telnet->is_accepted = !telnet->is_refused && holds(line, welcomes, COUNT(welcomes));
}

/* A second prompt for a user is how servers of few words refuse the first. */
static void judge_prompt(struct telnet *telnet)
{
	struct span line = line_of(telnet);

	if (ends_with(line, user_prompts, COUNT(user_prompts)) &&
	    !ends_with(line, no_prompts, COUNT(no_prompts))) {
		judge_line(telnet);
		telnet->is_refused |= telnet->asks_for_password && !telnet->is_accepted;
		telnet->asks_for_user = true;
	}
	telnet->asks_for_password |= ends_with(line, password_prompts, COUNT(password_prompts));
}

/* Of a full line the older half is forgotten. */
static void keep_byte(struct telnet *telnet, uint8_t byte)
{
	enum { HALF = TELNET_LINE_MAX / 2 };

	if (telnet->line_len == TELNET_LINE_MAX) {
		judge_line(telnet);
		memmove(telnet->line, &telnet->line[HALF], TELNET_LINE_MAX - HALF);
		telnet->line_len = TELNET_LINE_MAX - HALF;
	}
	telnet->line[telnet->line_len++] = byte;
}

static void eat_text(struct telnet *telnet, uint8_t byte)
{
	if (telnet->text_len < UINT32_MAX)
		telnet->text_len++;
	if (byte == '\n' || byte == '\r') {
		judge_line(telnet);
		telnet->line_len = 0;
		return;
	}
	if (byte == '\0')
		return;
	keep_byte(telnet, byte);
	if (byte == ':')
		judge_prompt(telnet);
	else if (telnet->asks_for_password && !telnet->is_refused && !telnet->is_accepted &&
		 is_shell_prompt(line_of(telnet)))
		telnet->is_accepted = true;
}

static void eat_command(struct telnet *telnet, uint8_t byte)
{
	if (byte == IAC) {
		telnet->state = TELNET_TEXT;
		eat_text(telnet, byte);
	} else if (byte >= WILL) {
		telnet->state = TELNET_OPTION;
	} else {
		telnet->state = byte == SB ? TELNET_SUBOPTION : TELNET_TEXT;
	}
}

static void eat_option(struct telnet *telnet)
{
	if (telnet->negotiated < UINT32_MAX)
		telnet->negotiated++;
	telnet->state = TELNET_TEXT;
}

/* "IS" and the name; "SEND", which asks for it, is another option to us. */
static void eat_parameter(struct telnet *telnet, uint8_t byte)
{
	if (telnet->option != OPTION_TERMINAL_TYPE || telnet->terminal_is_whole)
		return;
	if (!telnet->is_terminal_name) {
		telnet->is_terminal_name = byte == TERMINAL_TYPE_IS;
		if (!telnet->is_terminal_name)
			telnet->option = OPTION_EXTENDED;
	} else if (telnet->terminal_len < TELNET_TERMINAL_MAX) {
		telnet->terminal[telnet->terminal_len++] = byte;
	}
}

static void end_parameters(struct telnet *telnet)
{
	telnet->state = TELNET_TEXT;
	telnet->terminal_is_whole = telnet->terminal_len > 0;
}

static void eat(struct telnet *telnet, uint8_t byte)
{
	switch (telnet->state) {
	case TELNET_TEXT:
		if (byte == IAC)
			telnet->state = TELNET_COMMAND;
		else
			eat_text(telnet, byte);
		break;
	case TELNET_COMMAND:
		eat_command(telnet, byte);
		break;
	case TELNET_OPTION:
		eat_option(telnet);
		break;
	case TELNET_SUBOPTION:
		telnet->option = byte;
		telnet->is_terminal_name = false;
		telnet->state = TELNET_PARAMETERS;
		break;
	case TELNET_PARAMETERS:
		if (byte == IAC)
			telnet->state = TELNET_PARAMETERS_COMMAND;
		else
			eat_parameter(telnet, byte);
		break;
	case TELNET_PARAMETERS_COMMAND:
		if (byte == SE)
			end_parameters(telnet);
		else
			telnet->state = TELNET_PARAMETERS;
		break;
	}
}

void telnet_feed(struct telnet *telnet, struct cursor *in)
{
	while (cursor_left(in) > 0)
		eat(telnet, cursor_u8(in));
}
