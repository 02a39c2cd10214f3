#include "sensor/dialogue/dhcp_fingerprint.h"

#include "sensor/base/text.h"

enum { OPTION_REQUESTED_ADDRESS = 50, OPTION_SERVER_ID = 54 };

static bool is_of_the_moment(uint8_t code)
{
	return code == OPTION_REQUESTED_ADDRESS || code == OPTION_SERVER_ID;
}

void dhcp_fingerprint(const struct dhcp *message, char out[static DHCP_FINGERPRINT_LEN])
{
	struct text text = text_over(out, DHCP_FINGERPRINT_LEN);
	struct span asked = message->parameter_request;
	const char *before = "request=";

	for (size_t i = 0; i < asked.len; i++) {
		text_format(&text, "%s%u", before, (unsigned)asked.data[i]);
		before = ",";
	}
	before = asked.len > 0 ? " options=" : "options=";
	for (uint8_t i = 0; i < message->option_count; i++) {
		if (is_of_the_moment(message->options[i]))
			continue;
		text_format(&text, "%s%u", before, (unsigned)message->options[i]);
		before = ",";
	}
}
