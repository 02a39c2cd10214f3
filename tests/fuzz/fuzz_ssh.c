#include "dissectors/ssh.h"

#include "tests/fuzz/fuzz.h"

static void touch_kexinit(struct span payload)
{
	struct ssh_kexinit kexinit;

	if (dissect_ssh_kexinit(payload, &kexinit) != DISSECT_OK)
		return;
	fuzz_touch_span(kexinit.cookie);
	fuzz_touch_span(kexinit.kex);
	fuzz_touch_span(kexinit.host_key);
	fuzz_touch_span(kexinit.encryption_to_server);
	fuzz_touch_span(kexinit.encryption_to_client);
	fuzz_touch_span(kexinit.mac_to_server);
	fuzz_touch_span(kexinit.mac_to_client);
	fuzz_touch_span(kexinit.compression_to_server);
	fuzz_touch_span(kexinit.compression_to_client);
	fuzz_touch_span(kexinit.languages_to_server);
	fuzz_touch_span(kexinit.languages_to_client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor stream = cursor_over(data, len);
	struct ssh_identification id;
	struct ssh_packet packet;

	if (dissect_ssh_identification(&stream, &id) == DISSECT_OK) {
		fuzz_touch_span(id.line);
		fuzz_touch_span(id.version);
		fuzz_touch_span(id.software);
		fuzz_touch_span(id.comment);
	}
	while (dissect_ssh_packet(&stream, &packet) == DISSECT_OK) {
		fuzz_touch_span(packet.payload);
		touch_kexinit(packet.payload);
	}
	return 0;
}
