/*
 * What one side tries at a server of the web: how many attacks, each of its own kind, and how much
 * it asked for in vain. Part of web_attack. One thread; about 200 bytes for each pair.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

enum { TRIAL_TEXTS = 16 };

/* The server is unspecified for all outside that a device tries. */
struct trial_key {
	struct address client;
	struct address server;
};

struct trial {
	nanotime first;
	nanotime last;
	nanotime attacked_at;
	uint64_t attack_flow;        /* of the latest attack, whose answer is awaited */
	uint64_t texts[TRIAL_TEXTS]; /* hashes of different attacks, or of the servers tried */
	uint64_t paths[4];           /* a bit for each path asked for, by its hash */
	struct address first_server;
	uint32_t text_count;
	uint32_t answers;
	uint32_t not_found;
	uint32_t told_not_found;
	uint8_t text; /* enum attack_text: the worst of the latest request */
	uint8_t spare[7];
};

MUST_USE enum err trials_new(struct lru_map **out, uint32_t count);

/* Begun anew when it is older than `window`. Borrowed until forgotten. */
struct trial *trial_touch(struct lru_map *trials, const struct trial_key *key, nanotime now,
			  nanotime window);

/* Counts a hash that is not among the latest; how many there are. */
uint32_t trial_note_text(struct trial *trial, uint64_t hash);

/* Notes the path of a request; how many different ones there are, 256 at most. */
void trial_note_path(struct trial *trial, const char *path);
uint32_t trial_paths(const struct trial *trial);

/* For kept_table. */
bool trial_is_sound(const void *key, const void *value);
