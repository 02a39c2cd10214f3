#include "sensor/detect/attack_text.h"

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
						"nc",         "python",  "perl",   "busybox" };

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
	static const char *const calls[] = {
		"call_user_func", "shell_exec(", "passthru(", "base64_decode(",
		"<?php",          "eval(",       "phpinfo(",  "auto_prepend_file",
		"/bin/sh",        "/bin/bash",   "getruntime"
	};
	static const char *const queries[] = { "union select",  "union all select",
					       "' or '1'='1",   "information_schema",
					       "waitfor delay", "xp_cmdshell" };

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
