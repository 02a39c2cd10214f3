/*
 * Which programs speak TLS in the office, told apart by JA4 (how they say hello): which device and
 * which place each was seen with. A program that one device alone runs, and that speaks to one
 * place alone, is rare, but only once the device has been watched for long: within an hour every
 * second kind is (tools/measure/calls.py: 53 % in harmless captures, 60 % in others).
 *
 * One thread. 2,048 kinds and 1,024 devices, 40 and 24 bytes each.
 */
#pragma once

#include "sensor/base/err.h"
#include "sensor/base/lru_map.h"
#include "sensor/base/nanotime.h"

#include <stdbool.h>
#include <stdint.h>

struct client_kinds {
	struct lru_map *kinds;   /* hash of the JA4 → struct client_kind */
	struct lru_map *devices; /* device → struct client_device */
};

MUST_USE enum err client_kinds_start(struct client_kinds *kinds);
void client_kinds_stop(struct client_kinds *kinds);

/* `device` said hello to `place` (a name or address) as this kind, which is not 0. */
void client_kinds_note(struct client_kinds *kinds, uint32_t device, uint64_t kind,
		       const char *place, nanotime now);

/* Nobody else in the office has said hello as this kind, nor this device to another place. */
bool client_kinds_is_rare(const struct client_kinds *kinds, uint32_t device, uint64_t kind,
			  nanotime now);

/* For kept_table. */
bool client_kind_is_sound(const void *key, const void *value);
bool client_device_is_sound(const void *key, const void *value);
