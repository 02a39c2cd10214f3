#include "sensor/detect/odd_tls.h"

#include "tests/unit/detect/web_bench.h"

struct tls_case {
	const char *name;
	const char *resolved;
	uint16_t port;
	const char *sni;
	struct word certificate[WORDS_MAX]; /* none: TLS 1.3 */
	enum direction direction;
	double least; /* 0 is silence */
	double most;
	int reason;
};

#define SUBJECT(s)                   \
	{                            \
		ATTRIBUTE_SUBJECT, s \
	}
#define OF(o)                                     \
	{                                         \
		ATTRIBUTE_SUBJECT_ORGANISATION, o \
	}
#define ISSUER(s)                   \
	{                           \
		ATTRIBUTE_ISSUER, s \
	}
#define OWN                               \
	{                                 \
		ATTRIBUTE_SELF_ISSUED, "" \
	}
#define FOR(n)                     \
	{                          \
		ATTRIBUTE_NAMES, n \
	}
#define FROM(t)                         \
	{                               \
		ATTRIBUTE_NOT_BEFORE, t \
	}
#define UNTIL(t)                       \
	{                              \
		ATTRIBUTE_NOT_AFTER, t \
	}
#define YEAR FROM("2025-10-01T00:00:00Z"), UNTIL("2026-10-01T00:00:00Z")
#define OUT  DIRECTION_OUTBOUND

static struct tls_case connections[] = {
	{ "a service with a certificate",
	  "a.example",
	  443,
	  "a.example",
	  { SUBJECT("a.example"), ISSUER("CA"), FOR("*.a.example"), FOR("a.example"), YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "one of its parts",
	  "b.a.example",
	  443,
	  "b.a.example",
	  { SUBJECT("a.example"), ISSUER("CA"), FOR("*.a.example"), YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "a certificate that does not fit",
	  "b.example",
	  443,
	  "b.example",
	  { SUBJECT("a.example"), ISSUER("CA"), YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "an old program without SNI",
	  "a.example",
	  443,
	  "",
	  { SUBJECT("a.example"), ISSUER("CA"), FOR("a.example"), YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "a maker with an authority of its own",
	  "b.example",
	  4287,
	  "",
	  { SUBJECT("8138456"), OF("Backup Inc."), OWN, YEAR },
	  OUT,
	  0.2,
	  0.35,
	  REASON_OWN_CERTIFICATE },
	{ "a gadget's own certificate under its name",
	  "nas.example",
	  443,
	  "nas.example",
	  { SUBJECT("nas.example"), OWN, YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "a makeshift server at an odd port",
	  "",
	  4041,
	  "",
	  { SUBJECT("Remote Server"), OWN, FROM("2020-05-12T00:00:00Z"),
	    UNTIL("9999-12-31T23:59:59Z") },
	  OUT,
	  0.7,
	  0.9,
	  REASON_PLACEHOLDER },
	{ "words that nobody filled in",
	  "c.example",
	  443,
	  "c.example",
	  { OF("Default Company Ltd"), OWN, YEAR },
	  OUT,
	  0.35,
	  0.5,
	  REASON_PLACEHOLDER },
	{ "that, run out, at an address",
	  "",
	  443,
	  "",
	  { SUBJECT("example.com"), OF("Global Security"), OWN, FROM("2017-12-03T00:00:00Z"),
	    UNTIL("2018-12-03T00:00:00Z") },
	  OUT,
	  0.68,
	  0.75,
	  REASON_VALIDITY },
	{ "names drawn at random",
	  "",
	  9001,
	  "www.4xkqzvwpfjt.com",
	  { SUBJECT("www.xqzjkvbwtrp.net"), ISSUER("www.qzxvkjwpgh.com"), YEAR },
	  OUT,
	  0.6,
	  0.9,
	  REASON_DRAWN_NAME },
	{ "an own certificate of a mail server",
	  "m.example",
	  587,
	  "",
	  { SUBJECT("mail"), OWN, YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "an own certificate of a remote desktop",
	  "d.example",
	  3389,
	  "",
	  { SUBJECT("DESKTOP-1"), OWN, YEAR },
	  OUT,
	  0,
	  0,
	  -1 },
	{ "a printer inside",
	  "",
	  443,
	  "",
	  { SUBJECT("printer"), OWN, YEAR },
	  DIRECTION_LATERAL,
	  0,
	  0,
	  -1 },
	{ "TLS 1.3 to a free name at an odd port",
	  "x.duckdns.org",
	  1337,
	  "",
	  { { 0 } },
	  OUT,
	  0.15,
	  0.25,
	  REASON_RENTED_NAME },
	{ "TLS 1.3 to a service", "a.example", 443, "a.example", { { 0 } }, OUT, 0, 0, -1 },
};

static void connect_as(struct web_trial *t, const struct tls_case *c)
{
	t->resolved = c->resolved;
	t->direction = c->direction;
	web_connect(t, "192.168.1.10", c->direction == OUT ? "203.0.113.5" : "192.168.1.20",
		    c->port);
	web_say(t, MESSAGE_TLS_CLIENT_HELLO, true, WORDS({ ATTRIBUTE_SNI, c->sni }));
	if (c->certificate[0].text) {
		web_say(t, MESSAGE_TLS_SERVER_HELLO, false,
			WORDS({ ATTRIBUTE_VERSION, "TLS 1.2" }));
		web_say(t, MESSAGE_TLS_CERTIFICATE, false, c->certificate);
	} else {
		web_say(t, MESSAGE_TLS_SERVER_HELLO, false,
			WORDS({ ATTRIBUTE_VERSION, "TLS 1.3" }));
	}
}

static void run_connection(void **state)
{
	const struct tls_case *c = *state;
	struct web_trial t;

	web_start(&t, &detector_odd_tls);
	connect_as(&t, c);
	if (c->least == 0) {
		assert_told(&t, 0);
	} else {
		const struct signal *s = test_bench_last(&t.bench);

		if (s->confidence < c->least || s->confidence > c->most)
			fail_msg("confidence %f", s->confidence);
		assert_non_null(test_reason(s, (enum reason_code)c->reason));
		assert_int_equal(s->kind, SIGNAL_ODD_TLS);
		assert_true(signal_is_sound(s));
		connect_as(&t, c);
		assert_told(&t, 1);
	}
	web_stop(&t);
}

static const struct tls_case *const makeshift = &connections[6];

static void names_that_come_later_are_told(void **state)
{
	struct web_trial t;
	struct fact named;

	(void)state;
	web_start(&t, &detector_odd_tls);
	connect_as(&t, makeshift);
	assert_string_equal(test_bench_last(&t.bench)->object.application, "TLS");
	named = test_fact(FACT_FLOW_NAMED, test_start, &t.flow);
	(void)snprintf(named.named.protocol, sizeof(named.named.protocol), "TLS.Messenger");
	t.seconds = 13 * 3600;
	web_show(&t, &named);
	assert_string_equal(test_bench_last(&t.bench)->object.application, "TLS.Messenger");
	web_stop(&t);
}

static void partners_of_file_sharing_weigh_little(void **state)
{
	struct fact_flow flow = test_flow(99, "192.168.1.10", "198.51.100.9", 6881, TEST_TCP);
	struct fact named = test_fact(FACT_FLOW_NAMED, test_start, &flow);
	struct web_trial t;

	(void)state;
	web_start(&t, &detector_odd_tls);
	(void)snprintf(named.named.protocol, sizeof(named.named.protocol), "BitTorrent");
	web_show(&t, &named);
	connect_as(&t, makeshift);
	assert_true(test_bench_last(&t.bench)->confidence < 0.4);
	web_stop(&t);
}

static void several_such_servers_weigh(void **state)
{
	struct web_trial t;
	double first;

	(void)state;
	web_start(&t, &detector_odd_tls);
	connect_as(&t, &connections[8]);
	first = test_bench_last(&t.bench)->confidence;
	t.seconds += 60;
	web_connect(&t, "192.168.1.10", "198.51.100.7", 447);
	web_say(&t, MESSAGE_TLS_CLIENT_HELLO, true, WORDS({ ATTRIBUTE_SNI, "" }));
	web_say(&t, MESSAGE_TLS_CERTIFICATE, false, connections[8].certificate);
	assert_true(test_bench_last(&t.bench)->confidence > first);
	assert_non_null(test_reason(test_bench_last(&t.bench), REASON_TARGETS));
	web_stop(&t);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(names_that_come_later_are_told),
		cmocka_unit_test(partners_of_file_sharing_weigh_little),
		cmocka_unit_test(several_such_servers_weigh),
	};
	struct CMUnitTest tests[ARRAY_LEN(connections) + ARRAY_LEN(plain)];
	size_t n = 0;

	n += ADD_ROWS(tests + n, connections, run_connection);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("odd_tls", tests, NULL, NULL);
}
