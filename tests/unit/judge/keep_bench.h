/* One sensor through the processes that it is, and what devices do before it. */
#pragma once

#include "sensor/judge/judge.h"

#include "tests/support/busy_office.h"
#include "tests/support/cmocka.h"
#include "tests/support/facts.h"
#include "tests/support/kept_shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MAX = 64, HOSTS = 10, PORTS = 20, LEAST_CASES = 2 };

/* One sensor, through the processes that it is. */
struct trial {
	struct config config;
	struct intel_sets *indicators;
	struct judge *judge;
	struct kept_shelf *shelf;
	uint64_t flow_id;
	struct change {
		char id[CASE_ID_LEN];
		enum case_change how;
		uint32_t revision;
	} changes[CHANGES_MAX]; /* since they were last looked at */
	size_t change_count;
};

static inline void case_changed(void *arg, const struct case_record *c, enum case_change how)
{
	struct trial *t = arg;
	struct change *change = &t->changes[t->change_count++];

	assert_true(t->change_count <= CHANGES_MAX);
	memcpy(change->id, c->id, CASE_ID_LEN);
	change->how = how;
	change->revision = c->revision;
	assert_int_equal(c->finding_count == 0, how == CASE_WITHDRAWN);
}

static inline void begin(struct trial *t)
{
	const struct judge_setup setup = { .config = &t->config,
					   .indicators = t->indicators,
					   .identity = "office",
					   .case_changed = case_changed,
					   .case_arg = t };

	assert_int_equal(judge_new(&t->judge, &setup), ERR_OK);
}

static inline void start(struct trial *t)
{
	memset(t, 0, sizeof(*t));
	config_defaults(&t->config);
	t->indicators = test_indicators(OFFICE_INDICATORS);
	t->shelf = kept_shelf_new();
	begin(t);
}

/* The indicators are read anew, and stand elsewhere. */
static inline struct judge_restored restart(struct trial *t)
{
	struct intel_sets *before = t->indicators;

	t->indicators = test_indicators(OFFICE_INDICATORS);
	judge_free(t->judge);
	intel_sets_free(before);
	begin(t);
	return kept_shelf_restore(t->shelf, t->judge, false);
}

static inline void stop(struct trial *t)
{
	judge_free(t->judge);
	kept_shelf_free(t->shelf);
	intel_sets_free(t->indicators);
}

static inline const struct case_record *const *cases_of(struct trial *t, size_t want)
{
	size_t count;
	const struct case_record *const *cases = judge_cases(t->judge, &count);

	assert_int_equal(count, want);
	return cases;
}

static inline const struct case_record *case_of(struct trial *t, uint8_t device)
{
	size_t count;
	const struct case_record *const *cases = judge_cases(t->judge, &count);

	for (size_t i = 0; i < count; i++) {
		if (cases[i]->device.mac.bytes[5] == device)
			return cases[i];
	}
	fail_msg("no case of device %u", device);
	return NULL;
}

/* The changes since the last time, "opened found": one fact may not tell a case twice. */
static inline void expect_changes(struct trial *t, const char *want)
{
	static const char *const words[] = { "unchanged", "grew",   "raised",
					     "found",     "opened", "withdrawn" };
	char got[1024] = "";
	size_t at = 0;

	for (size_t i = 0; i < t->change_count; i++)
		at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%s", i > 0 ? " " : "",
				       words[t->changes[i].how]);
	assert_string_equal(got, want);
	t->change_count = 0;
}

static inline struct fact_flow open_flow(struct trial *t, uint8_t device, const char *server,
					 uint16_t port, double seconds)
{
	char client[16];

	(void)snprintf(client, sizeof(client), "192.168.1.%u", device);
	struct fact_flow flow = test_flow(++t->flow_id, client, server, port, TEST_TCP);
	struct fact fact = test_fact(FACT_SIGHTING, test_after_seconds(seconds), &flow);

	flow.first = test_after_seconds(seconds);
	fact.sighting =
		(struct fact_sighting){ .source = flow.client, .source_mac = test_mac(device) };
	judge_take(t->judge, &fact);
	return flow;
}

static inline void contact(struct trial *t, uint8_t device, const char *server, uint16_t port,
			   double seconds, bool is_answered)
{
	struct fact_flow flow = open_flow(t, device, server, port, seconds);
	struct fact fact = test_flow_ended(test_after_seconds(seconds), &flow, is_answered);

	judge_take(t->judge, &fact);
}

static inline void try_hosts(struct trial *t, uint8_t device, unsigned from, unsigned until,
			     double seconds)
{
	char host[16];

	for (unsigned i = from; i < until; i++) {
		(void)snprintf(host, sizeof(host), "192.168.1.%u", 100 + i);
		contact(t, device, host, 445, seconds, false);
	}
}

/* One signal. */
static inline void scan_hosts(struct trial *t, uint8_t device, double seconds)
{
	try_hosts(t, device, 0, HOSTS, seconds);
}

static inline void scan_ports(struct trial *t, uint8_t device, double seconds)
{
	for (unsigned i = 0; i < PORTS; i++)
		contact(t, device, "192.168.1.200", (uint16_t)(100 + i), seconds, false);
}

static inline void contact_listed(struct trial *t, uint8_t device, double seconds)
{
	contact(t, device, "203.0.113.66", 443, seconds, true);
}

static inline void check_in(struct trial *t, uint8_t device, double seconds)
{
	struct fact_flow flow = open_flow(t, device, "203.0.113.5", 4443, seconds);
	struct fact fact = test_check_in(test_after_seconds(seconds), &flow, 300, "");

	(void)snprintf(fact.check_in.names.protocol, FACT_PROTOCOL_LEN, "Unknown");
	judge_take(t->judge, &fact);
}
