#include "dissectors/smb1.h"

#include "dissectors/nbss.h"
#include "tests/fuzz/fuzz.h"

static void touch(const struct smb1 *msg)
{
	for (size_t i = 0; i < msg->dialect_count; i++)
		fuzz_touch_span(msg->dialects[i]);
	fuzz_touch_span(msg->server_domain);
	fuzz_touch_span(msg->server_name);
	fuzz_touch_span(msg->security_blob);
	fuzz_touch_span(msg->account);
	fuzz_touch_span(msg->primary_domain);
	fuzz_touch_span(msg->native_os);
	fuzz_touch_span(msg->native_lan_manager);
	fuzz_touch_span(msg->path);
	fuzz_touch_span(msg->service);
	fuzz_touch_span(msg->file_name);
	fuzz_touch_span(msg->transaction_name);
	fuzz_touch_span(msg->payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor in = cursor_over(data, len);
	struct nbss frame;
	struct smb1 msg;

	while (dissect_nbss(&in, &frame) == DISSECT_OK)
		if (dissect_smb1(frame.message, frame.length, &msg) == DISSECT_OK)
			touch(&msg);
	return 0;
}
