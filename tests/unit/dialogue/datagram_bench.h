/*
 * Tables of datagrams and of packets without a port, each with the lines that are to be told of it
 * (see dialogue_bench.h). Each is also cut at every point: then anything may be told, but nothing
 * behind its end be read.
 */
#pragma once

#include "tests/unit/dialogue/dialogue_bench.h"

struct datagram_case {
	const char *name;
	bool from_client;
	uint16_t port; /* the server's; 0 where `read` is told what it is */
	const char *bytes;
	size_t len;
	const char *lines;
	void (*read)(struct hearing *hearing, struct cursor in);
};

#define BYTES(text) (text), sizeof(text) - 1

/* Of a packet that is no datagram; valid until the next call. */
static inline const char *packet_lines(const struct datagram_case *c, size_t len)
{
	static struct hearing hearing;
	static struct dialogue_bench bench;
	uint8_t *block = malloc(len > 0 ? len : 1);

	assert_non_null(block);
	memcpy(block, c->bytes, len);
	bench.used = 0;
	bench.lines[0] = '\0';
	hearing.time = test_start;
	hearing.from_client = c->from_client;
	hearing.source_mac = test_mac(1);
	hearing.source = test_address("192.168.1.10");
	hearing.told = dialogue_told;
	hearing.told_arg = &bench;
	c->read(&hearing, cursor_over(block, len));
	free(block);
	return bench.lines;
}

static inline const char *datagram_lines(const struct datagram_case *c, size_t len)
{
	if (c->read)
		return packet_lines(c, len);
	return dialogue_datagram(c->from_client, c->port, c->bytes, len);
}

static inline void datagram_run(void **state)
{
	const struct datagram_case *c = *state;

	assert_string_equal(datagram_lines(c, c->len), c->lines);
	for (size_t len = 0; len < c->len; len++)
		(void)datagram_lines(c, len);
}

static inline int datagram_run_all(const char *group, struct datagram_case *cases, size_t count)
{
	enum { CASES_MAX = 32 };
	struct CMUnitTest tests[CASES_MAX] = { 0 };

	assert_true(count <= CASES_MAX);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = datagram_run,
						.initial_state = &cases[i] };
	return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}
