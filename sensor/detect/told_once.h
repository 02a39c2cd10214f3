/*
 * What has been told of a device, so that a weak signal comes once a day at most. In an LRU map of
 * the detector's, which kept_table keeps as it is. One thread.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_map.h"
#include "sensor/base/nanotime.h"

MUST_USE enum err told_once_new(struct lru_map **out, uint32_t count);

/* Whether `what` is to be told of `device` now; then it has been. */
bool told_once(struct lru_map *told, uint32_t device, const char *what, nanotime now);

/*
 * The same for any key of a map whose values are times (nanotime) alone: whether it is new, or was
 * last told `after` ago or in what is the future by now.
 */
bool told_again(struct lru_map *told, const void *key, nanotime now, nanotime after);

/* For kept_table. */
bool told_once_is_sound(const void *key, const void *value);
