#include "sensor/app/flow_lines.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

enum { TEST_RST = 4 };

#define TIME "2026-03-02T00:00:"

struct line_case {
	const char *name;
	struct fact (*fact)(void);
	const char *peer_name;
	const char *want;
};

/* What a record is that nothing special is known of: 61 seconds of TCP, answered, gone quiet. */
static struct fact plain_flow(void)
{
	struct fact_flow flow = test_flow(7, "192.168.1.10", "93.184.216.34", 443, TEST_TCP);
	struct fact fact = test_flow_ended(test_after_seconds(59.5), &flow, true);

	fact.flow.first = test_after_seconds(0.25);
	fact.ended.last = test_after_seconds(29.5);
	fact.ended.packets_up = 12;
	fact.ended.packets_down = 9;
	fact.ended.bytes_up = 1234;
	fact.ended.bytes_down = 56789;
	fact.ended.tcp_flags_up = 0x1b;
	fact.ended.tcp_flags_down = 0x12;
	return fact;
}

static struct fact named_flow(void)
{
	struct fact fact = plain_flow();
	struct fact_names *names = &fact.ended.names;

	fact.ended.tcp_flags_down = 0x1b;
	fact.ended.reason = FACT_END_CAPTURE;
	names->host_source = HOST_TLS;
	(void)snprintf(names->host, sizeof(names->host), "example.org");
	(void)snprintf(names->protocol, sizeof(names->protocol), "TLS.Example");
	names->risks = 0x200;
	names->is_guess = true;
	return fact;
}

static struct fact web_flow(void)
{
	struct fact fact = plain_flow();
	struct fact_names *names = &fact.ended.names;

	fact.ended.tcp_flags_up |= TEST_RST;
	fact.ended.reason = FACT_END_REUSED;
	names->host_source = HOST_HTTP;
	(void)snprintf(names->host, sizeof(names->host), "example.org");
	(void)snprintf(names->agent, sizeof(names->agent), "a \"b\"");
	(void)snprintf(names->protocol, sizeof(names->protocol), "HTTP");
	return fact;
}

/* Of a protocol without ports and without a name of EVE's. */
static struct fact refused_flow(void)
{
	struct fact_flow flow = test_flow(1, "fe80::2", "fe80::1", 0, 2);
	struct fact fact = test_flow_ended(test_start, &flow, false);

	fact.flow.first = test_start;
	fact.flow.client_port = 0;
	fact.flow.ip_version = 6;
	fact.flow.is_midstream = true;
	fact.ended.last = test_start;
	fact.ended.is_refused = true;
	fact.ended.reason = FACT_END_EVICTED;
	return fact;
}

static struct fact flood(void)
{
	struct fact fact = { .kind = FACT_ATTEMPTS, .time = test_after_seconds(10) };

	fact.attempts = (struct fact_attempts){
		.host = test_address("10.20.0.5"),
		.is_target = true,
		.count = 298976,
		.first = test_start,
		.last = test_after_seconds(2.99999),
	};
	return fact;
}

static struct fact wide_scan(void)
{
	struct fact fact = flood();

	fact.attempts.host = test_address("2001:db8::1");
	fact.attempts.is_target = false;
	return fact;
}

/* The community IDs were computed apart from us, from the specification. */
#define FLOW_START(time, id)                                                                 \
	"{\"schema\":\"hinomi.flow/1\",\"timestamp\":\"" TIME time "Z\",\"flow_id\":" id "," \
	"\"event_type\":\"flow\","
#define TCP_ENDPOINTS                                                                   \
	"\"src_ip\":\"192.168.1.10\",\"src_port\":40007,\"dest_ip\":\"93.184.216.34\"," \
	"\"dest_port\":443,\"proto\":\"TCP\",\"community_id\":\"1:kDrI5+rDRxKNRBr0g2wjR93M6fs=\","
#define COUNTERS(state, reason)                                                       \
	"\"flow\":{\"pkts_toserver\":12,\"pkts_toclient\":9,\"bytes_toserver\":1234," \
	"\"bytes_toclient\":56789,\"start\":\"" TIME "00.250000Z\",\"end\":\"" TIME   \
	"29.500000Z\","                                                               \
	"\"age\":29,\"state\":\"" state "\",\"reason\":\"" reason "\"},"
#define TCP_FLAGS(up, down) "\"tcp\":{\"tcp_flags_ts\":\"" up "\",\"tcp_flags_tc\":\"" down "\"}}\n"
#define ATTEMPTS(host, side)                                                      \
	"{\"schema\":\"hinomi.attempts/1\",\"timestamp\":\"" TIME "10.000000Z\"," \
	"\"event_type\":\"attempts\",\"host\":\"" host "\",\"side\":\"" side      \
	"\",\"count\":298976,"                                                    \
	"\"start\":\"" TIME "00.000000Z\",\"end\":\"" TIME "02.999990Z\"}\n"

static struct line_case cases[] = {
	{ "a flow without a name", plain_flow, "",
	  FLOW_START("59.500000", "7") TCP_ENDPOINTS
	  "\"app_proto\":\"failed\","
	  "\"hinomi\":{\"protocol\":\"Unknown\",\"protocol_guessed\":false,\"midstream\":false,"
	  "\"end\":\"idle\",\"refused\":false}," COUNTERS("established", "timeout")
		  TCP_FLAGS("1b", "12") },
	{ "a flow with names", named_flow, "www.example.org",
	  FLOW_START("59.500000", "7") TCP_ENDPOINTS
	  "\"app_proto\":\"tls\",\"tls\":{\"sni\":\"example.org\"},"
	  "\"hinomi\":{\"protocol\":\"TLS.Example\",\"protocol_guessed\":true,"
	  "\"name\":\"www.example.org\",\"name_from\":\"sni\",\"ndpi_risks\":\"0x200\","
	  "\"midstream\":false,"
	  "\"end\":\"capture_end\",\"refused\":false}," COUNTERS("closed", "shutdown")
		  TCP_FLAGS("1b", "1b") },
	{ "a request that was reset", web_flow, "example.org",
	  FLOW_START("59.500000", "7") TCP_ENDPOINTS
	  "\"app_proto\":\"http\","
	  "\"http\":{\"hostname\":\"example.org\",\"http_user_agent\":\"a \\\"b\\\"\"},"
	  "\"hinomi\":{\"protocol\":\"HTTP\",\"protocol_guessed\":false,"
	  "\"name\":\"example.org\",\"name_from\":\"http_host\",\"midstream\":false,\"end\":"
	  "\"reused\",\"refused\":false}"
	  "," COUNTERS("closed", "tcp_reuse") TCP_FLAGS("1f", "12") },
	{ "neither ports nor a protocol's name", refused_flow, "",
	  FLOW_START("00.000000",
		     "1") "\"src_ip\":\"fe80::2\",\"dest_ip\":\"fe80::1\",\"proto\":\"002\","
			  "\"community_id\":\"1:4ZfCafE702NuYo8q4fdfcKT/"
			  "eQA=\",\"app_proto\":\"failed\","
			  "\"hinomi\":{\"protocol\":\"Unknown\",\"protocol_guessed\":false,"
			  "\"midstream\":true,"
			  "\"end\":\"evicted\",\"refused\":true},"
			  "\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":0,\"bytes_toserver\":60,"
			  "\"bytes_toclient\":0,\"start\":\"" TIME "00.000000Z\",\"end\":\"" TIME
			  "00.000000Z\","
			  "\"age\":0,\"state\":\"new\",\"reason\":\"forced\"}}\n" },
	{ "attempts for a host", flood, "", ATTEMPTS("10.20.0.5", "target") },
	{ "attempts from a host", wide_scan, "", ATTEMPTS("2001:db8::1", "source") },
};

struct lines {
	FILE *out;
	char *text;
	size_t len;
	struct json json;
};

static void lines_start(struct lines *lines)
{
	lines->out = open_memstream(&lines->text, &lines->len);
	assert_non_null(lines->out);
	json_start(&lines->json, lines->out);
}

/* The caller's to free. */
static char *lines_end(struct lines *lines)
{
	json_flush(&lines->json);
	assert_int_equal(fclose(lines->out), 0);
	return lines->text;
}

static void run_case(void **state)
{
	const struct line_case *c = *state;
	struct fact fact = c->fact();
	struct lines lines;

	lines_start(&lines);
	flow_line(&lines.json, &fact, c->peer_name);
	char *got = lines_end(&lines);

	assert_string_equal(got, c->want);
	free(got);
}

/* What a line says does not depend on the lines before it. */
static void lines_follow_one_another(void **state)
{
	enum { ROUNDS = 100 };
	struct lines lines;

	(void)state;
	lines_start(&lines);
	for (size_t i = 0; i < ROUNDS * ARRAY_LEN(cases); i++) {
		const struct line_case *c = &cases[i % ARRAY_LEN(cases)];
		struct fact fact = c->fact();

		flow_line(&lines.json, &fact, c->peer_name);
	}
	char *got = lines_end(&lines);
	const char *at = got;

	for (size_t i = 0; i < ROUNDS * ARRAY_LEN(cases); i++) {
		const char *want = cases[i % ARRAY_LEN(cases)].want;

		assert_memory_equal(at, want, strlen(want));
		at += strlen(want);
	}
	assert_int_equal(*at, '\0');
	free(got);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = {
		cmocka_unit_test(lines_follow_one_another),
	};

	(void)ADD_ROWS(tests + 1, cases, run_case);
	return cmocka_run_group_tests_name("flow_lines", tests, NULL, NULL);
}
