/*
 * What was asked by ping lately, in each of the flows that pinged last: a reply should carry the
 * same. A tunnel's does not. Plain memory of a bounded number of flows; one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { ECHO_FLOWS = 64, ECHO_REQUESTS = 8 };

struct echo_request {
	uint64_t payload_hash;
	uint32_t id_and_sequence;
};

struct echo_flow {
	uint64_t flow;                               /* its id */
	uint64_t used;                               /* the greater, the later */
	struct echo_request requests[ECHO_REQUESTS]; /* the latest; overwritten in turn */
	uint64_t data_hash; /* of the latest request that carries data, without its head */
	uint32_t request_count;
	uint32_t different; /* requests that carried other data than the one before */
	bool told_request;
	bool told_reply;
	bool told_altered; /* of replies */
	bool told_reused;  /* of requests */
	bool told_data;
};

struct echo_requests {
	uint64_t uses;
	struct echo_flow flows[ECHO_FLOWS];
};

void echo_requests_clear(struct echo_requests *requests);

/* What is kept of `flow`, cleared when nothing was: then it takes the place of the oldest. */
struct echo_flow *echo_requests_of(struct echo_requests *requests, uint64_t flow);
