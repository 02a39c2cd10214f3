#include "dissectors/imap.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void read_commands(struct cursor in)
{
	struct imap_command command;

	while (cursor_left(&in) > 0 && dissect_imap_command(in, &command) == DISSECT_OK) {
		fuzz_touch_span(command.tag);
		fuzz_touch_span(command.name);
		if (command.consumed == 0 || command.consumed > cursor_left(&in))
			abort();
		cursor_skip(&in, command.consumed);
	}
}

static void read_replies(struct cursor in)
{
	struct imap_reply reply;

	while (cursor_left(&in) > 0 && dissect_imap_reply(in, &reply) == DISSECT_OK) {
		fuzz_touch_span(reply.tag);
		fuzz_touch_span(reply.text);
		if (reply.consumed == 0 || reply.consumed > cursor_left(&in))
			abort();
		cursor_skip(&in, reply.consumed);
	}
}

static void read_rest(struct cursor in)
{
	struct imap_rest rest;

	if (dissect_imap_rest(in, &rest) == DISSECT_OK && rest.consumed > cursor_left(&in))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_commands(cursor_over(data, len));
	read_replies(cursor_over(data, len));
	read_rest(cursor_over(data, len));
	return 0;
}
