#include "sensor/intel/known_protocols.h"

#include "tests/support/cmocka.h"

struct protocol_case {
	const char *protocol;
	bool is_carrier;
	bool is_peer_to_peer;
};

static struct protocol_case cases[] = {
	{ "", true, false },
	{ "Unknown", true, false },
	{ "HTTP", true, false },
	{ "HTTP_Proxy", true, false },
	{ "HTTP_Connect", true, false },
	{ "HTTP.Microsoft", true, false },
	{ "TLS", true, false },
	{ "TLS.Microsoft", true, false },
	{ "TLS.BitTorrent", true, false },
	{ "QUIC.Google", true, false },
	{ "DTLS", true, false },
	{ "WebSocket", true, false },
	{ "HTT", false, false },
	{ "HTTPS", false, false },
	{ "TLSX.Microsoft", false, false },
	{ "tls", false, false },
	{ "NTP", false, false },
	{ "DNS.Google", false, false },
	{ "Microsoft.TLS", false, false },
	{ "BitTorrent", false, true },
	{ "BitTorrent.Amazon", false, true },
	{ "Gnutella", false, true },
	{ "eDonkey", false, true },
	{ "Spotify", false, true },
	{ "BitTorrents", false, false },
	{ "Bit", false, false },
};

static void run_case(void **state)
{
	const struct protocol_case *c = *state;

	assert_int_equal(protocol_is_carrier(c->protocol), c->is_carrier);
	assert_int_equal(protocol_is_peer_to_peer(c->protocol), c->is_peer_to_peer);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases)];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].protocol,
						.test_func = run_case,
						.initial_state = &cases[i] };
	return cmocka_run_group_tests_name("known_protocols", tests, NULL, NULL);
}
