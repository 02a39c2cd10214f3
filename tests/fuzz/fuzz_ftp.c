#include "dissectors/ftp.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void read_commands(struct cursor in)
{
	struct ftp_command command;

	while (cursor_left(&in) > 0 && dissect_ftp_command(in, &command) == DISSECT_OK) {
		fuzz_touch_span(command.name);
		fuzz_touch_span(command.argument);
		if (command.consumed == 0 || command.consumed > cursor_left(&in))
			abort();
		cursor_skip(&in, command.consumed);
	}
}

static void read_replies(struct cursor in)
{
	struct ftp_reply reply;

	while (cursor_left(&in) > 0 && dissect_ftp_reply(in, &reply) == DISSECT_OK) {
		fuzz_touch_span(reply.reply.text);
		fuzz_touch_span(reply.reply.all);
		if (reply.reply.consumed == 0 || reply.reply.consumed > cursor_left(&in))
			abort();
		cursor_skip(&in, reply.reply.consumed);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_commands(cursor_over(data, len));
	read_replies(cursor_over(data, len));
	return 0;
}
