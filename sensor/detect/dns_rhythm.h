/*
 * Questions about one zone at fixed times whose answers nobody is to use: a program that reports in
 * names. Part of dns_tunnel, which knows the zone.
 *
 * Owner: the detector. One thread. The option dns_rhythm.zones entries of about 1 KiB.
 */
#pragma once

#include "sensor/base/lru_map.h"
#include "sensor/config/config.h"
#include "sensor/detect/detector.h"
#include "sensor/detect/known_names.h"
#include "sensor/detect/rhythm.h"

enum { RHYTHM_NAMES_KEPT = 16 };

struct rhythm_key {
	uint32_t device;
	uint32_t spare;
	uint64_t zone;
};

struct rhythm_zone {
	nanotime first;
	nanotime last;
	nanotime last_round;
	uint32_t rounds; /* questions after a silence of five seconds */
	uint32_t fresh;  /* of them, for a name that was not among the latest */
	uint32_t data;   /* … with a label that looks like data */
	uint32_t carriers;
	uint32_t answers;
	uint32_t lasting; /* of the answers, to be kept for longer than a minute */
	uint32_t empty;   /* with no address to go to: 0.0.0.0, or none */
	uint32_t told;    /* rounds when last told */
	uint8_t flow_count;
	uint8_t spare[3];
	uint32_t names[RHYTHM_NAMES_KEPT];
	uint32_t intervals_ms[RHYTHM_MOST];
	struct signal_flow flows[SIGNAL_FLOWS_MAX];
	char zone[FACT_NAME_LEN];
};

enum { RHYTHM_ZONE_HEAD = offsetof(struct rhythm_zone, names) };

struct dns_rhythm {
	const struct dns_rhythm_config *config;
	struct lru_map *zones;
};

MUST_USE enum err dns_rhythm_start(struct dns_rhythm *self, const struct dns_rhythm_config *config);
void dns_rhythm_stop(struct dns_rhythm *self);

/* One fact of DNS about a zone. `known` has a domain; `is_server` as in dns_data.h. */
void dns_rhythm_observe(struct dns_rhythm *self, const struct observation *seen,
			const struct known_name *known, bool is_server, struct signal_sink *sink);

/* For kept_table. */
void rhythm_zone_tidy(void *value);
bool rhythm_zone_is_sound(const void *key, const void *value);
