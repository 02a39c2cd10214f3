#include "sensor/base/flow_key.h"

#include <string.h>

struct flow_key flow_key_of(const struct address *source, uint16_t source_port,
			    const struct address *destination, uint16_t destination_port,
			    bool *source_is_low)
{
	int order = address_compare(source, destination);
	struct flow_key key = { 0 };

	*source_is_low = order < 0 || (order == 0 && source_port <= destination_port);
	key.low = *source_is_low ? *source : *destination;
	key.high = *source_is_low ? *destination : *source;
	key.low_port = *source_is_low ? source_port : destination_port;
	key.high_port = *source_is_low ? destination_port : source_port;
	return key;
}

bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

const char *ip_protocol_text(uint8_t protocol)
{
	switch (protocol) {
	case IP_ICMP:
	case IP_ICMPV6:
		return "icmp";
	case IP_TCP:
		return "tcp";
	case IP_UDP:
		return "udp";
	default:
		return "ip";
	}
}
