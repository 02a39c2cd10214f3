/*
 * What a line for people or collectors is made of: a case's body ("hinomi.case/1",
 * sensor/case/case.schema.json), read once. Of the findings only the leading one is here, the one
 * that the case's words are about.
 *
 * All texts are valid UTF-8, borrowed from `root` until case_view_free(); "" is one that is not
 * there. One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/language.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CASE_VIEW_IPS = 8,
	CASE_VIEW_STEPS = 3,
	CASE_VIEW_ATTACKS = 8,
};

struct case_view_words {
	const char *title;
	const char *what;
	const char *do_first[CASE_VIEW_STEPS];
	size_t steps;
	const char *harmless_if;
};

struct case_view_device {
	const char *name;
	const char *label;
	const char *place;
	const char *owner;
	const char *mac;
	const char *ip[CASE_VIEW_IPS];
	size_t ips;
};

/* Client and server in this order; `src_ip` is "" when the finding has no flow. */
struct case_view_flow {
	const char *src_ip;
	const char *dest_ip;
	unsigned src_port;
	unsigned dest_port;
	unsigned protocol; /* IANA number */
	const char *community_id;
	uint64_t flow_id;
	const char *start;
	bool has_ended; /* the counters are known */
	uint64_t bytes_toserver;
	uint64_t bytes_toclient;
	uint64_t pkts_toserver;
	uint64_t pkts_toclient;
};

struct case_view_finding {
	const char *rule;
	const char *kind;
	const char *tactic;
	const char *direction;
	const char *outcome;
	const char *attack[CASE_VIEW_ATTACKS];
	size_t attacks;
	const char *object_kind;
	const char *object_value;
	const char *object_ip;
	unsigned object_port;
	unsigned object_protocol;
	const char *application;
	struct case_view_flow flow; /* the latest */
};

struct case_view {
	const char *id;
	uint64_t revision;
	const char *action;
	const char *state;
	unsigned priority; /* 1 (most urgent) to 3 */
	unsigned impact;
	double confidence;
	const char *cause;
	const char *first; /* RFC 3339, as all times here */
	const char *last;
	uint64_t signals;
	bool is_digest; /* not to be told by itself */
	struct case_view_device device;
	struct case_view_words words[LANGUAGES];
	struct case_view_finding lead;
	void *root;
};

/*
 * ERR_SYNTAX: no case, or without what every line needs: id, revision, priority, times, an English
 * title and one finding with a rule. `*out` is set on ERR_OK only.
 */
MUST_USE enum err case_view_read(const char *body, size_t len, struct case_view *out);
void case_view_free(struct case_view *view);

/* The sensor takes the case back. */
bool case_view_is_closed(const struct case_view *view);
