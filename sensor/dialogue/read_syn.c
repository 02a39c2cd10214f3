#include "sensor/dialogue/packet_readers.h"
#include "sensor/hello/syn_signature.h"

void read_syn(struct hearing *hearing, struct span ip)
{
	char signature[SYN_SIGNATURE_LEN];
	struct attributes *said;

	if (!hearing_is_readable(hearing, syn_signature_read(ip, signature)))
		return;
	said = hearing_message(hearing, MESSAGE_TCP_SYN);
	attributes_add_address(said, ATTRIBUTE_ADDRESS, &hearing->source);
	if (!mac_is_zero(&hearing->source_mac))
		attributes_add_mac(said, ATTRIBUTE_MAC, &hearing->source_mac);
	attributes_add_text(said, ATTRIBUTE_SIGNATURE, signature);
	hearing_tell(hearing);
}
