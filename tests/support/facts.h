/*
 * Facts and observations for tests of what reads them, and a bench that a detector is tried on.
 * Devices of the office are 192.168.1.x, whose MAC is 02:00:00:00:00:x and whose number, where the
 * bench gives it, is x.
 */
#pragma once

#include "sensor/detect/detector.h"

enum { TEST_TCP = 6, TEST_UDP = 17, TEST_ICMP = 1, TEST_SIGNALS_MAX = 64 };

/* 2026-03-02T00:00:00Z, a Monday: tests count from here. */
extern const nanotime test_start;

nanotime test_after_seconds(double seconds);

/* A number that looks random and is the same in each run; `*state` is any but 0. */
uint64_t test_random(uint64_t *state);
/* From 0 up to, not including, 1. */
double test_random_share(uint64_t *state);

struct address test_address(const char *text);
struct mac test_mac(uint8_t last);

/* Its id is `id`, which tells it from others. The client's port is 40000 and something. */
struct fact_flow test_flow(uint64_t id, const char *client, const char *server, uint16_t port,
			   uint8_t protocol);

/* Of a flow that begins then, if it does not say when; all else is zero. */
struct fact test_fact(enum fact_kind kind, nanotime time, const struct fact_flow *flow);

/* `host` may be "". */
struct fact test_check_in(nanotime time, const struct fact_flow *flow, uint32_t payload_len,
			  const char *host);
struct fact test_flow_ended(nanotime time, const struct fact_flow *flow, bool is_answered);

/* Flow 1 … from device 192.168.1.10 to the resolver 192.168.1.1. */
struct fact test_dns_question(nanotime time, const char *name);
struct fact test_dns_answer(nanotime time, const char *name, const char *address);

/* `sender` and `target` are last bytes of 192.168.1.x. */
struct fact test_arp(nanotime time, uint8_t sender, uint8_t target, bool is_request);

/* A list of the lines in `text`, or an assertion. The caller's to free. */
struct intel_sets *test_indicators(const char *text);

/* One detector with default configuration, and what it said. */
struct test_bench {
	struct signal_sink sink; /* first */
	struct config config;
	const struct detector *detector;
	struct suffix_rules *suffixes;
	void *state;
	size_t count; /* of all signals; no more than TEST_SIGNALS_MAX are kept */
	struct signal signals[TEST_SIGNALS_MAX];
};

/* `indicators` is borrowed. The configuration may be changed between prepare and start. */
void test_bench_prepare(struct test_bench *bench, const struct detector *detector);
void test_bench_start(struct test_bench *bench, const struct intel_sets *indicators);
/* As the sensor stops and starts: of its tables what outlives the process comes back. */
void test_bench_restart(struct test_bench *bench, const struct intel_sets *indicators);
void test_bench_stop(struct test_bench *bench);

void test_bench_show(struct test_bench *bench, const struct observation *seen);
void test_bench_finish(struct test_bench *bench);

/* Whether all rows of the detector's tables would come back, in a replay or after a restart. */
bool test_rows_are_sound(const struct test_bench *bench);

/* An outbound observation by the device of its client, with DNS seen. */
struct observation test_seen(const struct fact *fact);

/* The last signal; an assertion when there is none. */
const struct signal *test_bench_last(const struct test_bench *bench);

/* NULL when the signal does not give this reason. */
const struct reason *test_reason(const struct signal *signal, enum reason_code code);
