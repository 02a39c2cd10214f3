#include "dissectors/mail_body.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct mail_body body = { 0 };

	while (cursor_left(&in) > 0) {
		if (mail_body_take(&body, &in) == DISSECT_OK)
			body = (struct mail_body){ 0 };
	}
	return 0;
}
