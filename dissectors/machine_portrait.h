/*
 * Text in which a machine describes itself, line by line ("User Name: anna", "CPU: …"), as programs
 * write that report what they found on it. No specification: labels that such reports share.
 */
#pragma once

#include "dissectors/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum { PORTRAIT_TAIL = 18, PORTRAIT_BYTES = 8192 /* of a text that are looked at */ };

/* Zeroes are a text's beginning. */
struct machine_portrait {
	uint16_t topics; /* a bit for each, machine_portrait.c's own */
	uint16_t seen;   /* bytes, PORTRAIT_BYTES at most */
	uint8_t tail_len;
	bool is_in_tag;              /* of HTML */
	uint8_t tail[PORTRAIT_TAIL]; /* what stands before, in lower case */
};

/* Takes in what comes next; the same however it is cut. */
void machine_portrait_take(struct machine_portrait *portrait, struct span text);

/* How many different things about the machine were named. */
unsigned machine_portrait_topics(const struct machine_portrait *portrait);
