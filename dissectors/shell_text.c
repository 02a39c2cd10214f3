#include "dissectors/shell_text.h"

#include <string.h>

enum { LINE_MOST = 160, LOOKED_AT = 16, TEXT_LEAST = 11 };

#define WORDS(s) ((struct span){ (const uint8_t *)(s), sizeof(s) - 1 })

static uint8_t byte_at(struct span s, size_t at)
{
	struct cursor in = cursor_at(cursor_over(s.data, s.len), at);

	return cursor_u8(&in);
}

static bool begins_with(struct span text, struct span words)
{
	return text.len >= words.len && memcmp(text.data, words.data, words.len) == 0;
}

static bool ends_with(struct span text, uint8_t byte)
{
	return text.len > 0 && byte_at(text, text.len - 1) == byte;
}

static struct span from(struct span text, size_t at)
{
	return cursor_at(cursor_over(text.data, text.len), at).rest;
}

static struct span up_to(struct span text, size_t len)
{
	struct cursor in = cursor_over(text.data, text.len);

	return cursor_take_up_to(&in, len);
}

/* What stands behind the first `words` in `text`; `data` is NULL when they do not. */
static struct span behind(struct span text, struct span words)
{
	const uint8_t *found =
		text.len > 0 ? memmem(text.data, text.len, words.data, words.len) : NULL;

	if (!found)
		return (struct span){ 0 };
	return from(text, (size_t)(found - text.data) + words.len);
}

static bool holds(struct span text, struct span words)
{
	return behind(text, words).data != NULL;
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_text(uint8_t c)
{
	return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t' || c == '\x1b';
}

/* The last one, from where it begins; empty when it is too long for a prompt. */
static struct span last_line(struct span text)
{
	size_t at = text.len;

	while (at > 0 && text.len - at < LINE_MOST && byte_at(text, at - 1) != '\n')
		at--;
	return text.len - at < LINE_MOST ? from(text, at) : (struct span){ 0 };
}

/* "C:\…>", with or without PowerShell's "PS ". */
static bool is_windows_prompt(struct span line)
{
	if (begins_with(line, WORDS("PS ")))
		line = from(line, sizeof("PS ") - 1);
	return line.len >= sizeof("C:\\>") - 1 && is_letter(byte_at(line, 0)) &&
	       byte_at(line, 1) == ':' && byte_at(line, 2) == '\\' && ends_with(line, '>');
}

static bool is_named_shell(struct span line, struct span name)
{
	return begins_with(line, name) && is_digit(byte_at(line, name.len));
}

/* "a@b:~$", "[a@b ~]$", "bash-5.1$", or with "#" for the superuser. */
static bool is_unix_prompt(struct span line)
{
	struct span host = behind(line, WORDS("@"));

	if (!ends_with(line, '$') && !ends_with(line, '#'))
		return false;
	if (is_named_shell(line, WORDS("bash-")) || is_named_shell(line, WORDS("sh-")))
		return true;
	if (!host.data)
		return false;
	return holds(host, WORDS(":")) || holds(host, WORDS("]"));
}

static bool is_prompt(struct span text)
{
	struct span line;

	if (text.len == 2 && (begins_with(text, WORDS("$ ")) || begins_with(text, WORDS("# "))))
		return true;
	if (ends_with(text, ' '))
		text = up_to(text, text.len - 1);
	line = last_line(text);
	return is_windows_prompt(line) || is_unix_prompt(line);
}

static bool is_banner(struct span text)
{
	return begins_with(text, WORDS("Microsoft Windows ")) ||
	       (holds(text, WORDS("Windows PowerShell")) && holds(text, WORDS("Copyright"))) ||
	       holds(text, WORDS("no job control in this shell")) ||
	       holds(text, WORDS("job control turned off"));
}

static bool is_identity(struct span text)
{
	struct span rest = behind(text, WORDS("uid="));

	return rest.len > 0 && is_digit(byte_at(rest, 0)) && holds(rest, WORDS("(")) &&
	       holds(rest, WORDS(") gid="));
}

/* "Windows 10", "Windows Server", "Win 7", "Win10". */
static bool names_system(struct span text)
{
	const struct span names[] = { WORDS("Windows "), WORDS("Win "), WORDS("Win") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span rest = behind(text, names[i]);

		if (rest.len == 0)
			continue;
		if (is_digit(byte_at(rest, 0)) || begins_with(rest, WORDS("Server")) ||
		    begins_with(rest, WORDS("XP")) || begins_with(rest, WORDS("Vista")))
			return true;
	}
	return false;
}

/* Most of what is no text shows in its first bytes; a length may stand before what is. */
static bool begins_as_text(struct span text)
{
	size_t len = text.len < LOOKED_AT ? text.len : LOOKED_AT;
	size_t seen = 0;

	for (size_t i = 0; i < len; i++)
		seen += is_text(byte_at(text, i));
	return seen * LOOKED_AT >= len * TEXT_LEAST;
}

unsigned shell_text_signs(struct span text)
{
	unsigned signs = 0;

	if (!begins_as_text(text))
		return 0;
	/* A prompt stands at the end of what was said, which must be whole for that. */
	if (text.len <= SHELL_TEXT_MOST && is_prompt(text))
		signs |= SHELL_PROMPT;
	text = up_to(text, SHELL_TEXT_MOST);
	if (is_banner(text))
		signs |= SHELL_BANNER;
	if (is_identity(text))
		signs |= SHELL_IDENTITY;
	if ((signs & SHELL_BANNER) == 0 && names_system(text))
		signs |= SHELL_SYSTEM;
	return signs;
}

bool shell_text_is_output(struct span text)
{
	static const char *const outputs[] = { "root:x:0:0:", "root:*:0:0:", "nt authority\\system",
					       "Windows IP Configuration",
					       "Volume Serial Number is" };

	text = up_to(text, SHELL_TEXT_MOST);
	if (!begins_as_text(text))
		return false;
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		const struct span words = { (const uint8_t *)outputs[i], strlen(outputs[i]) };

		if (holds(text, words))
			return true;
	}
	return is_identity(text);
}
