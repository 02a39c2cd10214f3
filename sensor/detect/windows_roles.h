/*
 * Which machines of the office are what in a Windows domain, as far as their dialogues show it: who
 * answers for the domain, and who administers others by habit. Each detector that asks keeps its
 * own.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

/* From one device to a machine that may never have opened a connection itself, so that the
 * inventory does not know it. */
struct windows_pair {
	uint32_t client; /* device number */
	struct address server;
};

/* By address. */
struct windows_role {
	nanotime last_day; /* the last on which it administered another machine */
	uint32_t days;     /* how many such days there were */
	bool is_controller;
	bool is_member; /* it asks a controller itself */
	uint8_t spare[2];
};

/* A map of `count` devices at most; the caller frees it with lru_map_free(). */
MUST_USE enum err windows_roles_new(struct lru_map **out, uint32_t count);

/* Takes in a FACT_MESSAGE. */
void windows_roles_learn(struct lru_map *roles, const struct observation *seen);

/* Who holds `address` administers another at `when`. */
void windows_roles_administers(struct lru_map *roles, const struct address *address, nanotime when);

/* Zero for one of which nothing is known. */
struct windows_role windows_role_of(struct lru_map *roles, const struct address *address);

/* For kept_table. */
bool windows_role_is_sound(const void *key, const void *value);

/* Likewise: the client of a pair is a device. */
bool windows_pair_is_sound(const struct windows_pair *pair);
