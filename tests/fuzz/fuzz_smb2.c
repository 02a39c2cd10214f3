#include "dissectors/smb2.h"

#include "dissectors/nbss.h"
#include "dissectors/utf16.h"
#include "tests/fuzz/fuzz.h"

static void touch_text(struct span text)
{
	enum { TEXT_MAX = 100 };
	char out[TEXT_MAX];

	(void)utf16_to_utf8(text, out, sizeof(out));
}

static void touch(const struct smb2 *msg)
{
	fuzz_touch_span(msg->security_blob);
	fuzz_touch_span(msg->payload);
	touch_text(msg->server_name);
	touch_text(msg->path);
	touch_text(msg->file_name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct nbss frame;

	while (dissect_nbss(&in, &frame) == DISSECT_OK) {
		struct smb2_frame messages = { frame.message, frame.length };
		struct smb2 msg;

		while (messages.length > 0 && dissect_smb2(&messages, &msg) == DISSECT_OK)
			touch(&msg);
	}
	return 0;
}
