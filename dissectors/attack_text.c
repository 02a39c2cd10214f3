#include "dissectors/attack_text.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { PLAIN_MAX = 2048, HEX_BASE = 16 };

static int hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* In lower case, with escapes and '+' undone; a second round undoes what was escaped twice. */
static void unescape(const char *text, char *out, size_t size)
{
	size_t len = 0;

	while (*text && len + 1 < size) {
		int high = text[0] == '%' ? hex_digit(text[1]) : -1;
		int low = high >= 0 ? hex_digit(text[2]) : -1;
		char c = *text++;

		if (low >= 0) {
			c = (char)(high * HEX_BASE + low);
			text += 2;
		} else if (c == '+') {
			c = ' ';
		}
		out[len++] = (char)tolower((unsigned char)c);
	}
	out[len] = '\0';
}

static bool holds_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strstr(text, words[i]))
			return true;
	}
	return false;
}

#define HOLDS(text, words) holds_one_of(text, words, sizeof(words) / sizeof((words)[0]))

static bool is_command(const char *at)
{
	static const char *const commands[] = { "wget",       "curl",    "whoami", "uname",
						"id",         "cat",     "echo",   "ls",
						"powershell", "cmd.exe", "bash",   "sh",
						"nc",         "python",  "perl",   "busybox",
						"cd",         "rm",      "chmod",  "tftp" };

	at += strspn(at, " ");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		size_t len = strlen(commands[i]);

		if (strncmp(at, commands[i], len) == 0 && !isalnum((unsigned char)at[len]) &&
		    at[len] != '=' && at[len] != '-' && at[len] != '.')
			return true;
	}
	return false;
}

/*
 * A command behind what ends another one, or as the value of a parameter that is named for it. A
 * value alone ("q=echo") is a word as any other.
 */
static bool has_command(const char *text)
{
	static const char *const names[] = { "cmd=", "exec=", "command=", "execute=", "shell=",
					     "?c=",  "&c=",   "run=",     "code=",    "daemon=" };

	for (const char *at = strpbrk(text, ";|`"); at; at = strpbrk(at + 1, ";|`")) {
		if (is_command(at + 1) && strpbrk(at + 1, " /$"))
			return true;
	}
	for (const char *at = strstr(text, "$("); at; at = strstr(at + 1, "$(")) {
		if (is_command(at + 2))
			return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *at = strstr(text, names[i]);

		if (at && is_command(at + strlen(names[i])))
			return true;
	}
	return false;
}

static enum attack_text attack_in_plain(const char *text)
{
	static const char *const lookups[] = { "jndi:", "${lower:", "${upper:", "${::-", "${env:" };
	static const char *const paths[] = { "../../../",   "..\\..\\..\\", "/etc/passwd",
					     "/etc/shadow", "/proc/self/",  "windows/win.ini" };
	static const char *const calls[] = { "call_user_func",
					     "shell_exec(",
					     "passthru(",
					     "base64_decode(",
					     "<?php",
					     "eval(",
					     "phpinfo(",
					     "auto_prepend_file",
					     "/bin/sh",
					     "/bin/bash",
					     "getruntime",
					     "ognlcontext",
					     "processbuilder",
					     "class.module.classloader",
					     "() {" };
	static const char *const queries[] = { "union select",  "union all select",
					       "' or '1'='1",   "information_schema",
					       "waitfor delay", "xp_cmdshell",
					       "and sleep(",    "extractvalue(" };

	if (HOLDS(text, lookups))
		return ATTACK_TEXT_LOOKUP;
	if (HOLDS(text, calls) || has_command(text))
		return ATTACK_TEXT_COMMAND;
	if (HOLDS(text, paths))
		return ATTACK_TEXT_PATH;
	return HOLDS(text, queries) ? ATTACK_TEXT_QUERY : ATTACK_TEXT_NONE;
}

enum attack_text attack_text_in(const char *text)
{
	char once[PLAIN_MAX] = "";
	char twice[PLAIN_MAX] = "";
	enum attack_text found;

	/* Nearly every text has none of the characters that all of these need. */
	if (!strpbrk(text, ";|`$%('<=:") && !strstr(text, "..") && !strstr(text, "/etc/"))
		return ATTACK_TEXT_NONE;
	unescape(text, once, sizeof(once));
	found = attack_in_plain(once);
	if (found != ATTACK_TEXT_NONE || !strchr(once, '%'))
		return found;
	unescape(once, twice, sizeof(twice));
	return attack_in_plain(twice);
}

/* What is no text would be taken for escapes and signs by chance. */
static bool is_text(struct span bytes)
{
	struct cursor in = cursor_over(bytes.data, bytes.len);

	while (cursor_left(&in) > 0) {
		uint8_t byte = cursor_u8(&in);

		if (byte < ' ' && byte != '\t' && byte != '\r' && byte != '\n')
			return false;
	}
	return true;
}

/* Bytes of text, NUL-terminated. */
static enum attack_text in_bytes(struct span bytes)
{
	char text[ATTACK_BODY_MOST + 1];
	struct cursor in = cursor_over(bytes.data, bytes.len);
	struct span shown = cursor_take_up_to(&in, ATTACK_BODY_MOST);

	if (shown.len > 0)
		memcpy(text, shown.data, shown.len);
	text[shown.len] = '\0';
	return attack_text_in(text);
}

enum attack_text attack_text_in_body(struct span body)
{
	struct cursor in = cursor_over(body.data, body.len);
	struct span shown = cursor_take_up_to(&in, ATTACK_BODY_MOST);

	return shown.len > 0 && is_text(shown) ? in_bytes(shown) : ATTACK_TEXT_NONE;
}

/* Each field of a head costs; these openings stand in hardly any. */
enum attack_text attack_text_in_head(struct span head)
{
	static const char *const openings[] = { "${", "%{", "() {" };

	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		const uint8_t *found =
			head.len > 0 ? memmem(head.data, head.len, openings[i], strlen(openings[i]))
				     : NULL;
		struct cursor in = cursor_over(head.data, head.len);
		enum attack_text text;

		if (!found)
			continue;
		cursor_skip(&in, (size_t)(found - head.data));
		text = in_bytes(in.rest);
		if (text != ATTACK_TEXT_NONE)
			return text;
	}
	return ATTACK_TEXT_NONE;
}

const char *attack_text_name(enum attack_text text)
{
	static const char *const names[] = {
		[ATTACK_TEXT_NONE] = "",           [ATTACK_TEXT_LOOKUP] = "lookup",
		[ATTACK_TEXT_COMMAND] = "command", [ATTACK_TEXT_PATH] = "path",
		[ATTACK_TEXT_QUERY] = "query",
	};

	return names[text];
}
