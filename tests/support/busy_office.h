/*
 * Seven minutes of an office in which every detector finds something, and every table of the judge
 * gets entries. The same facts each time but for when they are.
 */
#pragma once

#include "sensor/fact/fact.h"

enum {
	OFFICE_BEACON = 10, /* who does what: last byte of the address, and of the MAC */
	OFFICE_HOST_SCAN = 11,
	OFFICE_PORT_SCAN = 12,
	OFFICE_ARP_SCAN = 13,
	OFFICE_TUNNEL = 14,
	OFFICE_LISTED = 15,
	OFFICE_SHARER = 16,
	OFFICE_ROUTER = 1,
	OFFICE_CASES = 6, /* of all but the sharer and the router */
};

/* What OFFICE_LISTED contacts, as lines of an indicator list. */
#define OFFICE_INDICATORS "evil.example.com\n203.0.113.66\n"

typedef void office_fact_fn(void *arg, const struct fact *fact);

/* From `seconds` after test_start on. `flow_id` is that of the last flow before. */
void busy_office(double seconds, uint64_t *flow_id, office_fact_fn *told, void *arg);
