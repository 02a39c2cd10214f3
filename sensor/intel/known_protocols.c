#include "sensor/intel/known_protocols.h"

#include <stddef.h>
#include <string.h>

struct carrier_name {
	const char *text;
	size_t len;
};

#define NAMED(text)                      \
	{                                \
		(text), sizeof(text) - 1 \
	}

/* Compares the part that carries: "TLS" of "TLS.Microsoft". */
static bool is_one_of(const char *protocol, const struct carrier_name *names, size_t count)
{
	size_t len = strcspn(protocol, ".");

	for (size_t i = 0; i < count; i++) {
		if (names[i].len == len && memcmp(names[i].text, protocol, len) == 0)
			return true;
	}
	return false;
}

bool protocol_is_carrier(const char *protocol)
{
	static const struct carrier_name carriers[] = {
		NAMED(""),           NAMED("Unknown"),   NAMED("HTTP"),  NAMED("HTTP_Connect"),
		NAMED("HTTP_Proxy"), NAMED("TLS"),       NAMED("QUIC"),  NAMED("DTLS"),
		NAMED("WebSocket"),  NAMED("AmazonAWS"), NAMED("Azure"), NAMED("GoogleCloud"),
		NAMED("Alibaba"),    NAMED("Cloudflare")
	};

	return is_one_of(protocol, carriers, sizeof(carriers) / sizeof(carriers[0]));
}

bool protocol_is_peer_to_peer(const char *protocol)
{
	static const struct carrier_name sharers[] = { NAMED("BitTorrent"), NAMED("Gnutella"),
						       NAMED("eDonkey"),    NAMED("Soulseek"),
						       NAMED("Skype"),      NAMED("Spotify"),
						       NAMED("PPStream") };

	return is_one_of(protocol, sharers, sizeof(sharers) / sizeof(sharers[0]));
}
