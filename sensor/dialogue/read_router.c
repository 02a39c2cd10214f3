/* What an IPv6 router advertises of itself (RFC 4861); its networks are FACT_PREFIX. */
#include "dissectors/ndp.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/packet_readers.h"

static const struct code_word preference_rows[] = {
	{ NDP_PREFERENCE_HIGH, "high" },
	{ NDP_PREFERENCE_MEDIUM, "medium" },
	{ NDP_PREFERENCE_LOW, "low" },
	{ NDP_PREFERENCE_RESERVED, "reserved" },
};
static const struct code_words preferences = CODE_WORDS(preference_rows);

void read_router(struct hearing *hearing, const struct ndp *message)
{
	struct attributes *said = hearing_message(hearing, MESSAGE_NDP_ROUTER);

	attributes_add_mac(said, ATTRIBUTE_MAC, &hearing->source_mac);
	attributes_add_number(said, ATTRIBUTE_LIFETIME, message->lifetime);
	if (message->is_managed)
		attributes_add_flag(said, ATTRIBUTE_MANAGED);
	code_words_say(&preferences, said, ATTRIBUTE_PREFERENCE, message->preference);
	for (uint8_t i = 0; i < message->name_server_count; i++) {
		struct address address = address_v6(message->name_servers[i]);

		attributes_add_address(said, ATTRIBUTE_NAME_SERVERS, &address);
	}
	hearing_tell(hearing);
}
