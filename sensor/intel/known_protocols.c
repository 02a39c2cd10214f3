#include "sensor/intel/known_protocols.h"

#include <stddef.h>
#include <string.h>

/* Compares the part that carries: "TLS" of "TLS.Microsoft". */
static bool is_one_of(const char *protocol, const char *const *names, size_t count)
{
	size_t len = strcspn(protocol, ".");

	for (size_t i = 0; i < count; i++) {
		if (strlen(names[i]) == len && strncmp(protocol, names[i], len) == 0)
			return true;
	}
	return false;
}

bool protocol_is_carrier(const char *protocol)
{
	static const char *const carriers[] = { "",           "Unknown",   "HTTP",  "HTTP_Connect",
						"HTTP_Proxy", "TLS",       "QUIC",  "DTLS",
						"WebSocket",  "AmazonAWS", "Azure", "GoogleCloud",
						"Alibaba",    "Cloudflare" };

	return is_one_of(protocol, carriers, sizeof(carriers) / sizeof(carriers[0]));
}

bool protocol_is_peer_to_peer(const char *protocol)
{
	static const char *const sharers[] = { "BitTorrent", "Gnutella", "eDonkey", "Soulseek",
					       "Skype",      "Spotify",  "PPStream" };

	return is_one_of(protocol, sharers, sizeof(sharers) / sizeof(sharers[0]));
}
