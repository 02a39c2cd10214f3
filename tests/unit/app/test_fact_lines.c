#include "sensor/app/fact_lines.h"

#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <stdlib.h>
#include <string.h>

#define LINE(kind) "{\"fact\":\"" kind "\",\"n\":7,\"time\":\"2026-03-02T00:00:00.500000Z\""
#define FLOW                                                                                      \
	",\"flow\":7,\"client\":\"192.168.1.10\",\"client_port\":40007,\"server\":\"192.0.2.1\"," \
	"\"server_port\":443,\"protocol\":\"tcp\","                                               \
	"\"community_id\":\"" COMMUNITY_ID "\""
#define COMMUNITY_ID "1:wOLMFNKEFW0YyRr2IiulcXFx4eM="

struct line_case {
	const char *name;
	struct fact (*fact)(void);
	const char *want;
};

static struct fact of_flow(enum fact_kind kind)
{
	struct fact_flow flow = test_flow(7, "192.168.1.10", "192.0.2.1", 443, TEST_TCP);

	return test_fact(kind, test_after_seconds(0.5), &flow);
}

static struct fact of_none(enum fact_kind kind)
{
	struct fact fact = test_fact(kind, test_after_seconds(0.5), NULL);

	fact.number = 7;
	return fact;
}

static struct fact sighting(void)
{
	struct fact fact = of_none(FACT_SIGHTING);

	fact.sighting.source = test_address("192.168.1.10");
	fact.sighting.source_mac = test_mac(10);
	return fact;
}

static struct fact sighting_of_both(void)
{
	struct fact fact = sighting();

	fact.sighting.source_ttl = 64;
	fact.sighting.has_destination = true;
	fact.sighting.destination = test_address("192.168.1.1");
	fact.sighting.destination_mac = test_mac(1);
	return fact;
}

static struct fact named(void)
{
	struct fact fact = of_flow(FACT_FLOW_NAMED);

	(void)snprintf(fact.named.host, sizeof(fact.named.host), "a.example");
	(void)snprintf(fact.named.protocol, sizeof(fact.named.protocol), "TLS");
	(void)snprintf(fact.named.agent, sizeof(fact.named.agent), "a \"b\"");
	fact.named.host_source = HOST_TLS;
	fact.named.is_guess = true;
	fact.named.is_upload = true;
	return fact;
}

static struct fact check_in(void)
{
	struct fact fact = of_flow(FACT_CHECK_IN);

	fact.check_in.payload_len = 99;
	fact.check_in.is_first = true;
	return fact;
}

static struct fact ended(void)
{
	struct fact fact = of_flow(FACT_FLOW_ENDED);

	fact.ended.last = test_start;
	fact.ended.packets_up = 1;
	fact.ended.packets_down = 2;
	fact.ended.bytes_up = 3;
	fact.ended.bytes_down = UINT64_C(1) << 40;
	fact.ended.reason = FACT_END_EVICTED;
	fact.ended.is_refused = true;
	return fact;
}

static struct fact goes_on(void)
{
	struct fact fact = of_flow(FACT_FLOW_GOES_ON);

	fact.ended.last = test_start;
	fact.ended.packets_up = 7;
	fact.ended.is_answered = true;
	fact.ended.shape = (struct fact_shape){ .is_known = true,
						.packet_count = 2,
						.packet_sides = 0x2,
						.packet_sizes = { 12, 9 },
						.printable_up = 100,
						.printable_down = 40,
						.turns = 1,
						.client_opened = 3,
						.server_opened = 5,
						.server_small = 4,
						.bytes_opened = 60,
						.bytes_answered = 900 };
	return fact;
}

static struct fact question(void)
{
	struct fact fact = of_flow(FACT_DNS);

	attributes_add_text(&fact.dns.records, ATTRIBUTE_QUESTION, "a.example");
	return fact;
}

static struct fact dns_answer(void)
{
	struct fact fact = question();
	struct address address = test_address("192.0.2.7");

	fact.dns.is_response = true;
	fact.dns.rcode = 3;
	attributes_add_address(&fact.dns.records, ATTRIBUTE_ADDRESS, &address);
	attributes_add_text(&fact.dns.records, ATTRIBUTE_QUESTION, "b.example");
	attributes_add_address(&fact.dns.records, ATTRIBUTE_ADDRESS, &address);
	return fact;
}

static struct fact neighbour(void)
{
	struct fact fact = test_arp(test_after_seconds(0.5), 5, 6, true);

	fact.number = 7;
	return fact;
}

static struct fact probing_neighbour(void)
{
	struct fact fact = neighbour();

	fact.neighbour.sender = (struct address){ 0 };
	fact.neighbour.is_request = false;
	return fact;
}

static struct fact prefix(void)
{
	struct fact fact = of_none(FACT_PREFIX);

	fact.prefix.router_mac = test_mac(1);
	fact.prefix.prefix.address = test_address("2001:db8::");
	fact.prefix.prefix.bits = 64;
	return fact;
}

static struct fact device_name(void)
{
	struct fact fact = of_none(FACT_DEVICE_NAME);

	fact.device_name.mac = test_mac(9);
	fact.device_name.source = DEVICE_NAME_MDNS;
	(void)snprintf(fact.device_name.name, sizeof(fact.device_name.name), "printer");
	return fact;
}

static struct fact attempts(void)
{
	struct fact fact = of_none(FACT_ATTEMPTS);

	fact.attempts.host = test_address("192.168.1.10");
	fact.attempts.is_target = true;
	fact.attempts.count = 12;
	fact.attempts.first = test_start;
	fact.attempts.last = test_start;
	return fact;
}

static struct fact epoch(void)
{
	return of_none(FACT_EPOCH);
}

static struct fact message(void)
{
	struct fact fact = of_flow(FACT_MESSAGE);
	struct attributes *said = &fact.message.said;

	fact.message.message = MESSAGE_HTTP_REQUEST;
	fact.message.is_from_client = true;
	attributes_add_text(said, ATTRIBUTE_METHOD, "GET");
	attributes_add_text(said, ATTRIBUTE_AUTH, "basic");
	attributes_add_number(said, ATTRIBUTE_CONTENT_LENGTH, UINT64_MAX);
	attributes_add_text(said, ATTRIBUTE_AUTH, "ntlm");
	attributes_add_flag(said, ATTRIBUTE_PASSWORD);
	attributes_add_text(said, ATTRIBUTE_METHOD, "POST"); /* no list: the first counts */
	said->is_cut = true;
	return fact;
}

static struct fact answering_message(void)
{
	struct fact fact = of_flow(FACT_MESSAGE);

	fact.message.message = MESSAGE_HTTP_RESPONSE;
	return fact;
}

static struct line_case cases[] = {
	{ "a sighting", sighting,
	  LINE("sighting") ",\"source\":\"192.168.1.10\",\"source_mac\":\"02:00:00:00:00:0a\"}\n" },
	{ "a sighting of both sides", sighting_of_both,
	  LINE("sighting") ",\"source\":\"192.168.1.10\",\"source_mac\":\"02:00:00:00:00:0a\","
			   "\"source_ttl\":64,"
			   "\"destination\":\"192.168.1.1\","
			   "\"destination_mac\":\"02:00:00:00:00:01\"}\n" },
	{ "a flow's names", named,
	  LINE("flow.named") FLOW ",\"name\":\"a.example\",\"how\":\"sni\",\"app\":\"TLS\","
				  "\"app_guessed\":true,\"user_agent\":\"a \\\"b\\\"\","
				  "\"upload\":true}\n" },
	{ "a check-in", check_in,
	  LINE("flow.check_in") FLOW ",\"payload\":99,\"first\":true,\"answered\":false}\n" },
	{ "a flow's end", ended,
	  LINE("flow.ended") FLOW
	  ",\"reason\":\"evicted\",\"last\":\"2026-03-02T00:00:00.000000Z\","
	  "\"packets_up\":1,\"packets_down\":2,\"bytes_up\":3,"
	  "\"bytes_down\":1099511627776,\"answered\":false,"
	  "\"refused\":true}\n" },
	{ "a flow that goes on", goes_on,
	  LINE("flow.goes_on") FLOW
	  ",\"last\":\"2026-03-02T00:00:00.000000Z\","
	  "\"packets_up\":7,\"packets_down\":0,\"bytes_up\":0,"
	  "\"bytes_down\":0,\"answered\":true,\"refused\":false,"
	  "\"shape\":{\"sizes\":[12,9],\"sides\":\"cs\",\"text_up\":100,\"text_down\":40,"
	  "\"turns\":1,\"client_opened\":3,\"server_opened\":5,\"server_small\":4,"
	  "\"bytes_opened\":60,\"bytes_answered\":900}}\n" },
	{ "a question", question,
	  LINE("dns") FLOW ",\"response\":false,\"questions\":[\"a.example\"]}\n" },
	{ "an answer", dns_answer,
	  LINE("dns") FLOW ",\"response\":true,\"rcode\":3,"
			   "\"questions\":[\"a.example\",\"b.example\"],"
			   "\"addresses\":[\"192.0.2.7\",\"192.0.2.7\"]}\n" },
	{ "a neighbour", neighbour,
	  LINE("neighbour") ",\"mac\":\"02:00:00:00:00:05\",\"sender\":\"192.168.1.5\","
			    "\"target\":\"192.168.1.6\",\"request\":true}\n" },
	{ "a neighbour without an address", probing_neighbour,
	  LINE("neighbour") ",\"mac\":\"02:00:00:00:00:05\",\"target\":\"192.168.1.6\","
			    "\"request\":false}\n" },
	{ "a prefix", prefix,
	  LINE("prefix") ",\"router_mac\":\"02:00:00:00:00:01\",\"network\":\"2001:db8::\","
			 "\"bits\":64}\n" },
	{ "a device's name", device_name,
	  LINE("device_name") ",\"name\":\"printer\",\"how\":\"mdns\","
			      "\"mac\":\"02:00:00:00:00:09\"}\n" },
	{ "attempts", attempts,
	  LINE("attempts") ",\"host\":\"192.168.1.10\",\"side\":\"target\",\"count\":12,"
			   "\"first\":\"2026-03-02T00:00:00.000000Z\","
			   "\"last\":\"2026-03-02T00:00:00.000000Z\"}\n" },
	{ "an epoch", epoch, LINE("epoch") "}\n" },
	{ "a message", message,
	  LINE("http.request") FLOW ",\"from\":\"client\",\"method\":\"GET\","
				    "\"auth\":[\"basic\",\"ntlm\"],"
				    "\"content_length\":18446744073709551615,"
				    "\"password\":true,\"cut\":true}\n" },
	{ "a message that says nothing", answering_message,
	  LINE("http.response") FLOW ",\"from\":\"server\"}\n" },
};

/* The line of `fact`; the caller's to free. */
static char *line_of(const struct fact *fact)
{
	static struct json j;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	json_start(&j, out);
	fact_line(&j, fact);
	json_flush(&j);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void run_case(void **state)
{
	const struct line_case *c = *state;
	struct fact fact = c->fact();
	char *line = line_of(&fact);

	assert_string_equal(line, c->want);
	free(line);
}

static void every_kind_has_a_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FACT_KINDS; i++) {
		struct fact fact = of_flow((enum fact_kind)i);
		char *line = line_of(&fact);

		assert_memory_equal(line, "{\"fact\":\"", 9);
		assert_true(line[9] >= 'a' && line[9] <= 'z');
		free(line);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(cases) + 1] = { 0 };
	size_t n = 0;

	for (; n < ARRAY_LEN(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
						.test_func = run_case,
						.initial_state = &cases[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_kind_has_a_name);
	return cmocka_run_group_tests_name("fact_lines", tests, NULL, NULL);
}
