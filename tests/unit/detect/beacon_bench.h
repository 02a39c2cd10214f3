/* A beacon detector on the bench, and check-ins of a device that it is shown. */
#pragma once

#include "sensor/detect/beacon.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"

#include <math.h>
#include <stdio.h>

enum { USUAL_SIZE = 300, EXACT = 5 /* as a clock */, STRICT = 8, LOOSE = 16 };

/* Who goes where, and what is known of it. */
struct party {
	const char *client;
	const char *server;
	enum direction direction;
	const char *host;
	enum host_source host_source;
	const char *protocol;
	uint16_t port;
	uint8_t transport;
	bool no_dns;
	bool is_group;
	bool is_unanswered;
	bool has_no_device;
	bool is_upload;
};

#define OUTSIDE                  .client = "192.168.1.10", .server = "203.0.113.5", .direction = DIRECTION_OUTBOUND
#define INSIDE                   .client = "192.168.1.10", .server = "192.168.1.20", .direction = DIRECTION_LATERAL
#define BETWEEN(from, to, where) .client = (from), .server = (to), .direction = (where)
#define NAMED                    .host = "c2.example.net", .host_source = HOST_TLS
#define NAMELESS                 .host = ""
#define SPEAKS(word, number, transported) \
	.protocol = (word), .port = (number), .transport = (transported)

static const struct party usual = { OUTSIDE, NAMED, SPEAKS("TLS", 443, TEST_TCP) };

struct trial {
	struct test_bench bench;
	uint64_t flow_id;
	bool is_one_line; /* check-ins go on in one connection */
};

static inline void start(struct trial *t)
{
	t->flow_id = 0;
	t->is_one_line = false;
	test_bench_prepare(&t->bench, &detector_beacon);
	test_bench_start(&t->bench, NULL);
}

static inline struct fact_flow next_flow(struct trial *t, const struct party *p)
{
	return test_flow(++t->flow_id, p->client, p->server, p->port, p->transport);
}

static inline void show(struct trial *t, const struct party *p, const struct fact *fact)
{
	struct observation seen = test_seen(fact);

	seen.direction = p->direction;
	seen.is_group = p->is_group;
	seen.dns_seen = !p->no_dns;
	if (p->has_no_device)
		seen.device = 0;
	test_bench_show(&t->bench, &seen);
}

static inline void check_in(struct trial *t, const struct party *p, double seconds, uint32_t size)
{
	struct fact_flow flow = next_flow(t, p);
	struct fact fact = test_check_in(test_after_seconds(seconds), &flow, size, p->host);
	struct fact_names *names = &fact.check_in.names;

	fact.check_in.is_first = !t->is_one_line;
	fact.check_in.is_answered = !p->is_unanswered;
	fact.check_in.has_data_down = !p->is_unanswered;
	names->host_source = (uint8_t)p->host_source;
	names->is_upload = p->is_upload;
	(void)snprintf(names->protocol, sizeof(names->protocol), "%s", p->protocol);
	show(t, p, &fact);
}

/* Check-ins every `period` seconds; those of `from` are the first's time. */
static inline void check_in_exactly(struct trial *t, const struct party *p, unsigned count,
				    double from, double period)
{
	for (unsigned i = 0; i < count; i++)
		check_in(t, p, from + i * period, USUAL_SIZE);
}

static inline double shares_evenly(unsigned i)
{
	return fmod((i + 1) * 0.6180339887498949, 1); /* each stretch of it fills 0 … 1 evenly */
}

static inline double three_fifths_either_way(unsigned i, double random)
{
	(void)random;
	return 60 * (0.4 + 1.2 * shares_evenly(i));
}
