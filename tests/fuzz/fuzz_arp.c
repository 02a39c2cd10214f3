#include "dissectors/arp.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arp packet;

	if (dissect_arp(cursor_over(data, len), &packet) == DISSECT_OK)
		fuzz_touch_span((struct span){ .data = packet.target_ip, .len = ARP_IP_LEN });
	return 0;
}
