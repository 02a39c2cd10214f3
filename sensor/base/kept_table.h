/*
 * How the owner of a bounded table says that its rows are to outlive the process, and are evidence
 * when something is concluded from them: one line for each lru_map, or for a value in place. The
 * judge's keeper does the rest. Whatever a conclusion rests on stands in such a table, so that a
 * capsule holds it.
 *
 * Keys and values are kept as they lie in memory, so they hold no pointers, or such as `tidy`
 * clears and the owner finds anew. Nothing that comes back is trusted before `is_sound`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kept_use {
	KEPT_ALWAYS,    /* it outlives the process, and what was read of it is evidence */
	KEPT_AS_READ,   /* evidence alone: of flows that end with the process, or found anew */
	KEPT_AT_THE_END /* it outlives the process alone: nothing is concluded from it */
};

struct kept_table {
	const char *name; /* "beacon.pairs": in the store, the same for ever; NULL ends a list */
	uint8_t version;  /* one more whenever the same bytes would mean something else */
	enum kept_use use;
	size_t at;   /* in its owner: the struct lru_map *, or the value in place … */
	size_t size; /* … of that many bytes; 0 is a map */
	/* Of a value in place: how many bytes of it count now, the rest is zero. NULL: all. */
	size_t (*in_use)(const void *value);
	/* In a copy: clears what does not count, so that it takes no room. NULL is fine. */
	void (*tidy)(void *value);
	/*
	 * Whether the owner can live with it: counts, enums, flags and texts within bounds. The
	 * disk may be damaged, or written by somebody else.
	 */
	bool (*is_sound)(const void *key, const void *value);
	/* Puts a sound row in where touching its key would not be all; false: refused. */
	bool (*put)(void *owner, const void *key, const void *value);
};

enum { KEPT_VALUE_MAX = 18 << 10, KEPT_KEY_MAX = 32 };

/* Flags read from outside: any byte but 0 and 1 is no bool. */
bool kept_are_flags(const bool *flags, size_t count);

/* A text that ends within `size` and may be shown anywhere (text_from_wire() leaves it as it is).
 */
bool kept_is_text(const char *text, size_t size);

/* For `tidy`: clears what stands behind the text's end. */
void kept_tidy_text(char *text, size_t size);
