#include "sensor/judge/gate.h"

#include "tests/support/cmocka.h"

#include <stdio.h>

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): columns as people read them */
struct gate_case {
	const char *name;
	enum signal_kind kind;
	enum object_kind object;
	const char *text;
	const char *application;
	enum outcome outcome;
	double devices; /* 0 is not told */
	double confidence;
	enum gate want;
};

#define HOST(text)    OBJECT_HOST, (text)
#define ADDRESS(text) OBJECT_ADDRESS, (text)

static struct gate_case cases[] = {
	{ "a beacon to a stranger's name", SIGNAL_BEACON, HOST("c2.example.net"), "TLS",
	  OUTCOME_DATA, 1, 0.6, GATE_PASS },
	{ "a beacon to an address", SIGNAL_BEACON, ADDRESS("203.0.113.5"), "Unknown", OUTCOME_DATA,
	  1, 0.6, GATE_PASS },
	{ "an application on a carrier", SIGNAL_BEACON, HOST("c2.example.net"), "TLS.Example",
	  OUTCOME_DATA, 1, 0.6, GATE_PASS },
	{ "a protocol that is not known yet", SIGNAL_BEACON, HOST("c2.example.net"), "",
	  OUTCOME_DATA, 1, 0.6, GATE_PASS },
	{ "a vendor's service", SIGNAL_BEACON, HOST("update.microsoft.com"), "TLS", OUTCOME_DATA, 1,
	  0.9, GATE_KNOWN_SERVICE },
	{ "a vendor's customers", SIGNAL_BEACON, HOST("evil.cloudapp.net"), "TLS", OUTCOME_DATA, 1,
	  0.9, GATE_PASS },
	{ "a name without a dot", SIGNAL_BEACON, HOST("printer"), "HTTP", OUTCOME_DATA, 1, 0.9,
	  GATE_LOCAL_NAME },
	{ "a name of the office", SIGNAL_BEACON, HOST("nas.local"), "HTTP", OUTCOME_DATA, 1, 0.9,
	  GATE_LOCAL_NAME },
	{ "a name that only looks local", SIGNAL_BEACON, HOST("c2.notlocal"), "HTTP", OUTCOME_DATA,
	  1, 0.9, GATE_PASS },
	{ "time", SIGNAL_BEACON, ADDRESS("203.0.113.5"), "NTP", OUTCOME_DATA, 1, 0.9,
	  GATE_REGULAR_PROTOCOL },
	{ "mail", SIGNAL_BEACON, HOST("mail.example.net"), "POPS", OUTCOME_DATA, 1, 0.9,
	  GATE_REGULAR_PROTOCOL },
	{ "two devices do the same", SIGNAL_BEACON, HOST("app.example.net"), "TLS", OUTCOME_DATA, 2,
	  0.9, GATE_COMMON_IN_OFFICE },
	{ "how many do it is not told", SIGNAL_BEACON, HOST("app.example.net"), "TLS", OUTCOME_DATA,
	  0, 0.9, GATE_PASS },
	{ "nobody answers the beacon", SIGNAL_BEACON, HOST("c2.example.net"), "TLS",
	  OUTCOME_ATTEMPT, 1, 0.9, GATE_UNANSWERED },
	{ "too little certain", SIGNAL_BEACON, HOST("c2.example.net"), "TLS", OUTCOME_DATA, 1, 0.49,
	  GATE_UNCORROBORATED },
	{ "just certain enough", SIGNAL_BEACON, HOST("c2.example.net"), "TLS", OUTCOME_DATA, 1, 0.5,
	  GATE_PASS },
	{ "the nearer reason is told first", SIGNAL_BEACON, HOST("update.microsoft.com"), "NTP",
	  OUTCOME_ATTEMPT, 9, 0.1, GATE_KNOWN_SERVICE },
	{ "a sharer's search outside", SIGNAL_SCAN_OUTSIDE, OBJECT_PORT, "6881/tcp", "BitTorrent",
	  OUTCOME_ATTEMPT, 0, 0.65, GATE_PEER_TO_PEER },
	{ "a sharer's search inside", SIGNAL_SCAN_INSIDE, OBJECT_PORT, "445/tcp", "BitTorrent",
	  OUTCOME_ATTEMPT, 0, 0.65, GATE_PASS },
	{ "a search outside", SIGNAL_SCAN_OUTSIDE, OBJECT_PORT, "23/tcp", "", OUTCOME_ATTEMPT, 0,
	  0.65, GATE_PASS },
	{ "a search that nobody answers passes", SIGNAL_SCAN_ARP, OBJECT_NETWORK, "arp", "",
	  OUTCOME_ATTEMPT, 0, 0.6, GATE_PASS },
	{ "a tunnel", SIGNAL_DNS_TUNNEL, OBJECT_ZONE, "example.com", "DNS", OUTCOME_DATA, 0, 0.65,
	  GATE_PASS },
	{ "a security product's lookups", SIGNAL_DNS_TUNNEL, OBJECT_ZONE, "sophosxl.net", "DNS",
	  OUTCOME_DATA, 0, 0.65, GATE_KNOWN_SERVICE },
	{ "a security product's lookups", SIGNAL_DNS_TUNNEL, OBJECT_ZONE, "mcafee.com", "DNS",
	  OUTCOME_DATA, 0, 0.65, GATE_KNOWN_SERVICE },
	{ "a listed vendor is listed all the same", SIGNAL_LISTED_CONTACT,
	  HOST("update.microsoft.com"), "TLS", OUTCOME_DATA, 0, 0.65, GATE_PASS },
	{ "a doubtful lookup", SIGNAL_LISTED_LOOKUP, HOST("evil.example.com"), "", OUTCOME_ATTEMPT,
	  0, 0.3, GATE_UNCORROBORATED },
};

static const struct gate_view unknown = { .resolved = "" };

static void run_case(void **state)
{
	const struct gate_case *c = *state;
	struct signal s = { .kind = (uint8_t)c->kind,
			    .outcome = (uint8_t)c->outcome,
			    .direction = DIRECTION_LATERAL,
			    .confidence = c->confidence };
	struct considered considered;
	struct config config;

	config_defaults(&config);
	s.object.kind = (uint8_t)c->object;
	(void)snprintf(s.object.text, sizeof(s.object.text), "%s", c->text);
	(void)snprintf(s.object.application, sizeof(s.object.application), "%s", c->application);
	if (c->devices > 0)
		signal_tell(&s, REASON_DEVICES, c->devices);
	assert_string_equal(gate_text(gate_check(&config.judge, &s, &unknown, &considered)),
			    gate_text(c->want));
}

/* What a program writes into its requests is not believed against what DNS said. */
static void claimed_names_are_not_believed(void **state)
{
	static const struct {
		const char *claimed;
		const char *resolved;
		enum gate want;
	} claims[] = {
		{ "update.local", "", GATE_PASS },
		{ "update", "", GATE_PASS },
		{ "www.windowsupdate.com", "", GATE_KNOWN_SERVICE },
		{ "www.windowsupdate.com", "www.microsoft.com", GATE_KNOWN_SERVICE },
		{ "www.windowsupdate.com", "evil.example.net", GATE_PASS },
	};
	struct considered considered;
	struct config config;

	(void)state;
	config_defaults(&config);
	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		struct signal s = { .kind = SIGNAL_BEACON,
				    .direction = DIRECTION_OUTBOUND,
				    .outcome = OUTCOME_DATA,
				    .confidence = 0.9 };

		const struct gate_view view = { .resolved = claims[i].resolved };

		s.object.kind = OBJECT_HOST;
		(void)snprintf(s.object.text, sizeof(s.object.text), "%s", claims[i].claimed);
		assert_string_equal(gate_text(gate_check(&config.judge, &s, &view, &considered)),
				    gate_text(claims[i].want));
	}
}

static void every_answer_has_its_own_word(void **state)
{
	(void)state;
	for (int i = 0; i < GATE_ANSWERS; i++) {
		assert_non_null(gate_text((enum gate)i));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(gate_text((enum gate)i), gate_text((enum gate)k));
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 2] = {
		cmocka_unit_test(every_answer_has_its_own_word),
		cmocka_unit_test(claimed_names_are_not_believed),
	};

	(void)ADD_ROWS(tests + 2, cases, run_case);
	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
