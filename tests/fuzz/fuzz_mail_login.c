#include "dissectors/mail_login.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct mail_login login = { 0 };
	struct mail_auth_line line;

	(void)mail_login_read_auth(&login, in.rest);
	fuzz_touch_span((struct span){ .data = login.user, .len = login.user_len });
	if (dissect_mail_auth_line(in, &line) == DISSECT_OK)
		fuzz_touch_span(line.base64);
	return 0;
}
