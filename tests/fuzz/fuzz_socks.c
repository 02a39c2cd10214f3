#include "dissectors/socks.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void read_client(struct cursor in)
{
	struct socks_greeting greeting;
	struct socks_login login;
	struct socks_request request;

	if (dissect_socks_greeting(in, &greeting) == DISSECT_OK)
		cursor_skip(&in, greeting.consumed);
	if (dissect_socks_login(in, &login) == DISSECT_OK) {
		fuzz_touch_span(login.user);
		cursor_skip(&in, login.consumed);
	}
	if (dissect_socks_request(in, &request) == DISSECT_OK) {
		fuzz_touch_span(request.target.name);
		fuzz_touch_span(request.user);
		cursor_skip(&in, request.consumed);
	}
	if (!cursor_ok(&in))
		abort();
}

static void read_server(struct cursor in)
{
	struct socks_choice choice;
	struct socks_login_result result;
	struct socks_reply reply;

	if (dissect_socks_reply(in, &reply) == DISSECT_OK)
		fuzz_touch_span(reply.bound.name);
	if (dissect_socks_choice(in, &choice) == DISSECT_OK)
		cursor_skip(&in, choice.consumed);
	if (dissect_socks_login_result(in, &result) == DISSECT_OK)
		cursor_skip(&in, result.consumed);
	if (dissect_socks_reply(in, &reply) == DISSECT_OK) {
		fuzz_touch_span(reply.bound.name);
		cursor_skip(&in, reply.consumed);
	}
	if (!cursor_ok(&in))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_client(cursor_over(data, len));
	read_server(cursor_over(data, len));
	return 0;
}
