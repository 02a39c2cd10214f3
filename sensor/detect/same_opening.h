/*
 * What a device says first to servers that say nothing: a program that tries one server of its list
 * after the other begins alike with each. Recognised by port and the sizes of its first packets.
 *
 * One thread, in an LRU map of the detector's.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/detect/detector.h"

MUST_USE enum err same_opening_new(struct lru_map **out);

/* How many servers on this port have heard the same, and said nothing; 0 where that is not so. */
uint32_t same_opening_count(struct lru_map *openings, const struct observation *seen);

/* For kept_table. */
bool same_opening_is_sound(const void *key, const void *value);
