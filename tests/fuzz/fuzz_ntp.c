#include "dissectors/ntp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ntp msg;

	if (dissect_ntp(cursor_over(data, len), &msg) == DISSECT_OK)
		(void)ntp_unix_seconds(msg.transmit_seconds);
	return 0;
}
