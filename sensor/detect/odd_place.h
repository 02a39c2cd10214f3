/*
 * A place on the web that a device asks in an odd way: what is known of it, and how much that
 * speaks for remote control. Pure.
 */
#pragma once

#include "sensor/detect/contact_place.h"

struct odd_place {
	nanotime first;
	nanotime last;
	nanotime told_when;
	double told; /* confidence of what was told last; 0 is nothing */
	uint32_t requests;
	uint32_t bare_posts;
	uint32_t short_answers; /* to those: next to nothing, or "not found" */
	uint32_t posted;        /* bytes of them, as far as told beforehand */
	uint32_t spare;
	uint16_t signs; /* enum http_sign, of any request */
	uint8_t direction;
	uint8_t flow_count;
	bool is_answered;
	bool is_disguised;
	bool is_plain_disguised;
	bool lookup_missed;
	bool has_program;      /* one came from there */
	bool is_false_referer; /* a report claimed to come from a page that was never opened */
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char name[FACT_HOST_LEN];
	char agent[FACT_AGENT_LEN]; /* of the last request with a sign */
};

/* How many kinds of oddities it has shown. */
double odd_place_signs(const struct odd_place *place);

/* What the signal's confidence is, and why: from the prior on. */
void odd_place_weigh(struct signal *s, const struct place_key *key, const struct odd_place *place);

/* … and with how many odd places of the device: programs have one maker and his servers, those that
 * look for an order do not. */
void odd_place_weigh_others(struct signal *s, uint32_t places);

/* For what was kept elsewhere. `value` is a struct odd_place, `key` a struct place_key. */
void odd_place_tidy(void *value);
bool odd_place_is_sound(const void *key, const void *value);
