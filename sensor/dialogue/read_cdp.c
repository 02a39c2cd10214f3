#include "dissectors/cdp.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/packet_readers.h"

static const struct code_word version_rows[] = {
	{ 1, "CDPv1" },
	{ 2, "CDPv2" },
};
static const struct code_words versions = CODE_WORDS(version_rows);

static const struct code_word capability_rows[] = {
	{ CDP_ROUTER, "router" },
	{ CDP_TRANSPARENT_BRIDGE, "transparent bridge" },
	{ CDP_SOURCE_ROUTE_BRIDGE, "source route bridge" },
	{ CDP_SWITCH, "switch" },
	{ CDP_HOST, "host" },
	{ CDP_IGMP, "igmp" },
	{ CDP_REPEATER, "repeater" },
	{ CDP_PHONE, "phone" },
};
static const struct code_words capabilities = CODE_WORDS(capability_rows);

void read_cdp(struct hearing *hearing, struct cursor in)
{
	struct attributes *said;
	struct cdp message;

	if (!hearing_is_readable(hearing, dissect_cdp(in, &message)))
		return;
	said = hearing_message(hearing, MESSAGE_CDP);
	attributes_add_mac(said, ATTRIBUTE_MAC, &hearing->source_mac);
	code_words_say(&versions, said, ATTRIBUTE_VERSION, message.version);
	attributes_add_number(said, ATTRIBUTE_TTL, message.ttl_seconds);
	attributes_add_wire(said, ATTRIBUTE_DEVICE_ID, message.device_id);
	attributes_add_wire(said, ATTRIBUTE_PORT_ID, message.port_id);
	attributes_add_wire(said, ATTRIBUTE_PLATFORM, message.platform);
	attributes_add_wire(said, ATTRIBUTE_SOFTWARE_VERSION, message.software_version);
	code_words_say_flags(&capabilities, said, ATTRIBUTE_CAPABILITIES, message.capabilities);
	if (message.has_native_vlan)
		attributes_add_number(said, ATTRIBUTE_VLAN, message.native_vlan);
	for (uint8_t i = 0; i < message.address_count; i++) {
		const struct cdp_address *one = &message.addresses[i];
		struct address address =
			one->len == 4 ? address_v4(one->bytes) : address_v6(one->bytes);

		attributes_add_address(said, ATTRIBUTE_ADDRESS, &address);
	}
	hearing_tell(hearing);
}
