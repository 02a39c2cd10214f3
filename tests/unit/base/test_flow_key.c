#include "sensor/base/flow_key.h"

#include "tests/support/cmocka.h"

#include <string.h>

struct key_case {
	const char *name;
	const char *source;
	const char *destination;
	uint16_t source_port;
	uint16_t destination_port;
	bool want_source_is_low;
};

static struct key_case cases[] = {
	{ "the lower address is low", "192.0.2.1", "192.0.2.2", 50000, 443, true },
	{ "the higher address is high", "192.0.2.2", "192.0.2.1", 443, 50000, false },
	{ "the address decides before the port", "192.0.2.1", "192.0.2.2", 65535, 0, true },
	{ "addresses compare as bytes, not as text", "9.0.0.1", "10.0.0.1", 1, 1, true },
	{ "of IPv6 the last byte decides", "2001:db8::2", "2001:db8::1", 1, 2, false },
	{ "one host: the lower port is low", "127.0.0.1", "127.0.0.1", 80, 40000, true },
	{ "one host: the higher port is high", "127.0.0.1", "127.0.0.1", 40000, 80, false },
	{ "one host: ports compare as numbers", "::1", "::1", 0x01ff, 0x0200, true },
	{ "one endpoint to itself is low", "127.0.0.1", "127.0.0.1", 5353, 5353, true },
	{ "no ports", "192.0.2.7", "192.0.2.3", 0, 0, false },
};

static struct address parsed(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, &a), ERR_OK);
	return a;
}

static void run_case(void **state)
{
	const struct key_case *c = *state;
	struct address source = parsed(c->source);
	struct address destination = parsed(c->destination);
	bool source_is_low = !c->want_source_is_low;
	struct flow_key key = flow_key_of(&source, c->source_port, &destination,
					  c->destination_port, &source_is_low);

	assert_int_equal(source_is_low, c->want_source_is_low);
	assert_true(address_equal(&key.low, source_is_low ? &source : &destination));
	assert_true(address_equal(&key.high, source_is_low ? &destination : &source));
	assert_int_equal(key.low_port, source_is_low ? c->source_port : c->destination_port);
	assert_int_equal(key.high_port, source_is_low ? c->destination_port : c->source_port);
	assert_int_equal(key.protocol, 0);
	assert_int_equal(key.ip_version, 0);
	assert_int_equal(key.context, 0);
}

static void run_both_directions(void **state)
{
	const struct key_case *c = *state;
	struct address source = parsed(c->source);
	struct address destination = parsed(c->destination);
	bool is_same_endpoint =
		address_equal(&source, &destination) && c->source_port == c->destination_port;
	bool there;
	bool back;
	struct flow_key a =
		flow_key_of(&source, c->source_port, &destination, c->destination_port, &there);
	struct flow_key b =
		flow_key_of(&destination, c->destination_port, &source, c->source_port, &back);

	assert_true(flow_key_equal(&a, &b));
	assert_int_equal(there == back, is_same_endpoint);
}

static void every_byte_tells_keys_apart(void **state)
{
	struct address low = parsed("192.0.2.1");
	struct address high = parsed("2001:db8::1");
	bool source_is_low;
	struct flow_key key = flow_key_of(&low, 1000, &high, 53, &source_is_low);

	(void)state;
	key.protocol = 17;
	key.ip_version = 6;
	key.context = 300;
	for (size_t i = 0; i < sizeof(key); i++) {
		uint8_t bytes[sizeof(key)];
		struct flow_key other;

		memcpy(bytes, &key, sizeof(key));
		bytes[i] ^= 1;
		memcpy(&other, bytes, sizeof(other));
		assert_false(flow_key_equal(&key, &other));
	}
	assert_true(flow_key_equal(&key, &key));
}

int main(void)
{
	struct CMUnitTest tests[2 * ARRAY_LEN(cases) + 1];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		tests[n++] = (struct CMUnitTest){ .name = cases[i].name,
						  .test_func = run_case,
						  .initial_state = &cases[i] };
		tests[n++] = (struct CMUnitTest){ .name = cases[i].name,
						  .test_func = run_both_directions,
						  .initial_state = &cases[i] };
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_byte_tells_keys_apart);
	return cmocka_run_group_tests_name("flow_key", tests, NULL, NULL);
}
