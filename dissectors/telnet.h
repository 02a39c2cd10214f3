/* Telnet (RFC 854; options RFC 855, terminal type RFC 1091): what is negotiated, how a login goes.
 */
/*
 * Fed as the stream comes, each direction into a state of its own. Text is looked at for prompts
 * and their outcome, line by line, in whatever case; it is not kept. A client types what the server
 * echoes, so the user's name is not told.
 */
#pragma once

#include "dissectors/cursor.h"
#include "dissectors/dissect.h"

enum {
	TELNET_TERMINAL_MAX = 40, /* RFC 1091 */
	TELNET_LINE_MAX = 96,     /* of a line the end is looked at */
};

enum telnet_state {
	TELNET_TEXT,
	TELNET_COMMAND,    /* behind IAC */
	TELNET_OPTION,     /* behind WILL, WONT, DO, DONT */
	TELNET_SUBOPTION,  /* behind SB: which one */
	TELNET_PARAMETERS, /* of a suboption, up to IAC SE */
	TELNET_PARAMETERS_COMMAND,
};

/* Zeroes are the beginning. */
struct telnet {
	/* What has been found. */
	uint32_t text_len;   /* bytes of text, and */
	uint32_t negotiated; /* WILL, WONT, DO and DONT so far; both stop at their largest value */
	uint8_t terminal_len;
	uint8_t terminal[TELNET_TERMINAL_MAX]; /* the first one told; unchecked */
	bool asks_for_user;                    /* "login:", "Username:" at a line's end */
	bool asks_for_password;
	/* The first outcome behind a prompt for a password; both are guesses from words. */
	bool is_refused;  /* "Login incorrect", "Access denied", another prompt for a user … */
	bool is_accepted; /* "Last login", a shell's prompt … */

	/* telnet.c's own. */
	enum telnet_state state;
	uint8_t option;
	bool is_terminal_name;  /* the parameters are one, from here on */
	bool terminal_is_whole; /* later ones say less: clients offer the best first */
	uint8_t line_len;
	uint8_t line[TELNET_LINE_MAX];
};

/*
 * Whether a stream begins like telnet: with a negotiation. DISSECT_TRUNCATED while it is not told.
 * A server that negotiates nothing is known by its prompts alone.
 */
MUST_USE enum dissect dissect_telnet(struct cursor in);

/* Eats all of `in`. Any bytes are telnet of a kind, so it cannot fail. */
void telnet_feed(struct telnet *telnet, struct cursor *in);
